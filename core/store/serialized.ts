/**
 * Values as bytes, so that they can be sealed: V8's own format, which Deno KV stores values in as well.
 * Only what was authenticated is ever read from it.
 */
import { deserialize, serialize } from "node:v8";

export function toBytes(value: unknown): Uint8Array<ArrayBuffer> {
  return new Uint8Array(serialize(value));
}

export function fromBytes(bytes: Uint8Array): unknown {
  return deserialize(bytes);
}
