/** A queue of made-up alerts: many open, some looked at, some settled. */
import { handleAlert } from "../../core/store/alert_handlings.ts";
import type { AuditLog } from "../../core/store/audit.ts";
import { DEFAULT_TENANT } from "../../core/store/keys.ts";
import {
  createAlert,
  createSession,
  putSession,
  STRANGE_REASONS,
  subjectName,
} from "./seeded_store.ts";
import { TEST_ACTOR } from "./test_service.ts";

/** How strange they are: critical, high, and barely so. */
const SCALES = [1.4, 1, 0.66];
const STRANGE_NATS = STRANGE_REASONS.reduce((sum, { nats }) => sum + nats, 0);

/** Alerts, newest last; every fourth from the second on acknowledged, every fourth from the third resolved. */
export async function seedAlerts(
  audit: AuditLog,
  count: number,
  by: Parameters<typeof handleAlert>[3] = TEST_ACTOR,
): Promise<string[]> {
  const { kv, nowMs } = audit;
  const ids: string[] = [];
  for (let i = 0; i < count; i++) {
    const scale = SCALES[i % 3]!;
    const told = i % 2 ? STRANGE_REASONS : STRANGE_REASONS.filter(({ key }) => key !== "sequence");
    const nats = STRANGE_NATS / told.reduce((sum, reason) => sum + reason.nats, 0);
    const session = createSession(`01KAPQ5Z6N${String(i).padStart(16, "0")}`, nowMs(), {
      subject: subjectName(i),
      reasons: told.map((reason) => ({ ...reason, nats: scale * nats * reason.nats })),
    });
    const id = `01KAPQ6${String(i).padStart(19, "0")}`;
    await putSession(
      kv,
      session,
      createAlert(session, id, nowMs() - Math.round(41_000 * (count - i) ** 1.3)),
    );
    ids.push(id);
  }
  const change = [undefined, { state: "acknowledged" }, { state: "resolved", verdict: "impostor" }];
  for (const [i, alert] of ids.entries()) {
    const made = change[i % 4] as Parameters<typeof handleAlert>[2] | undefined;
    if (made) await handleAlert(audit, { tenant: DEFAULT_TENANT, alert }, made, by);
  }
  return ids;
}
