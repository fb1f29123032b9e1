import { assertEquals } from "@std/assert";
import { Backoff } from "../../../islands/collector/backoff.ts";

Deno.test("Backoff doubles its upper bound up to 30 s", () => {
  const backoff = new Backoff(() => 1);
  const delays = Array.from({ length: 8 }, () => backoff.nextMs());
  assertEquals(delays, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
});

Deno.test("Backoff spreads its delays from 0 to the bound", () => {
  const shares = [0, 0.5, 0.25];
  const backoff = new Backoff(() => shares.shift()!);
  assertEquals([backoff.nextMs(), backoff.nextMs(), backoff.nextMs()], [0, 1000, 1000]);
});

Deno.test("Backoff waits longer for a service that is busy", () => {
  assertEquals(new Backoff(() => 1).nextMs(true), 16_000);
});

Deno.test("Backoff begins anew after a reset", () => {
  const backoff = new Backoff(() => 1);
  for (let i = 0; i < 5; i++) backoff.nextMs();
  backoff.reset();
  assertEquals(backoff.nextMs(), 1000);
});
