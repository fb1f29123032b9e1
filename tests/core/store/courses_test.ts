import { assertEquals } from "@std/assert";
import { extendCourse } from "../../../core/course.ts";
import { listCourses, setCourse } from "../../../core/store/courses.ts";
import { sessionKey } from "../../../core/store/keys.ts";
import { sweepTenant } from "../../../core/store/sweep.ts";
import { DEFAULT_TENANT_SETTINGS } from "../../../core/tenant.ts";
import { START_MS } from "../live_sessions.ts";
import { createSessionRecord } from "./records.ts";

const DAY_MS = 24 * 3600_000;
const POINT = { atMs: START_MS, evidenceNats: 2, confidence: 0.5, isFresh: false };
const COURSE = extendCourse(undefined, POINT);
const ALL = { nowMs: START_MS, sinceMs: 0, limit: 10 };

async function put(kv: Deno.Kv, session: string, agoMs = 0, tenant = "default") {
  const updatedAtMs = START_MS - agoMs;
  const record = createSessionRecord(session, { updatedAtMs, expiresAtMs: START_MS + DAY_MS });
  const atomic = kv.atomic().set(sessionKey(tenant, session), record);
  setCourse(atomic, tenant, record, COURSE);
  await atomic.commit();
}

const idsOf = async (kv: Deno.Kv, change: Partial<typeof ALL> = {}) => {
  const { courses, isCut } = await listCourses(kv, "default", { ...ALL, ...change });
  return [courses.map(({ session }) => session).join(), isCut];
};

Deno.test("listCourses() reads the newest of one tenant's, and says when there were more", async () => {
  using kv = await Deno.openKv(":memory:");
  for (const [i, id] of ["a", "b", "c"].entries()) await put(kv, id, (2 - i) * DAY_MS);
  await put(kv, "z", 0, "other");
  assertEquals(await idsOf(kv), ["c,b,a", false]);
  assertEquals(await idsOf(kv, { limit: 3 }), ["c,b,a", false]);
  assertEquals(await idsOf(kv, { limit: 2 }), ["c,b", true]);
  assertEquals(await idsOf(kv, { sinceMs: START_MS - DAY_MS }), ["c,b", false]);
  assertEquals(await idsOf(kv, { nowMs: START_MS + DAY_MS }), ["", false]);
  const { courses } = await listCourses(kv, "default", ALL);
  assertEquals(courses[0]?.points, COURSE.points);
});

Deno.test("sweepTenant() takes a session's course with it", async () => {
  using kv = await Deno.openKv(":memory:");
  await put(kv, "old", 3 * DAY_MS);
  await put(kv, "new");
  const retention = { ...DEFAULT_TENANT_SETTINGS.retention, sessions: 2 };
  await sweepTenant(kv, { id: "default", retention }, START_MS);
  assertEquals(await idsOf(kv), ["new", false]);
});
