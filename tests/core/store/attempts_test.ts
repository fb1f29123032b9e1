import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { GaitkeeperError } from "../../../core/error.ts";
import {
  ACCOUNT_LIMIT,
  admitAttempt,
  forgiveAttempt,
  fromAddress,
} from "../../../core/store/attempts.ts";

const NOW_MS = 1_790_000_000_000;
const ADA = { limit: ACCOUNT_LIMIT, of: "ada@example.com" };

async function isAdmitted(kv: Deno.Kv, by: Parameters<typeof admitAttempt>[1], nowMs: number) {
  try {
    await admitAttempt(kv, by, nowMs);
    return true;
  } catch (error) {
    assert(error instanceof GaitkeeperError && error.code === "attempts_exceeded", String(error));
    return false;
  }
}

Deno.test("admitAttempt() doubles the delay up to an hour, and forgets after a day of quiet", async () => {
  using kv = await Deno.openKv(":memory:");
  let nowMs = NOW_MS;
  for (let i = 0; i < 5; i++) assert(await isAdmitted(kv, [ADA], nowMs));
  const delays = [30, 60, 120, 240, 480, 960, 1920, 3600, 3600].map((s) => 1000 * s);
  for (const delay of delays) {
    assertEquals(await isAdmitted(kv, [ADA], nowMs + delay - 1), false);
    nowMs += delay;
    assert(await isAdmitted(kv, [ADA], nowMs), String(delay));
  }
  nowMs += 25 * 3600_000;
  for (let i = 0; i < 5; i++) assert(await isAdmitted(kv, [ADA], nowMs));
  assertEquals(await isAdmitted(kv, [ADA], nowMs), false);
});

Deno.test("admitAttempt() counts at none of its places where one is closed", async () => {
  using kv = await Deno.openKv(":memory:");
  const eve = fromAddress("192.0.2.1");
  for (let i = 0; i < 5; i++) await admitAttempt(kv, [ADA, eve], NOW_MS);
  // However long somebody hammers at a closed account, the address is not closed by it.
  for (let i = 0; i < 100; i++) assertEquals(await isAdmitted(kv, [ADA, eve], NOW_MS), false);
  for (let i = 0; i < 25; i++) assert(await isAdmitted(kv, [eve], NOW_MS));
  assertEquals(await isAdmitted(kv, [eve], NOW_MS), false);
});

Deno.test("forgiveAttempt() opens the account, and gives an address one attempt back", async () => {
  using kv = await Deno.openKv(":memory:");
  const home = fromAddress("192.0.2.1");
  for (let i = 0; i < 5; i++) await admitAttempt(kv, [ADA, home], NOW_MS);
  await forgiveAttempt(kv, [ADA, home], NOW_MS);
  for (let i = 0; i < 5; i++) assert(await isAdmitted(kv, [ADA], NOW_MS));
  // One's own account, signed in to in between, buys no tries at others.
  for (let i = 0; i < 26; i++) assert(await isAdmitted(kv, [home], NOW_MS), String(i));
  assertEquals(await isAdmitted(kv, [home], NOW_MS), false);
});

Deno.test("admitAttempt() keeps no name and no address readable", async () => {
  using kv = await Deno.openKv(":memory:");
  await admitAttempt(kv, [ADA, fromAddress("192.0.2.1")], NOW_MS);
  for await (const { key, value } of kv.list({ prefix: [] })) {
    assert(!/ada|192\.0/.test(JSON.stringify([key, value])));
  }
});

Deno.test("fromAddress() takes one IPv6 network of 64 bits for one place, however it is spelled", () => {
  const group = fc.integer({ min: 0, max: 0xffff });
  const address = fc.array(group, { minLength: 8, maxLength: 8 });
  fc.assert(fc.property(address, address, (one, two) => {
    const text = (groups: number[]) => groups.map((each) => each.toString(16)).join(":");
    const neighbour = [...one.slice(0, 4), ...two.slice(4)];
    assertEquals(fromAddress(text(one)).of, fromAddress(text(neighbour)).of);
    // The URL parser spells addresses as RFC 5952 wants them, with `::`.
    const short = new URL(`http://[${text(one)}]/`).hostname.slice(1, -1);
    assertEquals(fromAddress(short).of, fromAddress(text(one)).of);
    const isSame = text(one.slice(0, 4)) === text(two.slice(0, 4));
    assertEquals(fromAddress(text(one)).of === fromAddress(text(two)).of, isSame);
  }));
});
