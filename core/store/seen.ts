/** When a subject last began a session: what has not been used for long is kept no longer. */
import { z } from "zod";
import { seenKey, seenOfAllKey } from "./keys.ts";

const AtMs = z.number();

/** Ms since the epoch by the server's clock; `Infinity` for who never was. */
export async function getSeen(kv: Deno.Kv, tenant: string, subject: string): Promise<number> {
  const { value } = await kv.get(seenKey(tenant, subject));
  return value === null ? Infinity : AtMs.parse(value);
}

/** A subject, and the row that says when they were seen, to be checked by what rests on it. */
export interface Idle {
  readonly subject: string;
  readonly entry: Deno.KvEntry<unknown>;
}

/** Subjects who have not been seen since `beforeMs`. */
export async function* listIdle(
  kv: Deno.Kv,
  tenant: string,
  beforeMs: number,
): AsyncGenerator<Idle> {
  for await (const entry of kv.list({ prefix: seenOfAllKey(tenant) })) {
    if (AtMs.parse(entry.value) < beforeMs) yield { subject: String(entry.key.at(-1)), entry };
  }
}
