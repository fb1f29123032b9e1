/** The frame of every page: head, navigation, and what runs in the browser. */
import type { ComponentChildren, ComponentType } from "preact";
import { renderToString } from "preact-render-to-string";

export interface DocumentProps {
  readonly title: string;
  readonly path: string;
  readonly children: ComponentChildren;
}

const PAGES = [["/", "Live"], ["/try", "Try it"], ["/models", "Models"]] as const;

/** A whole HTML document. Nothing in it is inline script or style, so the strictest policy fits. */
export function renderDocument(props: DocumentProps): string {
  return `<!doctype html>${renderToString(<Document {...props} />)}`;
}

function Document({ title, path, children }: DocumentProps) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · Gaitkeeper`}</title>
        <link rel="icon" href="/static/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/static/styles.css" />
      </head>
      <body>
        <a class="skip" href="#main">Skip to content</a>
        <header class="top">
          <a class="brand" href="/">
            <img src="/static/icon.svg" width="26" height="26" alt="" />
            Gaitkeeper
          </a>
          <nav aria-label="Pages">
            {PAGES.map(([href, name]) => (
              <a key={href} href={href} aria-current={href === path ? "page" : undefined}>{name}</a>
            ))}
          </nav>
        </header>
        <main id="main" tabindex={-1}>{children}</main>
      </body>
    </html>
  );
}

export interface IslandProps<Props extends object> {
  /** Of `islands/<name>.tsx`, which hydrates it. */
  readonly name: string;
  readonly component: ComponentType<Props>;
  readonly props: Props;
}

/** A part of the page that comes to life in the browser, with its props beside it as plain data. */
export function Island<Props extends object>({ name, component, props }: IslandProps<Props>) {
  const Component = component;
  // A data block is no script, but its text must not be able to end it.
  const json = JSON.stringify(props).replaceAll("<", "\\u003c");
  return (
    <>
      <div id={name} class="island">
        <Component {...props} />
      </div>
      <script
        type="application/json"
        id={`${name}-props`}
        dangerouslySetInnerHTML={{ __html: json }}
      />
      <script type="module" src={`/build/${name}.js`}></script>
    </>
  );
}
