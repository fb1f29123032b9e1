/**
 * Every row that is a subject's, opened: what is exported to them, and by construction all of it, for
 * whatever lies below the subject or is named there is among it.
 */
import {
  alertHandlingKey,
  alertKey,
  challengeKey,
  checkpointKey,
  courseKey,
  glanceKey,
  outboxKey,
  seenKey,
  sessionKey,
  subjectDataKeyKey,
  subjectKey,
  subjectLinkKey,
  subjectVisitKey,
  ticketKey,
} from "./keys.ts";
import { type DataKey, openValue } from "./vault.ts";

/** A row, and what it is. */
export interface SubjectRow {
  /** `consent`, `profile`, `session`, … */
  readonly kind: string;
  /** Which one, where there are several: `keyboard`, an id. */
  readonly of: string;
  /** As it was stored, opened where it was sealed. */
  readonly value: unknown;
}

/** Rows that are named below the subject and lie elsewhere. */
const NAMED: Readonly<Record<string, (tenant: string, id: string) => readonly Named[]>> = {
  session: (tenant, id) => [
    { kind: "session", key: sessionKey(tenant, id) },
    { kind: "glance", key: glanceKey(tenant, id) },
    { kind: "course", key: courseKey(tenant, id) },
    { kind: "checkpoint", key: checkpointKey(tenant, id) },
  ],
  alert: (tenant, id) => [
    { kind: "alert", key: alertKey(tenant, id) },
    { kind: "handling", key: alertHandlingKey(tenant, id) },
  ],
  ticket: (_, hash) => [{ kind: "ticket", key: ticketKey(hash) }],
  challenge: (_, hash) => [{ kind: "challenge", key: challengeKey(hash) }],
  link: (_, hash) => [{ kind: "link", key: subjectLinkKey(hash) }],
  visit: (_, hash) => [{ kind: "visit", key: subjectVisitKey(hash) }],
};

interface Named {
  readonly kind: string;
  readonly key: Deno.KvKey;
}

/** Keys of all rows that an index row of the subject names. */
export function namedRows(tenant: string, kind: string, id: string): Deno.KvKey[] {
  return (NAMED[kind]?.(tenant, id) ?? []).map(({ key }) => key);
}

/** In the order of their keys. @throws {GaitkeeperError} `template_unreadable` */
export async function* readSubjectRows(
  kv: Deno.Kv,
  dataKey: DataKey,
): AsyncGenerator<SubjectRow> {
  const { tenant, subject } = dataKey;
  const prefix = subjectKey(tenant, subject);
  const dataKeyAt = subjectDataKeyKey(tenant, subject).join();
  for await (const { key, value } of kv.list({ prefix })) {
    // The key that seals the rest is not about anybody.
    if (key.join() === dataKeyAt) continue;
    const [kind, ...rest] = key.slice(prefix.length).map(String);
    const of = rest.join(" ");
    if (kind! in NAMED) {
      for (const named of NAMED[kind!]!(tenant, of)) {
        const { value } = await kv.get(named.key);
        if (value !== null) {
          yield { kind: named.kind, of, value: await opened(named.kind, of, value) };
        }
      }
    } else yield { kind: kind!, of, value: await opened(kind!, of, value) };
  }
  const seen = await kv.get(seenKey(tenant, subject));
  if (seen.value !== null) yield { kind: "seen", of: "", value: { atMs: seen.value } };
  for await (const { value } of kv.list<{ subject?: string }>({ prefix: outboxKey(tenant) })) {
    if (value.subject === subject) yield { kind: "notice", of: "", value };
  }

  /** What is sealed is so as bytes, or with a little about it beside. */
  async function opened(kind: string, of: string, value: unknown): Promise<unknown> {
    // What a deleted key sealed is gone with it.
    const open = (sealed: Uint8Array) =>
      dataKey.versionstamp === null ? null : openValue(dataKey, sealedKind(kind, of), sealed);
    if (value instanceof Uint8Array) return await open(value);
    const { sealed, ...beside } = value as { readonly sealed?: unknown };
    if (!(sealed instanceof Uint8Array)) return value;
    return kind === "challenge" ? beside : { ...beside, opened: await open(sealed) };
  }
}

/** As it was called when it was sealed; numbers are padded in keys alone. */
function sealedKind(kind: string, of: string): string {
  if (kind === "version") return `version ${of.replace(/ 0*/, " ")}`;
  return `${kind === "sketch" ? "sketches" : kind} ${of}`;
}
