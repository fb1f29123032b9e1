import { assert, assertEquals } from "@std/assert";
import { SUBPROTOCOL } from "../../../core/wire.ts";
import { SITE, startTestService } from "../test_service.ts";
import { Probe, upgrade } from "./probe.ts";

/** What may stand in an Origin header, all but the ticket's own `https://bank.example`. */
const FOREIGN_ORIGINS = [
  "null",
  "",
  "*",
  "https://",
  "bank.example",
  "//bank.example",
  "http://bank.example",
  "HTTPS://bank.example",
  "https://BANK.example",
  "https://bank.example/",
  "https://bank.example.",
  "https://bank.example:443",
  "https://bank.example:8443",
  "https://bank.example.evil.example",
  "https://evil.example/https://bank.example",
  "https://evilbank.example",
  "https://www.bank.example",
  "https://bank.example@evil.example",
  "https://evil.example#https://bank.example",
  "https://bank.example https://evil.example",
  "https://bank.example, https://evil.example",
  "https://bank.example%00.evil.example",
  "https://bаnk.example",
  "wss://bank.example",
  "file://",
  "chrome-extension://aapocclcgogkmnckokdopfmhonfmgoek",
  "https://gaitkeeper.example",
  "https://bank.example |",
  "https://bank.example;",
  "https://bank.example,",
  "https://bank.example?",
  "https://bank.example#",
  "https://bank.example\\",
  "https:bank.example",
  "https:/bank.example",
  "https:\\\\bank.example",
  "https://user@bank.example",
  "https://:@bank.example",
  "https://bank.example:0443",
  "https://bank.example:",
  "https://bank%2eexample",
  "https://xn--bnk-5cd.example",
  "https://bank.example.localhost",
  "https://bank-example",
  "https://bankxexample",
  "https://sub.bank.example",
  "https://*.example",
  "https://[::1]",
  "https://127.0.0.1",
  "http://localhost",
  "http://localhost:3000",
  "https://bank.exampl",
  "https://bank.examplee",
  "ttps://bank.example",
  "view-source:https://bank.example",
  "blob:https://bank.example",
  "filesystem:https://bank.example",
  "data:text/html,https://bank.example",
  "javascript://bank.example",
  "about:blank",
  "undefined",
  "null, https://bank.example",
];

Deno.test("serveStreams() refuses every Origin but the ticket's before the upgrade and leaves the ticket unspent", async () => {
  await using service = await startTestService();
  const ticket = await service.mint();
  const protocols = ["Sec-WebSocket-Protocol", `${SUBPROTOCOL}, ${ticket}`] as const;
  for (const origin of FOREIGN_ORIGINS) {
    const { status, head, body } = await upgrade(service, [["Origin", origin], protocols]);
    assertEquals(status, 403, origin);
    assert(/content-type: application\/problem\+json/i.test(head), head);
    assertEquals(JSON.parse(body).code, "origin_refused", origin);
  }
  const missing = await upgrade(service, [protocols]);
  assertEquals([missing.status, JSON.parse(missing.body).code], [403, "origin_refused"]);
  const twice = await upgrade(service, [
    ["Origin", SITE],
    ["Origin", "https://evil.example"],
    protocols,
  ]);
  assert(twice.status === 403 || twice.status === 400, twice.head);

  const probe = await Probe.open(service, ticket);
  assertEquals((await probe.next("resume")).session, "s");
  await probe.close();
});

Deno.test("serveStreams() refuses subprotocols that are not gaitkeeper.v1 and one ticket", async () => {
  await using service = await startTestService();
  const ticket = await service.mint();
  const offers = [
    undefined,
    "",
    SUBPROTOCOL,
    ticket,
    `${SUBPROTOCOL},`,
    `${ticket}, ${SUBPROTOCOL}`,
    `gaitkeeper.v2, ${ticket}`,
    `GAITKEEPER.V1, ${ticket}`,
    `${SUBPROTOCOL}, ${ticket}, extra`,
    `${SUBPROTOCOL}, ${SUBPROTOCOL}, ${ticket}`,
    `extra, ${SUBPROTOCOL}, ${ticket}`,
    `${SUBPROTOCOL} ${ticket}`,
    `${SUBPROTOCOL}; ${ticket}`,
  ];
  for (const offer of offers) {
    const headers = offer === undefined ? [] : [["Sec-WebSocket-Protocol", offer] as const];
    const { status, body } = await upgrade(service, [["Origin", SITE], ...headers]);
    assertEquals([status, JSON.parse(body).code], [400, "request_invalid"], offer);
  }
  const probe = await Probe.open(service, ticket);
  await probe.next("resume");
  await probe.close();
});

Deno.test("serveStreams() echoes gaitkeeper.v1 alone, never the ticket, and takes no ticket from the URL", async () => {
  await using service = await startTestService();
  const ticket = await service.mint();
  const origin = ["Origin", SITE] as const;
  const asked = `/v1/stream?ticket=${ticket}`;
  assertEquals((await upgrade(service, [origin], asked)).status, 400);
  for (const path of ["/", "/v1/stream/", "/v1/streams", "/V1/stream", "//v1/stream", "*"]) {
    const answer = await upgrade(service, [
      origin,
      ["Sec-WebSocket-Protocol", `${SUBPROTOCOL}, ${ticket}`],
    ], path);
    assert(answer.status === 404 || answer.status === 400, `${path}: ${answer.head}`);
  }

  const { status, head, connection } = await upgrade(service, [
    origin,
    ["Sec-WebSocket-Protocol", `${SUBPROTOCOL}, ${ticket}`],
    ["Sec-WebSocket-Extensions", "permessage-deflate"],
  ]);
  assertEquals(status, 101);
  assertEquals(/^sec-websocket-protocol: (.*)$/im.exec(head)?.[1]?.trim(), SUBPROTOCOL);
  assert(!head.includes(ticket));
  assert(!/extensions/i.test(head), "no compression: its cost is the sender's to choose");
  connection.close();
});

Deno.test("serveStreams() takes a ticket once, within 30 s, and closes 4401 otherwise", async () => {
  await using service = await startTestService();
  const ticket = await service.mint();
  const first = await Probe.open(service, ticket);
  await first.next("resume");
  await first.close();
  const late = await service.mint();
  service.clock.nowMs += 30_000;
  for (const refused of [ticket, late, "0".repeat(43), "x"]) {
    const probe = await Probe.open(service, refused);
    assertEquals(await probe.closed, { code: 4401, reason: "ticket_invalid" });
    assertEquals(probe.messages.map(({ type }) => type), ["error"]);
  }
});

Deno.test("serveStreams() lets exactly one of 50 parallel uses of a ticket in", async () => {
  await using service = await startTestService();
  const ticket = await service.mint();
  const probes = await Promise.all(Array.from({ length: 50 }, () => Probe.open(service, ticket)));
  const outcomes = await Promise.all(probes.map((probe) => {
    return Promise.race([
      probe.next("resume").then(() => "in", () => "closed"),
      probe.closed.then(({ code }) => code),
    ]);
  }));
  assertEquals(outcomes.filter((outcome) => outcome === "in").length, 1);
  for (const [i, probe] of probes.entries()) {
    if (outcomes[i] === "in") await probe.close();
    else assertEquals((await probe.closed).code, 4401);
  }
});

Deno.test("serveStreams() keeps a session from the ticket of another subject", async () => {
  await using service = await startTestService();
  const own = await Probe.open(service, await service.mint({ subject: "ada" }));
  await own.next("resume");
  const other = await Probe.open(service, await service.mint({ subject: "eve" }));
  assertEquals((await other.closed).code, 4401);
  await own.reached();
  assertEquals(own.messages.length, 1);
  await own.close();
});
