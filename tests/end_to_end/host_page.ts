/** A plain page of another origin with the collector in it, and a back end that mints its tickets. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Service } from "../../models/evaluation/service.ts";

const CONSENT = { policyVersion: "1", how: "test" };

const PAGE = `<!doctype html><html lang="en"><title>A site</title>
<script type="module" src="/site.js"></script>
<main><h1>A site</h1><label>Message <textarea id="typing" rows="8" cols="60"></textarea></label></main>`;

const script = (service: string) => `
import { start } from "${service}/collector.js";
start({
  endpoint: "${service}",
  ticket: async () => (await fetch("/ticket", { method: "POST" })).text(),
});`;

export interface HostPage {
  readonly origin: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Serves the page, whose visitor is signed in as `subject` in `session`. */
export async function openHostPage(
  service: Service,
  who: { readonly subject: string; readonly session: string },
): Promise<HostPage> {
  const { origin: serviceOrigin } = service.origin;
  const server = createServer(async (request, response) => {
    if (request.url === "/ticket") {
      response.end(await mint());
      return;
    }
    const isScript = request.url === "/site.js";
    response.writeHead(200, {
      "content-type": isScript ? "text/javascript" : "text/html; charset=utf-8",
    });
    response.end(isScript ? script(serviceOrigin) : PAGE);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const mint = async () => {
    const { ticket } = await ask(service, "POST", "/v1/tickets", {
      ...who,
      origin,
      consent: CONSENT,
    });
    return ticket as string;
  };
  return {
    origin,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What a test cannot wait for: a profile is ready after one session. */
export async function enrolInOneSession(service: Service): Promise<void> {
  await ask(service, "PATCH", "/v1/tenant", { enrolment: { sessions: 1, strong: false } });
}

async function ask({ origin, secretKey }: Service, method: string, path: string, body: unknown) {
  const response = await fetch(new URL(path, origin), {
    method,
    headers: { authorization: `Bearer ${secretKey}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
  return answer;
}
