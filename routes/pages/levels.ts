/** What pages draw risk and enrolment against. */
import { DEFAULT_DECISION_POLICY } from "../../core/decision.ts";
import { PROFILE_SIZE } from "../../core/profile.ts";
import { getTenant } from "../../core/store/tenants.ts";
import type { EnrolmentGoal, LevelBand } from "../../islands/dashboard/live_state.ts";
import type { AppDeps } from "../deps.ts";

export function levelBands(
  { elevated, high, critical } = DEFAULT_DECISION_POLICY.levels,
): LevelBand[] {
  return [
    { level: "low", from: 0, to: elevated.enter },
    { level: "elevated", from: elevated.enter, to: high.enter },
    { level: "high", from: high.enter, to: critical.enter },
    { level: "critical", from: critical.enter, to: 100 },
  ];
}

/** A first window, then a hop for each of the others. */
export function enrolmentGoals(
  { windows: { keyboard, pointer } }: Pick<AppDeps, "windows">,
): EnrolmentGoal[] {
  const movementMs = pointer.activeMs + (PROFILE_SIZE.pointer.ready - 1) * pointer.hopMs;
  return [{
    modality: "keyboard",
    amount: keyboard.least + (PROFILE_SIZE.keyboard.ready - 1) * keyboard.hop,
    unit: "strokes",
  }, {
    modality: "pointer",
    amount: Math.ceil(movementMs / 1000),
    unit: "seconds of movement",
  }];
}

/** By the thresholds that the tenant has set. */
export async function tenantBands(kv: Deno.Kv, tenant: string): Promise<LevelBand[]> {
  return levelBands((await getTenant(kv, tenant))?.policy.levels);
}
