/** The whole service on a free port: a store in memory, quick models, a clock that tests move. */
import type { ModelSet } from "../../core/models/model_set.ts";
import { AuditLog } from "../../core/store/audit.ts";
import { DEFAULT_TENANT } from "../../core/store/keys.ts";
import { giveConsent } from "../../core/store/consents.ts";
import { getTenant, updateTenant } from "../../core/store/tenants.ts";
import { createTicket, type Ticket } from "../../core/store/tickets.ts";
import type { AppDeps } from "../../routes/deps.ts";
import { prepareInstallation } from "../../routes/installation.ts";
import { PasswordHasher } from "../../routes/operators/passwords.ts";
import { OperatorVault } from "../../routes/operators/vault.ts";
import { deriveAuditKey } from "../../routes/secret_key.ts";
import { serveGaitkeeper } from "../../routes/server.ts";
import type { TraceFolder } from "../../routes/trace_folder.ts";
import { VAULT } from "../core/store/vaults.ts";
import { START_MS } from "../core/live_sessions.ts";
import { SMALL_MODELS } from "../core/small_models.ts";

export const MASTER_KEY = "0".repeat(64);
export const SECRET_KEY = "gk_sk_of-the-tests";
/** Who does what a test prepares. */
export const TEST_ACTOR = { actor: { kind: "service", id: "test" } } as const;

/** Tests hash many passwords; that the product pays more for one has a test of its own. */
export const QUICK_SCRYPT = { logN: 4, r: 8, p: 1 };
/** Origin of the site whose pages open streams. */
export const SITE = "https://bank.example";

/** Delays that end when the test says so. */
export class Timers {
  readonly #waiting = new Set<{ readonly ms: number; readonly end: () => void }>();

  readonly delay = (ms: number, signal: AbortSignal): Promise<void> => {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const timer = { ms, end: () => (this.#waiting.delete(timer), resolve()) };
      this.#waiting.add(timer);
      signal.addEventListener("abort", timer.end, { once: true });
    });
  };

  /** Ends every delay of this length and says how many there were. */
  elapse(ms: number): number {
    const due = [...this.#waiting].filter((timer) => timer.ms === ms);
    for (const { end } of due) end();
    return due.length;
  }
}

export interface TestService {
  readonly deps: AppDeps;
  readonly kv: Deno.Kv;
  readonly clock: { nowMs: number };
  readonly timers: Timers;
  readonly port: number;
  /** Sessions in memory. */
  readonly sessions: () => number;
  /** Resolves when the last session has been let go. */
  readonly idle: () => Promise<void>;
  readonly mint: (grant?: Partial<Ticket>) => Promise<string>;
  /** Ends the server and leaves the store open. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function createTestDeps(kv: Deno.Kv, change: Partial<AppDeps> = {}) {
  const clock = { nowMs: START_MS };
  const timers = new Timers();
  const audit = new AuditLog(kv, await deriveAuditKey(MASTER_KEY), () => clock.nowMs);
  await prepareInstallation(audit, SECRET_KEY);
  await updateTenant(audit, DEFAULT_TENANT, {
    origins: [SITE],
    enrolment: { sessions: 1, strong: false },
  }, TEST_ACTOR);
  const deps: AppDeps = {
    kv,
    models: Promise.resolve(SMALL_MODELS),
    windows: { keyboard: SMALL_MODELS.keyboard.window, pointer: SMALL_MODELS.pointer.window },
    nowMs: () => clock.nowMs,
    random: () => 0.5,
    delay: timers.delay,
    audit,
    vault: VAULT,
    operatorVault: await OperatorVault.open(MASTER_KEY),
    passwords: new PasswordHasher(QUICK_SCRYPT),
    origin: "https://gaitkeeper.example",
    dev: false,
    staticRoot: new URL("../../static", import.meta.url).pathname,
    reportRoot: new URL("../../models/report", import.meta.url).pathname,
    ...change,
  };
  return { deps, clock, timers };
}

/** Puts a subject's consent on record, as their site would. */
export async function consent({ kv, audit }: AppDeps, subject: string): Promise<void> {
  const tenant = (await getTenant(kv, DEFAULT_TENANT))!;
  await giveConsent(audit, tenant, subject, { policyVersion: "1", how: "test" }, TEST_ACTOR);
}

export async function startTestService(
  { models = Promise.resolve(SMALL_MODELS), traces }: {
    readonly models?: Promise<ModelSet>;
    readonly traces?: TraceFolder;
  } = {},
): Promise<TestService> {
  const kv = await Deno.openKv(":memory:");
  const { deps, clock, timers } = await createTestDeps(kv, { models, traces });
  const server = await serveGaitkeeper(deps, { port: 0, hostname: "127.0.0.1" });
  const mint = async (grant: Partial<Ticket> = {}) => {
    const whole = { tenant: DEFAULT_TENANT, subject: "ada", session: "s", origin: SITE };
    const ticket = { ...whole, replay: false, ...grant };
    await consent(deps, ticket.subject);
    return (await createTicket(kv, ticket, clock.nowMs)).secret;
  };
  let stopped: Promise<void> | undefined;
  const stop = () => stopped ??= server.close();
  const end = async () => {
    await stop();
    try {
      kv.close();
    } catch {
      // A test has closed it, to see what the service says then.
    }
  };
  return {
    deps,
    kv,
    clock,
    timers,
    port: server.port,
    sessions: () => server.sessions,
    idle: async () => {
      while (server.sessions > 0) await kv.get(["any"]);
    },
    mint,
    stop,
    [Symbol.asyncDispose]: end,
  };
}
