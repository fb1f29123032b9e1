import { assert, assertEquals, assertRejects } from "@std/assert";
import { GaitkeeperError } from "../../../core/error.ts";
import {
  BLOCK_SKETCHES,
  BLOCKS_KEPT,
  SKETCH_WORDS,
} from "../../../core/models/replay/sketch_memory.ts";
import { sketchKey, subjectDataKeyKey, subjectKey } from "../../../core/store/keys.ts";
import {
  getSketches,
  rebaseSketches,
  setSketches,
  type StoredSketches,
} from "../../../core/store/sketches.ts";
import { VAULT } from "./vaults.ts";

const TENANT = "default";
const SUBJECT = "ada";
const DAY_MS = 24 * 3600_000;

const sketchOf = (n: number) => Uint32Array.from({ length: SKETCH_WORDS }, (_, i) => n * 7 + i);

function remember(sketches: StoredSketches, from: number, count: number): void {
  for (let n = from; n < from + count; n++) sketches.memories.keyboard.add(n % 50, sketchOf(n));
}

const knows = (sketches: StoredSketches, n: number) =>
  sketches.memories.keyboard.near(n % 50, sketchOf(n), 0).map(({ place }) => place);

async function load(kv: Deno.Kv, nowMs = 0): Promise<StoredSketches> {
  return await getSketches(kv, await VAULT.dataKey(kv, TENANT, SUBJECT), nowMs);
}

/** As a session commits; `undefined` where another session was faster. */
async function commit(
  kv: Deno.Kv,
  sketches: StoredSketches,
  { session = "s", stream = 1, sequence = 1, nowMs = 0 } = {},
): Promise<StoredSketches | undefined> {
  const dataKey = await VAULT.dataKey(kv, TENANT, SUBJECT);
  const atomic = kv.atomic();
  if (dataKey.versionstamp === null) atomic.set(subjectDataKeyKey(TENANT, SUBJECT), dataKey.row);
  const streams = [[stream, sequence]] as const;
  const stored = await setSketches(atomic, sketches, {
    ...{ dataKey, session, streams, nowMs, keptDays: 10 },
  });
  const result = await atomic.commit();
  return result.ok ? stored(result.versionstamp) : undefined;
}

Deno.test("getSketches() reads what setSketches() wrote, in its order, as one session goes on", async () => {
  using kv = await Deno.openKv(":memory:");
  let sketches = await load(kv);
  for (const [from, count] of [[0, 10], [10, 300], [310, 1], [311, 201]] as const) {
    remember(sketches, from, count);
    sketches = (await commit(kv, sketches))!;
  }
  const read = await load(kv);
  assertEquals(read.memories.keyboard.end, 512);
  assertEquals(read.memories.keyboard.read(0, 512), sketches.memories.keyboard.read(0, 512));
  assertEquals(knows(read, 311), [311]);
});

Deno.test("setSketches() forgets the oldest beyond its bound, and a value stays small", async () => {
  using kv = await Deno.openKv(":memory:");
  const kept = BLOCK_SKETCHES * BLOCKS_KEPT;
  let sketches = await load(kv);
  for (let from = 0; from < kept + 3 * BLOCK_SKETCHES; from += 200) {
    remember(sketches, from, 200);
    sketches = (await commit(kv, sketches))!;
  }
  const read = await load(kv);
  const { first, end } = read.memories.keyboard;
  assertEquals(first % BLOCK_SKETCHES, 0);
  assert(end > kept && end - first > kept - 2 * BLOCK_SKETCHES && end - first <= kept);
  assertEquals([knows(read, first - 1), knows(read, first)], [[], [first]]);
  const rows = await Array.fromAsync(kv.list({ prefix: sketchKey(TENANT, SUBJECT) }));
  assertEquals(rows.length, BLOCKS_KEPT + 1);
  for (const { value } of rows) if (value instanceof Uint8Array) assert(value.length < 8192);
});

Deno.test("setSketches() of two sessions at once keeps what both saw", async () => {
  using kv = await Deno.openKv(":memory:");
  const first = await load(kv);
  remember(first, 0, 5);
  await commit(kv, first);
  const [one, two] = [await load(kv), await load(kv)];
  remember(one, 100, BLOCK_SKETCHES);
  remember(two, 900, 3);
  assert(await commit(kv, one, { session: "a" }));
  assertEquals(await commit(kv, two, { session: "b" }), undefined);
  assert(await commit(kv, rebaseSketches(two, await load(kv)), { session: "b" }));
  const read = await load(kv);
  for (const n of [0, 4, 100, 100 + BLOCK_SKETCHES - 1, 900, 902]) {
    assertEquals(knows(read, n).length, 1, `${n}`);
  }
});

Deno.test("getSketches() sees nothing past its time, and goes on behind it", async () => {
  using kv = await Deno.openKv(":memory:");
  const sketches = await load(kv);
  remember(sketches, 0, 300);
  await commit(kv, sketches);
  assertEquals(knows(await load(kv, 10 * DAY_MS - 1), 5), [5]);
  const late = await load(kv, 10 * DAY_MS);
  assertEquals([knows(late, 5), late.memories.keyboard.end], [[], 512]);
  remember(late, 700, 1);
  await commit(kv, late, { nowMs: 10 * DAY_MS });
  const read = await load(kv, 10 * DAY_MS);
  assertEquals([knows(read, 5), knows(read, 700)], [[], [512]]);
});

Deno.test("getSketches() tells how far the latest streams of every session came, for a month", async () => {
  using kv = await Deno.openKv(":memory:");
  await commit(kv, await load(kv), { session: "a", stream: 11, sequence: 40 });
  await commit(kv, await load(kv), { session: "b", stream: 22, sequence: 7, nowMs: 2 * DAY_MS });
  const read = await load(kv, 2 * DAY_MS);
  assertEquals(read.streams, new Map([[22, 7], [11, 40]]));
  assertEquals((await load(kv, 31 * DAY_MS)).streams, new Map([[22, 7]]));
  for (let n = 0; n < 130; n++) {
    const nowMs = 3 * DAY_MS + n;
    await commit(kv, await load(kv, nowMs), { session: `s${n}`, stream: 1000 + n, nowMs });
  }
  const [newest, ...rest] = (await load(kv, 4 * DAY_MS)).streams.keys();
  assertEquals([newest, rest.length, rest.at(-1)], [1129, 127, 1002]);
});

Deno.test("getSketches() opens no block in another's place, and none of a key that is gone", async () => {
  using kv = await Deno.openKv(":memory:");
  const sketches = await load(kv);
  remember(sketches, 0, 300);
  await commit(kv, sketches);
  const rows = await Array.fromAsync(kv.list({ prefix: sketchKey(TENANT, SUBJECT) }));
  const sealed = rows.filter(({ value }) => value instanceof Uint8Array);
  assertEquals(sealed.length, 2);
  await kv.set(sealed[0]!.key, sealed[1]!.value);
  assertEquals((await assertRejects(() => load(kv), GaitkeeperError)).code, "template_unreadable");

  await kv.delete(subjectDataKeyKey(TENANT, SUBJECT));
  const anew = await load(kv);
  assertEquals(anew.memories.keyboard.end, 0);
  remember(anew, 1, 1);
  await commit(kv, anew);
  assertEquals(knows(await load(kv), 1), [0]);
  assertEquals(subjectKey(TENANT, SUBJECT, "sketch"), sketchKey(TENANT, SUBJECT));
});
