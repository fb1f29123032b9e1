/**
 * How the tenant's sessions went, a small row each, to try other thresholds on. Written in the commit
 * that writes the session itself, and gone with it.
 */
import { z } from "zod";
import type { Course } from "../course.ts";
import { courseKey, coursesKey } from "./keys.ts";
import type { SessionRecord } from "./sessions.ts";

const CourseRow = z.object({
  version: z.literal(1),
  subject: z.string(),
  /** By the server's clock, ms since the epoch. */
  updatedAtMs: z.number(),
  expiresAtMs: z.number(),
  points: z.instanceof(Uint8Array),
});

/** One session's course, as it was found. */
export interface KeptCourse {
  readonly session: string;
  /** See {@linkcode Course}. */
  readonly points: Uint8Array;
}

export function setCourse(
  atomic: Deno.AtomicOperation,
  tenant: string,
  { session, subject, updatedAtMs, expiresAtMs }: SessionRecord,
  { points }: Course,
): void {
  const row: z.infer<typeof CourseRow> = {
    version: 1,
    subject,
    updatedAtMs,
    expiresAtMs,
    points,
  };
  atomic.set(courseKey(tenant, session), row, { expireIn: expiresAtMs - updatedAtMs });
}

/**
 * Courses of sessions heard of since `sinceMs`, newest id first.
 * @param limit rows read at most; `isCut` says that there were more.
 */
export async function listCourses(
  kv: Deno.Kv,
  tenant: string,
  { nowMs, sinceMs, limit }: {
    readonly nowMs: number;
    readonly sinceMs: number;
    readonly limit: number;
  },
): Promise<{ readonly courses: KeptCourse[]; readonly isCut: boolean }> {
  const options = { reverse: true, limit: limit + 1, batchSize: 500 };
  const courses: KeptCourse[] = [];
  let read = 0;
  for await (const { key, value } of kv.list({ prefix: coursesKey(tenant) }, options)) {
    if (++read > limit) break;
    const { updatedAtMs, expiresAtMs, points } = CourseRow.parse(value);
    if (expiresAtMs <= nowMs || updatedAtMs < sinceMs) continue;
    courses.push({ session: String(key.at(-1)), points });
  }
  return { courses, isCut: read > limit };
}
