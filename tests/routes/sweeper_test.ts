import { assertEquals } from "@std/assert";
import { DEFAULT_TENANT, sessionKey } from "../../core/store/keys.ts";
import { sweepForever } from "../../routes/sweeper.ts";
import { createSessionRecord } from "../core/store/records.ts";
import { createTestDeps } from "./test_service.ts";

const HOUR_MS = 3600_000;

Deno.test("sweepForever() sweeps every tenant at once and every hour, and outlives a failure", async () => {
  using kv = await Deno.openKv(":memory:");
  const { deps, clock, timers } = await createTestDeps(kv);
  const key = sessionKey(DEFAULT_TENANT, "s");
  const put = () => kv.set(key, createSessionRecord("s", { updatedAtMs: 0, expiresAtMs: 1 }));
  const gone = async () => {
    while ((await kv.get(key)).value !== null);
  };
  await put();
  const stop = new AbortController();
  const ended = sweepForever(deps, stop.signal);
  await gone();
  await kv.set(sessionKey(DEFAULT_TENANT, "a"), "unreadable");
  while (timers.elapse(HOUR_MS) === 0) await kv.get(["any"]);
  await kv.delete(sessionKey(DEFAULT_TENANT, "a"));
  await put();
  clock.nowMs += HOUR_MS;
  while ((await kv.get(key)).value !== null) timers.elapse(HOUR_MS);
  stop.abort();
  await ended;
  assertEquals((await kv.get(key)).value, null);
});
