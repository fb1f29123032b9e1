import { assert, assertEquals } from "@std/assert";
import { followTenant, type TenantChanges } from "../../../core/store/feed.ts";
import { GLANCE_LIFE_MS, glanceOf } from "../../../core/store/glances.ts";
import { bellKey, glanceKey } from "../../../core/store/keys.ts";
import { createSessionRecord } from "./records.ts";

const NOW_MS = 1_700_000_000;
/** A poll that never comes: what is seen was seen by the watch alone. */
const noPoll = (_ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve());
  });
/** A poll that is always due. */
const pollAtOnce = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

async function write(kv: Deno.Kv, session: string, strokes: number, tenant = "default") {
  const record = createSessionRecord(session, { strokes, updatedAtMs: NOW_MS + strokes });
  await kv.atomic().set(glanceKey(tenant, session), glanceOf(record))
    .set(bellKey(tenant), record.updatedAtMs).commit();
}

const seen = ({ value }: IteratorResult<TenantChanges>) =>
  (value as TenantChanges).sessions.map(({ session, strokes }) => `${session} ${strokes}`);

/** One database, two handles, as two isolates of one host have. */
async function withTwoHandles(use: (one: Deno.Kv, other: Deno.Kv) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    using one = await Deno.openKv(`${folder}/kv`);
    using other = await Deno.openKv(`${folder}/kv`);
    await use(one, other);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("followTenant() gives all that is there, then what changes, and only that", async () => {
  using kv = await Deno.openKv(":memory:");
  await write(kv, "a", 1);
  await write(kv, "b", 2);
  await write(kv, "z", 3, "other");
  const abort = new AbortController();
  const options = { nowMs: () => NOW_MS, delay: noPoll };
  const feed = followTenant(kv, "default", abort.signal, options);
  assertEquals(seen(await feed.next()), ["b 2", "a 1"]);
  await write(kv, "a", 10);
  assertEquals(seen(await feed.next()), ["a 10"]);
  abort.abort();
  assertEquals((await feed.next()).done, true);
});

Deno.test("followTenant() sees what another handle of the store changed", async () => {
  await withTwoHandles(async (one, other) => {
    const abort = new AbortController();
    const options = { nowMs: () => NOW_MS, delay: pollAtOnce };
    const feed = followTenant(one, "default", abort.signal, options);
    assertEquals(seen(await feed.next()), []);
    const next = feed.next();
    await write(other, "a", 1);
    assertEquals(seen(await next), ["a 1"]);
    abort.abort();
    assertEquals((await feed.next()).done, true);
  });
});

/** The store with another watch, counting how often it is read. */
function withWatch(kv: Deno.Kv, watch: () => ReadableStream): { kv: Deno.Kv; reads: () => number } {
  let reads = 0;
  const proxy = new Proxy(kv, {
    get: (target, name) => {
      if (name === "watch") return watch;
      if (name === "get") reads++;
      const member = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  return { kv: proxy, reads: () => reads };
}

const silent = () => new ReadableStream();
const ended = () => new ReadableStream({ start: (controller) => controller.close() });
const failed = () => new ReadableStream({ start: (controller) => controller.error(new Error()) });

Deno.test("followTenant() goes on by its poll when the watch is silent, ends or fails", async () => {
  for (const watch of [silent, ended, failed]) {
    using kv = await Deno.openKv(":memory:");
    const abort = new AbortController();
    const options = { nowMs: () => NOW_MS, delay: pollAtOnce };
    const feed = followTenant(withWatch(kv, watch).kv, "default", abort.signal, options);
    assertEquals(seen(await feed.next()), []);
    const next = feed.next();
    await pollAtOnce();
    await write(kv, "a", 1);
    assertEquals(seen(await next), ["a 1"]);
    abort.abort();
    assertEquals((await feed.next()).done, true);
  }
});

Deno.test("followTenant() does not spin when the watch has ended", async () => {
  for (const watch of [ended, failed]) {
    using kv = await Deno.openKv(":memory:");
    const watched = withWatch(kv, watch);
    const abort = new AbortController();
    const options = { nowMs: () => NOW_MS, delay: noPoll };
    const feed = followTenant(watched.kv, "default", abort.signal, options);
    await feed.next();
    const waiting = feed.next();
    for (let turn = 0; turn < 20; turn++) await pollAtOnce();
    assert(watched.reads() <= 3, `${watched.reads()} reads`);
    abort.abort();
    await waiting;
  }
});

Deno.test("followTenant() ends while it waits, when it is aborted", async () => {
  using kv = await Deno.openKv(":memory:");
  const abort = new AbortController();
  const options = { nowMs: () => NOW_MS, delay: noPoll };
  const feed = followTenant(kv, "default", abort.signal, options);
  await feed.next();
  const waiting = feed.next();
  abort.abort();
  assertEquals((await waiting).done, true);
});

Deno.test("followTenant() says which sessions are gone, and forgets those whose time is over", async () => {
  using kv = await Deno.openKv(":memory:");
  await write(kv, "a", 1);
  await write(kv, "b", 2);
  const abort = new AbortController();
  let nowMs = NOW_MS;
  const feed = followTenant(kv, "default", abort.signal, { nowMs: () => nowMs, delay: noPoll });
  assertEquals(seen(await feed.next()), ["b 2", "a 1"]);
  await kv.atomic().delete(glanceKey("default", "a")).set(bellKey("default"), "erased").commit();
  assertEquals((await feed.next()).value!.gone, ["a"]);
  nowMs += GLANCE_LIFE_MS + 10;
  await write(kv, "c", 3);
  assertEquals(seen(await feed.next()), []);
  abort.abort();
  assertEquals((await feed.next()).done, true);
});

Deno.test("followTenant() rests between two readings, however often the bell is rung", async () => {
  using kv = await Deno.openKv(":memory:");
  const abort = new AbortController();
  const rests: (() => void)[] = [];
  const delay = (ms: number, signal: AbortSignal) =>
    ms === 7 ? new Promise<void>((resolve) => rests.push(resolve)) : noPoll(ms, signal);
  const options = { nowMs: () => NOW_MS, delay, restMs: 7 };
  const feed = followTenant(kv, "default", abort.signal, options);
  await feed.next();
  const next = feed.next();
  for (let strokes = 1; strokes <= 5; strokes++) await write(kv, "a", strokes);
  await pollAtOnce();
  assertEquals(rests.length, 1);
  rests[0]!();
  assertEquals(seen(await next), ["a 5"]);
  abort.abort();
  await feed.return(undefined);
});
