import { assert, assertEquals } from "@std/assert";
import { DEFAULT_TENANT, outboxNoticeKey } from "../../core/store/keys.ts";
import type { StreamEvent } from "../../core/wire.ts";
import { createTypist } from "../../islands/try/generated_typist.ts";
import { createApp } from "../../routes/app.ts";
import { framesOf, START_MS } from "../core/live_sessions.ts";
import { Probe, settle } from "./stream/probe.ts";
import { SECRET_KEY, startTestService, type TestService } from "./test_service.ts";
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
