import { assert, assertEquals } from "@std/assert";
import { TOTP } from "otpauth";
import { DEFAULT_TENANT, outboxNoticeKey } from "../../core/store/keys.ts";
import type { StreamEvent } from "../../core/wire.ts";
import { createTypist } from "../../islands/try/generated_typist.ts";
import { createApp } from "../../routes/app.ts";
import { framesOf, START_MS } from "../core/live_sessions.ts";
import { Probe, settle } from "./stream/probe.ts";
import { SECRET_KEY, SITE, startTestService, type TestService } from "./test_service.ts";
import { withTraceFolder } from "./trace_folders.ts";

/** An id that nothing else in the store is like. */
const SUBJECT = "canary-7f3a9";
const BYSTANDER = "bystander-1c2d8";

function ask({ port }: TestService, method: string, path: string) {
  return fetch(`http://127.0.0.1:${port}/v1/subjects/${path}`, {
    method,
    headers: { Authorization: `Bearer ${SECRET_KEY}` },
  });
}

/** Types as one person until they are known, then as another until that is noticed. */
async function live(service: TestService, subject: string, session: string, traces: boolean) {
  const probe = await Probe.open(service, await service.mint({ subject, session, traces }));
  const own = createTypist(1).type(400, START_MS);
  const other = createTypist(2).type(300, own.at(-1)!.timeMs + 2000);
  const frames = framesOf([...own, ...other] as StreamEvent[]);
  for (const frame of frames) {
    service.clock.nowMs = Math.ceil(Math.max(...frame.events.map(({ timeMs }) => timeMs)));
    probe.send(frame);
    await probe.reached();
  }
  await probe.next("action");
  await settle(service, probe, 0);
  return probe;
}

/** Rows of the whole store in which a text stands, in the key or anywhere in the value. */
async function rowsWith(kv: Deno.Kv, text: string): Promise<string[]> {
  const bytes = new TextEncoder().encode(text);
  const holds = (value: unknown): boolean => {
    if (typeof value === "string") return value.includes(text);
    if (value instanceof Uint8Array) return value.join().includes(bytes.join());
    return typeof value === "object" && value !== null &&
      Object.entries(value).some(([name, inner]) => name.includes(text) || holds(inner));
  };
  const found: string[] = [];
  for await (const { key, value } of kv.list({ prefix: [] })) {
    if (key.some((part) => holds(part)) || holds(value)) found.push(key.join("/"));
  }
  return found;
}

Deno.test("DELETE /v1/subjects/:subject leaves no row of the subject in the whole store", async () => {
  await withTraceFolder(async (traces) => {
    await using service = await startTestService({ traces });
    const { kv } = service;
    const probe = await live(service, SUBJECT, "s", true);
    await probe.close();
    await service.idle();
    await (await live(service, BYSTANDER, "t", false)).close();
    const ticket = await service.mint({ subject: SUBJECT });
    await kv.set(outboxNoticeKey(DEFAULT_TENANT, "1"), { subject: SUBJECT });
    const again = await Probe.open(service, await service.mint({ subject: SUBJECT }));
    await again.next("resume");

    const kinds = (await rowsWith(kv, SUBJECT)).join();
    for (const kind of ["session", "alert", "checkpoint", "profile", "consent", "ticket", "seen"]) {
      assert(kinds.includes(kind), `${kind} in ${kinds}`);
    }
    const before = (await rowsWith(kv, BYSTANDER)).length;
    const response = await ask(service, "DELETE", SUBJECT);
    assertEquals(response.status, 200);
    const receipt = await response.json();
    assertEquals((await again.closed).reason, "consent_missing");
    assertEquals(await rowsWith(kv, SUBJECT), []);
    assertEquals((await rowsWith(kv, BYSTANDER)).length, before);
    assertEquals((await traces.files()).length, 0);
    assertEquals([receipt.traces, receipt.rows > 8], [1, true]);

    // What came before it opens nothing, and the log knows them by a pseudonym.
    assertEquals((await (await Probe.open(service, ticket)).closed).code, 4401);
    const { items } = await service.deps.audit.list(DEFAULT_TENANT, { limit: 50 });
    const erased = items.find(({ action }) => action === "subject.erased")!;
    assertEquals(erased.target.id, receipt.pseudonym);
    assert(erased.after?.includes(receipt.receipt));
    assertEquals((await service.deps.audit.verify(DEFAULT_TENANT)).fault, undefined);
    const second = await ask(service, "DELETE", SUBJECT);
    assertEquals([second.status, (await second.json()).code], [404, "not_found"]);
  });
});

Deno.test("a session that is live elsewhere writes nothing of a subject who was erased", async () => {
  await using service = await startTestService();
  const probe = await Probe.open(service, await service.mint({ subject: SUBJECT }));
  const frames = framesOf(createTypist(1).type(40, START_MS));
  for (const frame of frames.slice(0, 4)) probe.send(frame);
  await settle(service, probe, 0);
  probe.send(frames[4]!);
  await probe.reached();
  // Another process erases: this one is told nothing.
  const response = await createApp(service.deps).request(`/v1/subjects/${SUBJECT}`, {
    method: "DELETE",
    headers: { Authorization: `Bearer ${SECRET_KEY}` },
  });
  assertEquals(response.status, 200);
  await response.body?.cancel();
  await probe.close();
  await service.idle();
  assertEquals(await rowsWith(service.kv, SUBJECT), []);
});

Deno.test("GET /v1/subjects/:subject/export holds every row of the subject, readable, and no secret", async () => {
  await withTraceFolder(async (traces) => {
    await using service = await startTestService({ traces });
    await (await live(service, SUBJECT, "s", true)).close();
    await service.idle();
    const { kv, port, deps } = service;
    const factor = await registerFactor(service);
    const response = await ask(service, "GET", `${SUBJECT}/export`);
    assertEquals(response.status, 200);
    const text = await response.text();
    const { records, about, audit, traces: recorded, pseudonym } = JSON.parse(text);

    const kinds: string[] = records.map(({ kind }: { kind: string }) => kind);
    for (
      const kind of ["consent", "profile", "version", "session", "checkpoint", "alert", "factor"]
    ) {
      assert(kinds.includes(kind), `${kind} in ${kinds}`);
    }
    for (const kind of kinds) assert(about[kind], `${kind} is explained`);
    // As many as there are rows, but for the key that seals them.
    const rows = (await rowsWith(kv, SUBJECT)).filter((key) =>
      !key.includes("data_key") && !/subject\/[^/]+\/(session|alert|ticket|challenge)\//.test(key)
    );
    assertEquals(records.length, rows.length, `${kinds} of ${rows.join(" ")}`);

    const { content } = records.find(({ kind, of }: { kind: string; of: string }) =>
      kind === "profile" && of === "keyboard"
    );
    const [window] = content.references;
    assert(window.endedAt.startsWith("2023-") && window.embedding.length > 2);
    assert(window.features["holdMeanMs.letter"] > 10);
    assert(!text.includes(factor.secret) && !text.includes("data_key"));
    const acts = audit.map(({ action }: { action: string }) => action);
    assertEquals(acts, ["consent.given", "subject.exported"]);
    assertEquals([recorded.length, recorded[0].keys.length > 300], [1, true]);
    assertEquals(pseudonym, await deps.audit.pseudonymOf(DEFAULT_TENANT, SUBJECT));
    const nobody = await fetch(`http://127.0.0.1:${port}/v1/subjects/nobody/export`, {
      headers: { Authorization: `Bearer ${SECRET_KEY}` },
    });
    assertEquals([nobody.status, (await nobody.json()).code], [404, "not_found"]);
  });
});

/** Registers an authenticator app for the subject; what its app would hold. */
async function registerFactor({ port, mint, clock }: TestService): Promise<{ secret: string }> {
  const post = async (path: string, body: unknown) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Origin: SITE },
      body: JSON.stringify(body),
    });
    return await response.json();
  };
  const ticket = await mint({ subject: SUBJECT, session: "enrolling", acr: "aal2" });
  const { secret, challenge } = await post("/v1/factors", { ticket, kind: "totp" });
  const totp = new TOTP({ secret, algorithm: "SHA1", digits: 6, period: 30 });
  await post(`/v1/factors/${challenge}`, { totp: totp.generate({ timestamp: clock.nowMs }) });
  return { secret };
}
