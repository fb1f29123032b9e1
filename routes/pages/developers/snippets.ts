/** What a site puts on its pages to be watched, with this service's and the tenant's own values. */

/** Where the values of a tenant's examples come from. */
export interface ExampleValues {
  /** Public origin of this service. */
  readonly service: string;
  /** Origin of the site's pages. */
  readonly site: string;
}

/** A file of an example: what it is called, and what stands in it. */
export interface ExampleFile {
  readonly id: string;
  readonly name: string;
  readonly code: string;
}

/** Where the examples' back end listens while no origin was allowed yet. */
export const LOCAL_SITE = "http://localhost:8080";

/** A whole page, for who begins with nothing; of one that is there already, the script tag alone counts. */
export function pageExample(): ExampleFile {
  return {
    id: "page",
    name: "index.html",
    code: `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>My site</title>
    <script type="module" src="/behaviour.js"></script>
  </head>
  <body>
    <h1>My site</h1>
    <label>Write something<br><textarea rows="8" cols="60"></textarea></label>
  </body>
</html>
`,
  };
}

/** The collector, and Gaitkeeper's own step-up dialog beside it. */
export function scriptExample({ service }: ExampleValues): ExampleFile {
  return {
    id: "script",
    name: "behaviour.js",
    code: `import { start } from "${service}/collector.js";
import { offerStepUp } from "${service}/step-up.js";

const endpoint = "${service}";

// Every connection takes a new ticket, so this is a function.
async function ticket() {
  const answer = await fetch("/gaitkeeper-ticket", { method: "POST" });
  if (!answer.ok) throw new Error(\`No ticket: \${answer.status}\`);
  return answer.text();
}

// Once the person has agreed to it: before this nothing is captured or sent.
const collector = start({ endpoint, ticket });
collector.addEventListener("state", ({ detail }) => console.log(detail.state, detail.code ?? ""));

// Asks for a passkey or a code when the risk says so.
const stepUp = offerStepUp(collector, { endpoint, ticket });
stepUp.addEventListener("passed", ({ detail }) => console.log("passed", detail.acr));
stepUp.addEventListener("closed", () => console.log("closed without a proof: sign them out here"));
stepUp.addEventListener("problem", ({ detail }) => console.log("problem", detail.code));
`,
  };
}

/** What a page with a Content-Security-Policy has to add to it. */
export function policyExample({ service }: ExampleValues): string {
  const socket = service.replace(/^http/, "ws");
  return `script-src 'self' ${service}; connect-src 'self' ${service} ${socket}`;
}

/** How a back end asks what is thought of a session. */
export function readExample({ service }: ExampleValues): string {
  return `curl -H "Authorization: Bearer $GAITKEEPER_SECRET_KEY" \\
  ${service}/v1/sessions
`;
}
