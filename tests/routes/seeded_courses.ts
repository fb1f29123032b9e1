/** Sessions that are over, as the core would have kept how they went; some with an alert and a verdict. */
import { type Course, extendCourse } from "../../core/course.ts";
import { seededRandom } from "../../core/random.ts";
import { handleAlert, type Verdict } from "../../core/store/alert_handlings.ts";
import type { AuditLog } from "../../core/store/audit.ts";
import { setCourse } from "../../core/store/courses.ts";
import { alertKey, DEFAULT_TENANT } from "../../core/store/keys.ts";
import { DEFAULT_TENANT_SETTINGS } from "../../core/tenant.ts";
import { createAlert, createSession, STRANGE_REASONS } from "./seeded_store.ts";
import { TEST_ACTOR } from "./test_service.ts";

const { prior } = DEFAULT_TENANT_SETTINGS.policy;
const PRIOR_NATS = Math.log(prior / (1 - prior));
const MINUTE_MS = 60_000;

/** A session of which the risk went like this, a point every ten seconds. */
export async function seedCourse(
  { kv, nowMs }: Pick<AuditLog, "kv" | "nowMs">,
  session: string,
  risks: readonly number[],
  { agoMs = 0, confidence = 0.9, tenant = DEFAULT_TENANT } = {},
): Promise<void> {
  const endMs = nowMs() - agoMs;
  let course: Course | undefined;
  for (const [i, risk] of risks.entries()) {
    course = extendCourse(course, {
      atMs: endMs - 10_000 * (risks.length - i),
      evidenceNats: Math.log(risk / (100 - risk)) - PRIOR_NATS,
      confidence,
      isFresh: false,
    });
  }
  const record = createSession(session, endMs);
  const expiresAtMs = endMs + DEFAULT_TENANT_SETTINGS.retention.sessions * 24 * 60 * MINUTE_MS;
  const atomic = kv.atomic();
  setCourse(atomic, tenant, { ...record, expiresAtMs }, course!);
  await atomic.commit();
}

/** An alert of the session, and what people said of it. */
export async function seedVerdict(
  audit: AuditLog,
  session: string,
  verdict: Verdict,
): Promise<void> {
  const { kv, nowMs } = audit;
  const record = createSession(session, nowMs(), { reasons: STRANGE_REASONS });
  const alert = `alert-${session}`;
  await kv.set(alertKey(DEFAULT_TENANT, alert), createAlert(record, alert, nowMs()));
  const which = { tenant: DEFAULT_TENANT, alert };
  await handleAlert(audit, which, { state: "resolved", verdict }, TEST_ACTOR);
}

/** A month of a site: mostly calm, some odd days, and a few that were taken over. */
export async function seedMonth(audit: AuditLog, genuine: number, impostors: number) {
  const random = seededRandom(29);
  for (let i = 0; i < genuine + impostors; i++) {
    const session = `s${String(i).padStart(5, "0")}`;
    const isImpostor = i >= genuine;
    const odd = random() ** (isImpostor ? 0.4 : 9);
    const risks = Array.from({ length: 20 }, (_, at) => {
      const share = Math.max(0, (at - 11) / 8);
      return Math.min(99, Math.max(0.2, 1 + 3 * random() + 97 * share * odd));
    });
    await seedCourse(audit, session, risks, { agoMs: i * MINUTE_MS });
    if (isImpostor) await seedVerdict(audit, session, "impostor");
    else if (i % 97 === 5) await seedVerdict(audit, session, "genuine");
  }
}
