/** The frame of every page: head, navigation, and what runs in the browser. */
import type { ComponentChildren, ComponentType } from "preact";
import { renderToString } from "preact-render-to-string";
import { can, type Permission } from "../../core/permission.ts";
import type { OperatorSession } from "../../core/store/operator_sessions.ts";

export interface DocumentProps {
  readonly title: string;
  readonly path: string;
  /** Who is signed in; nobody on the pages that lead there. */
  readonly operator?: OperatorSession | undefined;
  readonly children: ComponentChildren;
}

const PAGES: readonly (readonly [href: string, name: string, wants?: Permission])[] = [
  ["/", "Live", "sessions:read"],
  ["/alerts", "Alerts", "alerts:read"],
  ["/subjects", "Subjects", "subjects:read"],
  ["/policy", "Policy", "tenant:read"],
  ["/quality", "Quality", "tenant:read"],
  ["/developers", "Developers", "tenant:read"],
  ["/try", "Try it"],
  ["/operators", "Operators", "operators:manage"],
];

/** A whole HTML document. Nothing in it is inline script or style, so the strictest policy fits. */
export function renderDocument(props: DocumentProps): string {
  return `<!doctype html>${renderToString(<Document {...props} />)}`;
}

function Document({ title, path, operator, children }: DocumentProps) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · Gaitkeeper`}</title>
        <link rel="icon" href="/static/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/build/styles.css" />
        <script type="module" src="/build/page.js"></script>
      </head>
      <body>
        <a class="skip" href="#main">Skip to content</a>
        <header class="top">
          <a class="brand" href="/">
            <img src="/static/icon.svg" width="26" height="26" alt="" />
            Gaitkeeper
          </a>
          {operator && <Navigation operator={operator} path={path} />}
        </header>
        {operator?.method === "dev" && (
          <aside class="dev-notice" aria-label="How you are signed in">
            Dev signed this browser in as its owner, because it runs on this machine.{" "}
            <code>deno task start</code> never does.
          </aside>
        )}
        <main id="main" tabindex={-1}>{children}</main>
      </body>
    </html>
  );
}

function Navigation({ operator, path }: { operator: OperatorSession; path: string }) {
  const current = (href: string) => isWithin(path, href) ? "page" as const : undefined;
  return (
    <>
      <nav aria-label="Pages">
        {PAGES.filter(([, , wants]) => !wants || can(operator.role, wants)).map(([href, name]) => (
          <a key={href} href={href} aria-current={current(href)}>{name}</a>
        ))}
      </nav>
      <div class="who">
        <a href="/account" aria-current={current("/account")} title={operator.email}>
          {operator.name}
        </a>
        <form method="post" action="/sign-out">
          <button type="submit" class="button button-small">Sign out</button>
        </form>
      </div>
    </>
  );
}

/** Whether a page is this entry's or lies under it: a session is looked at from the live page. */
function isWithin(path: string, href: string): boolean {
  if (href === "/") return path === "/" || path.startsWith("/sessions/");
  return path === href || path.startsWith(`${href}/`);
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
