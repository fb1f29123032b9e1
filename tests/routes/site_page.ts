/** A page of the tenant's site, as far as the service can tell: it has tickets and an origin. */
import { TOTP } from "otpauth";
import { DEFAULT_TENANT } from "../../core/store/keys.ts";
import { createTicket, type Ticket } from "../../core/store/tickets.ts";
import { createApp } from "../../routes/app.ts";
import type { AppDeps } from "../../routes/deps.ts";
import { playSession, START_MS, takeover } from "../core/live_sessions.ts";
import { SMALL_MODELS } from "../core/small_models.ts";
import type { Answer } from "./api_client.ts";
import { consent, createTestDeps, SITE } from "./test_service.ts";

export interface SitePage {
  readonly deps: AppDeps;
  readonly kv: Deno.Kv;
  readonly clock: { nowMs: number };
  readonly app: ReturnType<typeof createApp>;
  readonly ticket: (grant?: Partial<Ticket>) => Promise<string>;
  readonly post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<Answer>;
}

export const STRONG = { acr: "aal2" };

export async function withSitePage(run: (page: SitePage) => Promise<void>): Promise<void> {
  using kv = await Deno.openKv(":memory:");
  const { deps, clock } = await createTestDeps(kv);
  const app = createApp(deps);
  await consent(deps, "ada");
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await app.request(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", Origin: SITE, ...headers },
      body: JSON.stringify(body),
    });
    const retryAfter = response.headers.get("Retry-After");
    const answer = { ...await response.json(), ...retryAfter ? { retryAfter } : {} };
    return { status: response.status, body: answer };
  };
  const ticket = async (grant: Partial<Ticket> = {}) => {
    const whole = { tenant: DEFAULT_TENANT, subject: "ada", session: "s", origin: SITE };
    return (await createTicket(kv, { ...whole, replay: false, ...grant }, clock.nowMs)).secret;
  };
  await run({ deps, kv, clock, app, ticket, post });
}

/** Lets somebody take the subject's session over, until that is noticed. */
export async function alarm({ deps, clock }: SitePage, session = "s"): Promise<void> {
  const { strokes } = takeover(400, 300);
  const live = { ...deps, models: SMALL_MODELS, clock };
  const identity = { tenant: DEFAULT_TENANT, subject: "ada", session };
  const { decision } = await playSession(live, strokes, identity);
  if (decision.action !== "step_up") throw new Error("The takeover went unnoticed");
  clock.nowMs = Math.max(clock.nowMs, START_MS + 3600_000);
}

/** Registers an authenticator app; its codes, `steps` of 30 s from now. */
export async function enrolTotp(page: SitePage) {
  const ticket = await page.ticket({ ...STRONG, session: "enrolling" });
  const { body } = await page.post("/v1/factors", { ticket, kind: "totp" });
  const totp = new TOTP({ secret: body.secret, algorithm: "SHA1", digits: 6, period: 30 });
  const code = (steps = 0) => totp.generate({ timestamp: page.clock.nowMs + 30_000 * steps });
  const answer = await page.post(`/v1/factors/${body.challenge}`, { totp: code() });
  // The code that registered it is used up.
  page.clock.nowMs += 60_000;
  return { code, answer };
}

/** Asks for a step-up; the challenge. */
export async function askStepUp(page: SitePage): Promise<Answer["body"]> {
  return (await page.post("/v1/step-up", { ticket: await page.ticket() })).body;
}
