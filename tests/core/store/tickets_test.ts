import { assert, assertEquals, assertRejects } from "@std/assert";
import { GaitkeeperError } from "../../../core/error.ts";
import {
  consumeTicket,
  createTicket,
  findTicket,
  TICKET_LIFE_MS,
} from "../../../core/store/tickets.ts";

const NOW_MS = 1.7e12;
const GRANT = {
  tenant: "default",
  subject: "ada",
  session: "s",
  origin: "https://bank.example",
  replay: false,
};

async function assertInvalid(work: Promise<unknown>) {
  const error = await assertRejects(() => work, GaitkeeperError);
  assertEquals((error as GaitkeeperError).code, "ticket_invalid");
}

Deno.test("consumeTicket() returns what createTicket() bound, exactly once", async () => {
  using kv = await Deno.openKv(":memory:");
  const { secret, expiresAtMs } = await createTicket(kv, { ...GRANT, acr: "silver" }, NOW_MS);
  assertEquals(expiresAtMs, NOW_MS + TICKET_LIFE_MS);
  assertEquals(await findTicket(kv, secret, NOW_MS), await findTicket(kv, secret, NOW_MS));
  const ticket = await consumeTicket(kv, secret, NOW_MS);
  assertEquals(ticket, { version: 1, ...GRANT, acr: "silver", expiresAtMs });
  await assertInvalid(consumeTicket(kv, secret, NOW_MS));
  await assertInvalid(findTicket(kv, secret, NOW_MS));
});

Deno.test("consumeTicket() lets exactly one of 50 parallel uses win", async () => {
  using kv = await Deno.openKv(":memory:");
  for (let round = 0; round < 5; round++) {
    const { secret } = await createTicket(kv, GRANT, NOW_MS);
    const uses = Array.from({ length: 50 }, () => consumeTicket(kv, secret, NOW_MS));
    const outcomes = await Promise.allSettled(uses);
    assertEquals(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
  }
});

Deno.test("a ticket ends with its 30 s even while its row is still there", async () => {
  using kv = await Deno.openKv(":memory:");
  const { secret } = await createTicket(kv, GRANT, NOW_MS);
  await findTicket(kv, secret, NOW_MS + TICKET_LIFE_MS - 1);
  await assertInvalid(findTicket(kv, secret, NOW_MS + TICKET_LIFE_MS));
  await assertInvalid(consumeTicket(kv, secret, NOW_MS + TICKET_LIFE_MS));
});

Deno.test("createTicket() makes secrets of 256 bits, never two alike, and stores none of them", async () => {
  using kv = await Deno.openKv(":memory:");
  const secrets = new Set<string>();
  for (let i = 0; i < 200; i++) secrets.add((await createTicket(kv, GRANT, NOW_MS)).secret);
  assertEquals(secrets.size, 200);
  // A WebSocket subprotocol must be a token of RFC 9110.
  for (const secret of secrets) assert(/^[A-Za-z0-9_-]{43}$/.test(secret), secret);
  let stored = "";
  for await (const { key, value } of kv.list({ prefix: [] })) {
    stored += JSON.stringify([key, value]);
  }
  for (const secret of secrets) assert(!stored.includes(secret));
  for (const wrong of ["", "x", [...secrets][0]!.toLowerCase(), `${[...secrets][0]}A`]) {
    await assertInvalid(consumeTicket(kv, wrong, NOW_MS));
  }
});
