/** The frame of a subject's own page: nothing of the dashboard, and no way into it. */
import type { ComponentChildren } from "preact";
import { renderToString } from "preact-render-to-string";
import { WORDS } from "./words.ts";

export interface MeDocumentProps {
  readonly title: string;
  /** Name of the site whose user it is; nobody's where that is not known. */
  readonly site?: string | undefined;
  readonly children: ComponentChildren;
}

/** A whole HTML document; it needs no script, which only writes times as the reader does. */
export function renderMeDocument({ title, site, children }: MeDocumentProps): string {
  return `<!doctype html>${
    renderToString(
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <meta name="robots" content="noindex" />
          <title>{site ? `${title} · ${site}` : title}</title>
          <link rel="icon" href="/static/icon.svg" type="image/svg+xml" />
          <link rel="stylesheet" href="/build/styles.css" />
          <script type="module" src="/build/page.js"></script>
        </head>
        <body>
          <header class="top">
            <span class="brand">
              <img src="/static/icon.svg" width="26" height="26" alt="" />
              {site ?? "Gaitkeeper"}
            </span>
            {site && <span class="hint">by Gaitkeeper</span>}
          </header>
          <main id="main" class="me">{children}</main>
        </body>
      </html>,
    )
  }`;
}

/**
 * What a link shows for the moment that its secret takes from the address into a cookie. It loads
 * nothing, so that nothing is asked for with the secret as where it came from, and has no way back.
 */
export function renderGoing(next: string): string {
  return `<!doctype html>${
    renderToString(
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="referrer" content="no-referrer" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <link rel="icon" href="data:," />
          <title>{WORDS.going.title}</title>
        </head>
        <body>
          <main>
            <h1>{WORDS.going.title}</h1>
            <p>
              <a href={next}>{WORDS.going.link}</a>
            </p>
          </main>
        </body>
      </html>,
    )
  }`;
}
