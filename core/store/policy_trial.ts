/** Trying settings on the tenant's own sessions of late. */
import { type PolicySimulation, simulatePolicy } from "../policy_simulation.ts";
import type { Tenant, TenantPolicy } from "../tenant.ts";
import { listCourses } from "./courses.ts";
import { listSessionVerdicts } from "./verdicts.ts";

export interface PolicyTrial extends PolicySimulation {
  /** Sessions that were looked at, with those of which nobody can tell who they were. */
  readonly sessions: number;
  /** There were more; the newest were looked at. */
  readonly isCut: boolean;
  /** Looked back so far. */
  readonly days: number;
  /** Sessions with a verdict of which too little is kept to decide about them again. */
  readonly apart: number;
}

/** A tenant may keep its sessions for less. */
const LOOKED_BACK_DAYS = 30;
/** What is decided about again in a fraction of a second. */
const LOOKED_AT = 5000;
const DAY_MS = 24 * 3600_000;

/** `present` settings are those of `tenant`. */
export async function tryPolicy(
  kv: Deno.Kv,
  { id, policy: present, retention }: Pick<Tenant, "id" | "policy" | "retention">,
  proposed: TenantPolicy,
  nowMs: number,
): Promise<PolicyTrial> {
  const days = Math.min(LOOKED_BACK_DAYS, retention.sessions);
  const [{ courses, isCut }, verdicts] = await Promise.all([
    listCourses(kv, id, { nowMs, sinceMs: nowMs - days * DAY_MS, limit: LOOKED_AT }),
    listSessionVerdicts(kv, id, nowMs),
  ]);
  const verdictOf = (session: string) => verdicts.get(session);
  const simulation = simulatePolicy({ sessions: courses, verdictOf, present, proposed });
  const kept = new Set(courses.map(({ session }) => session));
  const apart = isCut ? 0 : [...verdicts.keys()].filter((session) => !kept.has(session)).length;
  return { ...simulation, sessions: courses.length, isCut, days, apart };
}
