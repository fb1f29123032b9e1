/**
 * The audit log: what operators, API keys and subjects did, a chain of entries a tenant. Each entry
 * carries a keyed hash over itself and the one before it, so that whoever can write the store but has
 * not the master key cannot edit, drop, reorder or append an entry unseen.
 */
import { encodeHex } from "@std/encoding/hex";
import { z } from "zod";
import { GaitkeeperError } from "../error.ts";
import { auditEntriesKey, auditEntryKey, auditHeadKey } from "./keys.ts";
import type { Page, PageRequest } from "./sessions.ts";

/** A `subject`, who acts on what is kept of themselves, is named by a pseudonym in the log. */
export const Actor = z.object({
  kind: z.enum(["operator", "api_key", "service", "subject"]),
  id: z.string(),
});
export type Actor = z.infer<typeof Actor>;

/** Something that was done. */
export interface Act {
  readonly actor: Actor;
  /** What, in the past tense: `tenant.changed`. */
  readonly action: string;
  /** What it was done to. A `subject` is named by a pseudonym in the log. */
  readonly target: { readonly kind: string; readonly id: string };
  /** Address that it came from. */
  readonly from?: string | undefined;
  readonly before?: unknown;
  readonly after?: unknown;
}

export const AuditEntry = z.object({
  version: z.literal(1),
  /** 1, 2, 3, … within the tenant. */
  sequence: z.number().int().positive(),
  atMs: z.number(),
  actor: Actor,
  action: z.string(),
  target: z.object({ kind: z.string(), id: z.string() }),
  from: z.string().optional(),
  /** JSON texts, so that what is hashed is what is stored. */
  before: z.string().optional(),
  after: z.string().optional(),
  /** Hash of the entry before; of the first, empty. */
  previous: z.string(),
  /** HMAC-SHA-256 over all of the above, hex. */
  hash: z.string(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

const Head = z.object({ sequence: z.number().int(), hash: z.string() });

/** What {@linkcode AuditLog.verify} found. */
export interface AuditVerdict {
  /** Entries that are sound, from the first. */
  readonly sound: number;
  /** The first fault there is. */
  readonly fault?: { readonly sequence: number; readonly what: string };
}

/** Times an act is tried again when another one came first. */
const RACES = 100;
const LIST_BATCH = 200;

/** Hands the atomic operation back with what the act writes. */
type Write = (atomic: Deno.AtomicOperation) => Deno.AtomicOperation;

export class AuditLog {
  /** @param key HMAC-SHA-256, derived from the master key. */
  constructor(
    readonly kv: Deno.Kv,
    readonly key: CryptoKey,
    readonly nowMs: () => number,
  ) {}

  /**
   * Commits what an act writes together with its entry: neither is ever there without the other.
   * @returns false, and nothing written, when a check of `write`'s own failed.
   * @throws {GaitkeeperError} `store_conflict` when others kept coming first.
   */
  async record(tenant: string, act: Act, write: Write = (atomic) => atomic): Promise<boolean> {
    const headKey = auditHeadKey(tenant);
    let head = await this.kv.get(headKey);
    for (let race = 0; race < RACES; race++) {
      const entry = await this.#entry(tenant, act, headOf(head.value));
      const atomic = this.kv.atomic().check(head)
        .set(headKey, { sequence: entry.sequence, hash: entry.hash })
        .set(auditEntryKey(tenant, entry.sequence), entry);
      if ((await write(atomic).commit()).ok) return true;
      const now = await this.kv.get(headKey);
      // Nobody else has written here, so it was the act's own check.
      if (now.versionstamp === head.versionstamp) return false;
      head = now;
    }
    throw new GaitkeeperError("store_conflict", "Cannot record act: the audit log keeps growing");
  }

  /** Newest first. */
  async list(tenant: string, { cursor, limit }: PageRequest): Promise<Page<AuditEntry>> {
    const entries = this.kv.list({ prefix: auditEntriesKey(tenant) }, {
      reverse: true,
      limit,
      ...cursor ? { cursor } : {},
    });
    const items: AuditEntry[] = [];
    try {
      for await (const { value } of entries) items.push(AuditEntry.parse(value));
    } catch (cause) {
      if (!cursor || !(cause instanceof TypeError)) throw cause;
      throw new GaitkeeperError("request_invalid", "Cannot list: cursor must be a list's own", {
        cause,
      });
    }
    return items.length === limit ? { items, cursor: entries.cursor } : { items };
  }

  /**
   * Walks a tenant's chain from its first entry to its head. It finds an entry that was edited, taken
   * out, moved or added. What it cannot find is the whole log put back as it once was.
   */
  async verify(tenant: string): Promise<AuditVerdict> {
    const head = headOf((await this.kv.get(auditHeadKey(tenant))).value);
    const entries = this.kv.list({ prefix: auditEntriesKey(tenant) }, { batchSize: LIST_BATCH });
    let [sound, previous] = [0, ""];
    const fault = (what: string) => ({ sound, fault: { sequence: sound + 1, what } });
    for await (const { key, value } of entries) {
      const parsed = AuditEntry.safeParse(value);
      if (!parsed.success) return fault("the entry is unreadable");
      const entry = parsed.data;
      if (key.at(-1) !== sound + 1) return fault("the entry is missing");
      if (entry.sequence !== sound + 1) return fault("the entry is out of its order");
      if (entry.previous !== previous) return fault("the entry does not follow the one before it");
      if (await this.#hash(tenant, entry) !== entry.hash) return fault("the entry was edited");
      // Written after this walk had begun, perhaps; the head says no more of it.
      if (entry.sequence === head.sequence && entry.hash !== head.hash) {
        return fault("the entry is not the one that the head names");
      }
      sound++;
      previous = entry.hash;
    }
    return sound < head.sequence ? fault("the entry is missing") : { sound };
  }

  /** How a subject is called in the tenant's log: 128 bits of a keyed hash of the id, hex. */
  async pseudonymOf(tenant: string, subject: string): Promise<string> {
    return (await this.#mac(["subject", tenant, subject])).slice(0, 32);
  }

  async #entry(
    tenant: string,
    { actor, action, target, from, before, after }: Act,
    head: z.infer<typeof Head>,
  ): Promise<AuditEntry> {
    const named = async <Who extends { readonly kind: string; readonly id: string }>(who: Who) =>
      who.kind === "subject" ? { ...who, id: await this.pseudonymOf(tenant, who.id) } : who;
    const entry = {
      version: 1 as const,
      sequence: head.sequence + 1,
      atMs: this.nowMs(),
      actor: await named(actor),
      action,
      target: await named({ kind: target.kind, id: target.id }),
      ...from === undefined ? {} : { from },
      ...before === undefined ? {} : { before: JSON.stringify(before) },
      ...after === undefined ? {} : { after: JSON.stringify(after) },
      previous: head.hash,
    };
    return { ...entry, hash: await this.#hash(tenant, entry) };
  }

  #hash(tenant: string, entry: Omit<AuditEntry, "hash">): Promise<string> {
    const { version, sequence, atMs, actor, action, target, from, before, after, previous } = entry;
    const said = [actor.kind, actor.id, action, target.kind, target.id, from, before, after];
    // An absent field is `null`, which no text is.
    return this.#mac(["entry", tenant, version, sequence, atMs, previous, ...said]);
  }

  async #mac(fields: readonly unknown[]): Promise<string> {
    const bytes = new TextEncoder().encode(JSON.stringify(fields));
    return encodeHex(await crypto.subtle.sign("HMAC", this.key, bytes));
  }
}

function headOf(value: unknown): z.infer<typeof Head> {
  return value === null ? { sequence: 0, hash: "" } : Head.parse(value);
}
