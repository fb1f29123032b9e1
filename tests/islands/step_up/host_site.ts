/**
 * A site with a page under a strict policy, and the real service on another origin: the page loads
 * the collector and the step-up dialog from there, and its back end mints tickets.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DEFAULT_TENANT } from "../../../core/store/keys.ts";
import { updateTenant } from "../../../core/store/tenants.ts";
import { createTicket, type Ticket } from "../../../core/store/tickets.ts";
import { abortableDelay } from "../../../routes/delay.ts";
import type { AppDeps } from "../../../routes/deps.ts";
import { serveGaitkeeper } from "../../../routes/server.ts";
import { playSession, takeover } from "../../core/live_sessions.ts";
import { SMALL_MODELS } from "../../core/small_models.ts";
import { consent, createTestDeps, TEST_ACTOR } from "../../routes/test_service.ts";

const SUBJECT = "ada";
const SESSION = "s";

const PAGE = `<!doctype html><html lang="en"><title>A bank</title>
<link rel="stylesheet" href="/site.css"><script type="module" src="/site.js"></script>
<main><h1>A bank</h1><p><label>Message <input id="message"></label></p>
<p>Your payments of this month, and what they were for.</p></main></html>`;

/** Rules of a careless site, none of which may reach the dialog. */
const SITE_CSS = `body{font:16px/1.5 Georgia,serif;margin:2rem;background:#fbfaf6;color:#222}
@media (prefers-color-scheme:dark){body{background:#14161a;color:#ddd}}
button,input,h2,p{letter-spacing:.05em}gaitkeeper-step-up{display:none;font-size:3rem}`;

/** What the page's own script does, as a site would write it. */
const siteScript = (service: string) => `
import { start } from "${service}/collector.js";
import { enrolFactor, offerStepUp } from "${service}/step-up.js";
const endpoint = "${service}";
const ticket = async (strong = "") => (await fetch("/ticket" + strong, { method: "POST" })).text();
const site = globalThis.site = {
  told: [], shortcuts: 0, offer: undefined, enrolled: undefined,
  begin(texts) {
    site.collector = start({ endpoint, ticket: () => ticket(), flushMs: 250 });
    site.collector.addEventListener("action", ({ detail }) => site.told.push(["action", detail]));
    site.follow({ texts });
  },
  follow(options) {
    site.offer = offerStepUp(site.collector ?? new EventTarget(),
      { endpoint, ticket: () => ticket(), ...options });
    for (const type of ["passed", "closed", "problem"]) {
      site.offer.addEventListener(type, ({ detail }) => site.told.push([type, detail]));
    }
  },
  enrol(kind, name) {
    const onProblem = (problem) => site.told.push(["problem", problem]);
    const options = { endpoint, ticket: () => ticket("?strong"), kind, name, onProblem };
    void enrolFactor(options).then((factor) => site.told.push(["enrolled", factor]));
  },
};
document.addEventListener("keydown", () => site.shortcuts++);
addEventListener("error", ({ message }) => site.told.push(["error", message]));
addEventListener("unhandledrejection", ({ reason }) => site.told.push(["error", String(reason)]));
document.documentElement.dataset.ready = "";
`;

export interface HostSite {
  /** The page's, and the service's, which are two. */
  readonly origin: string;
  readonly serviceOrigin: string;
  readonly deps: AppDeps;
  readonly clock: { offsetMs: number };
  /** Lets somebody take the subject's session over, until that is noticed. */
  alarm(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function openHostSite(): Promise<HostSite> {
  const kv = await Deno.openKv(":memory:");
  // Browsers tell their own time, so the service's is about the same.
  const clock = { offsetMs: 0 };
  const nowMs = () => Date.now() + clock.offsetMs;
  const { deps } = await createTestDeps(kv, { nowMs, delay: abortableDelay });
  await consent(deps, SUBJECT);
  const service = await serveGaitkeeper(deps, { port: 0, hostname: "127.0.0.1" });
  const serviceOrigin = `http://localhost:${service.port}`;
  const policy = [
    "default-src 'none'",
    `script-src 'self' ${serviceOrigin}`,
    "style-src 'self'",
    `connect-src 'self' ${serviceOrigin} ${serviceOrigin.replace("http", "ws")}`,
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
  const site = createServer(async (request, response) => {
    const files: Record<string, [type: string, content: () => string | Promise<string>]> = {
      "/": ["text/html; charset=utf-8", () => PAGE],
      "/site.css": ["text/css", () => SITE_CSS],
      "/site.js": ["text/javascript", () => siteScript(serviceOrigin)],
      "/ticket": ["text/plain", () => mint({})],
      "/ticket?strong": ["text/plain", () => mint({ session: "enrolling", acr: "aal2" })],
    };
    const file = files[request.url!];
    const headers = {
      "content-type": file?.[0] ?? "text/plain",
      "content-security-policy": policy,
    };
    response.writeHead(file ? 200 : 204, headers);
    response.end(await file?.[1]());
  });
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  const origin = `http://localhost:${(site.address() as AddressInfo).port}`;
  await updateTenant(deps.audit, DEFAULT_TENANT, { origins: [origin] }, TEST_ACTOR);
  const mint = async (grant: Partial<Ticket>) => {
    const whole = { tenant: DEFAULT_TENANT, subject: SUBJECT, session: SESSION, origin };
    return (await createTicket(kv, { ...whole, replay: false, ...grant }, nowMs())).secret;
  };
  const alarm = async () => {
    const { strokes } = takeover(400, 300);
    const last = strokes.at(-1)!;
    const shiftMs = nowMs() - last.timeMs - last.holdMs - 1000;
    const events = strokes.map((stroke) => ({ ...stroke, timeMs: stroke.timeMs + shiftMs }));
    const own = { nowMs: 0 };
    const live = { ...deps, models: SMALL_MODELS, clock: own, nowMs: () => own.nowMs };
    const identity = { tenant: DEFAULT_TENANT, subject: SUBJECT, session: SESSION };
    const { decision } = await playSession(live, events, identity);
    if (decision.action !== "step_up") throw new Error("The takeover went unnoticed");
  };
  const end = async () => {
    site.closeAllConnections();
    await new Promise((resolve) => site.close(resolve));
    await service.close();
    kv.close();
  };
  return { origin, serviceOrigin, deps, clock, alarm, [Symbol.asyncDispose]: end };
}
