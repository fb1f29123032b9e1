/** `GET /docs`: the API's own OpenAPI document as pages are read. Public, as the document is. */
import type { Hono as HonoApp } from "hono";
import { Hono } from "hono";
import { type ApiDocument, describeApi } from "../api_document.ts";
import type { AppDeps } from "../deps.ts";
import { operatorSessionOf } from "../middleware/operator_cookie.ts";
import { pageOrigin } from "../operators/deps.ts";
import { PROBLEM_STATUS } from "../problem.ts";
import { renderDocument } from "../views/document.tsx";
import { OperationView } from "./docs/operation_view.tsx";
import { PROBLEM_WORDS } from "./docs/problem_words.ts";
import { filterOperations, groupOperations, type OperationGroup } from "./docs/reference.ts";
import { Words } from "./docs/schema_view.tsx";

/** Characters of what is looked for. */
const LONGEST_SOUGHT = 100;

export function createDocsPage(api: HonoApp, deps: AppDeps) {
  return new Hono().get("/docs", async (c) => {
    const document = await describeApi(api);
    const sought = (c.req.query("q") ?? "").trim().slice(0, LONGEST_SOUGHT);
    return c.html(renderDocument({
      title: "API reference",
      path: "/docs",
      operator: await operatorSessionOf(deps, c),
      children: <DocsPage document={document} service={pageOrigin(deps, c)} sought={sought} />,
    }));
  });
}

interface DocsProps {
  readonly document: ApiDocument;
  readonly service: string;
  /** What operations are filtered by; empty shows all. */
  readonly sought: string;
}

function DocsPage({ document, service, sought }: DocsProps) {
  const groups = filterOperations(groupOperations(document), sought);
  const found = groups.reduce((sum, { operations }) => sum + operations.length, 0);
  return (
    <div class="docs">
      <header class="docs-head">
        <h1>API reference</h1>
        <p>
          <Words text={document.info.description ?? ""} />
        </p>
        <p>
          A request carries <code>Authorization: Bearer gk_sk_…</code>, a key made at{" "}
          <a href="/developers">Developers</a>. For tools:{" "}
          <a href="/v1/openapi.json">openapi.json</a> (OpenAPI {document.openapi}).
        </p>
        <Filter sought={sought} found={found} />
      </header>
      <Contents groups={groups} />
      <div class="docs-main">
        {groups.map(({ name, operations }) => (
          <section key={name} class="docs-group" aria-labelledby={name}>
            <h2 id={name}>{title(name)}</h2>
            {operations.map((operation) => (
              <OperationView key={operation.id} operation={operation} service={service} />
            ))}
          </section>
        ))}
        <Problems />
      </div>
    </div>
  );
}

/** A form that asks the server, so that it works without script. */
function Filter({ sought, found }: { readonly sought: string; readonly found: number }) {
  return (
    <>
      <form class="docs-filter" action="/docs" role="search" aria-label="Operations">
        <label for="sought">Filter by path, word, scope or problem code</label>
        <input
          id="sought"
          name="q"
          type="search"
          value={sought}
          maxLength={LONGEST_SOUGHT}
          autocomplete="off"
        />
        <button type="submit" class="button button-small">Filter</button>
        {sought && <a href="/docs">Show all</a>}
      </form>
      {sought && (
        <p role="status">
          {found === 0 ? "No operation" : found === 1 ? "One operation" : `${found} operations`}
          {` for “${sought}”.`}
        </p>
      )}
    </>
  );
}

function Contents({ groups }: { readonly groups: readonly OperationGroup[] }) {
  return (
    <nav class="docs-contents" aria-label="Operations">
      <ul>
        {groups.map(({ name, operations }) => (
          <li key={name}>
            <a href={`#${name}`}>{title(name)}</a>
            <ul>
              {operations.map(({ id, summary }) => (
                <li key={id}>
                  <a href={`#${id}`}>{summary}</a>
                </li>
              ))}
            </ul>
          </li>
        ))}
        <li>
          <a href="#problems">Problem codes</a>
        </li>
      </ul>
    </nav>
  );
}

/** Every code, for who has one before them. */
function Problems() {
  const codes = Object.entries({ ...PROBLEM_STATUS, internal: 500 })
    .sort(([a], [b]) => a < b ? -1 : 1);
  return (
    <section class="docs-group" aria-labelledby="problems">
      <h2 id="problems">Problem codes</h2>
      <div class="panel">
        <p>
          An answer that is no success is a problem (RFC 9457):{" "}
          <code>{`{"type", "title", "status", "code", "detail"}`}</code>. Branch on{" "}
          <code>code</code>; it never changes its meaning.
        </p>
        <table class="rows-stacked problems">
          <thead>
            <tr>
              <th scope="col">Code</th>
              <th scope="col">Status</th>
              <th scope="col">What it means</th>
            </tr>
          </thead>
          <tbody>
            {codes.map(([code, status]) => (
              <tr key={code} id={`problem-${code}`}>
                <th scope="row">
                  <code>{code}</code>
                </th>
                <td>{status}</td>
                <td>
                  <Words text={PROBLEM_WORDS[code as keyof typeof PROBLEM_WORDS] ?? ""} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** "step-up" is "Step-up". */
function title(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
