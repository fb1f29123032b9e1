import { assert, assertEquals } from "@std/assert";
import { Hono } from "hono";
import { handleAlert } from "../../core/store/alert_handlings.ts";
import { endDevOperator } from "../../core/store/dev_operator.ts";
import { bellKey, DEFAULT_TENANT, glanceKey } from "../../core/store/keys.ts";
import { createLive } from "../../routes/live.ts";
import { FeedMessage } from "../../routes/live/feed.ts";
import { TenantFeeds } from "../../routes/live/tenant_feeds.ts";
import { guardDashboard } from "../../routes/middleware/credentials.ts";
import { createTestDeps, type Timers } from "./test_service.ts";
import { createAlert, createSession, putSession, STRANGE_REASONS } from "./seeded_store.ts";

const NOW_MS = 1_790_000_000_000;
const REST_MS = 1000;
const ALERT = "01KAPQ60000000000000000000";
const HEARTBEAT_MS = 15_000;

/** One signed-in client of the feed; reads whole server-sent events. */
async function follow(kv: Deno.Kv, query = "") {
  const { deps, timers } = await createTestDeps(kv, { dev: true, nowMs: () => NOW_MS });
  const live = new Hono().use(guardDashboard(deps)).route("/", createLive(deps))
    .onError((error, c) => c.text((error as Error & { code: string }).code, 400));
  const response = await live.request(`http://localhost/live/feed${query}`);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  const block = async () => {
    for (;;) {
      const end = buffer.indexOf("\n\n");
      if (end >= 0) {
        const text = buffer.slice(0, end);
        buffer = buffer.slice(end + 2);
        return text;
      }
      const { done, value } = await reader.read();
      if (done) throw new Error("The feed has ended");
      buffer += value;
    }
  };
  const message = async () => {
    const text = await block();
    const event = /^event: (.*)$/m.exec(text)?.[1];
    return { event, data: FeedMessage.parse(JSON.parse(/^data: (.*)$/m.exec(text)![1]!)) };
  };
  return {
    response,
    timers,
    block,
    message,
    leave: () => reader.cancel(),
    text: async () => (await reader.read()).value,
  };
}

/** Until the delay that the feed gathers changes in is over. */
async function elapse(timers: Timers, ms: number) {
  while (timers.elapse(ms) === 0) await new Promise((resolve) => setTimeout(resolve, 0));
}

Deno.test("GET /live/feed sends a snapshot, then only what changed", async () => {
  using kv = await Deno.openKv(":memory:");
  await putSession(kv, createSession("a", NOW_MS));
  await putSession(kv, createSession("b", NOW_MS));
  const { response, timers, message, leave } = await follow(kv);
  assertEquals(response.headers.get("Content-Type"), "text/event-stream");
  const snapshot = await message();
  assertEquals(snapshot.event, "snapshot");
  assertEquals(snapshot.data.sessions.map(({ session }) => session).sort(), ["a", "b"]);
  assertEquals(snapshot.data.detail, undefined);

  const risky = createSession("a", NOW_MS + 1, { reasons: STRANGE_REASONS });
  await putSession(kv, risky, createAlert(risky, "alert-1", NOW_MS));
  await elapse(timers, REST_MS);
  const changes = await message();
  assertEquals(changes.event, "changes");
  assertEquals(changes.data.sessions.map(({ session, level }) => [session, level]), [
    ["a", "high"],
  ]);
  assertEquals(changes.data.alerts.map(({ id }) => id), ["alert-1"]);
  await leave();
});

Deno.test("GET /live/feed?session= sends that session's detail and alerts, and nothing of others", async () => {
  using kv = await Deno.openKv(":memory:");
  const other = createSession("b", NOW_MS, { reasons: STRANGE_REASONS });
  const record = createSession("a", NOW_MS, { reasons: STRANGE_REASONS });
  await putSession(kv, record, createAlert(record, "alert-a", NOW_MS));
  await putSession(kv, other, createAlert(other, "alert-b", NOW_MS));
  const { timers, message, leave } = await follow(kv, "?session=a");
  const { detail, sessions, alerts } = (await message()).data;
  assertEquals(detail?.session, "a");
  assertEquals(detail?.reasons, STRANGE_REASONS);
  assertEquals([sessions, alerts.map(({ id }) => id)], [[], ["alert-a"]]);
  // The next message is of the session looked at, though the other changed before it.
  await putSession(kv, createSession("b", NOW_MS + 1));
  await elapse(timers, REST_MS);
  await putSession(kv, createSession("a", NOW_MS + 2));
  await elapse(timers, REST_MS);
  const changes = (await message()).data;
  assertEquals([changes.sessions, changes.detail?.updatedAtMs], [[], NOW_MS + 2]);
  await leave();
});

Deno.test("GET /live/feed sends a session's row without its history and reasons", async () => {
  using kv = await Deno.openKv(":memory:");
  const history = Array.from({ length: 60 }, (_, i) => [NOW_MS + i, i] as [number, number]);
  await putSession(kv, createSession("a", NOW_MS, { device: "touch", history }));
  const { message, leave } = await follow(kv);
  const { data: { sessions: [row] } } = await message();
  const { session, device, missing, recent } = row!;
  assertEquals([session, device], ["a", "touch"]);
  assertEquals(missing, { pointer: { amount: 38, unit: "seconds of movement" } });
  assertEquals(recent, Array.from({ length: 24 }, (_, i) => 36 + i));
  assert(!("history" in row!) && !("reasons" in row!));
  await leave();
});

Deno.test("GET /live/feed?only=alerts sends alerts, how they are handled, and no session", async () => {
  using kv = await Deno.openKv(":memory:");
  const record = createSession("a", NOW_MS, { reasons: STRANGE_REASONS });
  await putSession(kv, record, createAlert(record, ALERT, NOW_MS));
  const { timers, message, leave } = await follow(kv, "?only=alerts");
  const { sessions, alerts, total } = (await message()).data;
  assertEquals([sessions, alerts.map(({ id }) => id), total], [[], [ALERT], undefined]);
  // What changes of sessions alone is told to nobody who wants alerts.
  await putSession(kv, createSession("a", NOW_MS + 1));
  await elapse(timers, REST_MS);
  const { deps } = await createTestDeps(kv, { nowMs: () => NOW_MS });
  const by = { actor: { kind: "service", id: "test" } } as const;
  const which = { tenant: DEFAULT_TENANT, alert: ALERT };
  await handleAlert(deps.audit, which, { state: "resolved" }, by);
  await elapse(timers, REST_MS);
  const handled = (await message()).data.alerts;
  assertEquals(handled.map(({ handling }) => handling?.state), ["resolved"]);
  await leave();
});

Deno.test("GET /live/feed says what is gone", async () => {
  using kv = await Deno.openKv(":memory:");
  await putSession(kv, createSession("a", NOW_MS));
  await putSession(kv, createSession("b", NOW_MS));
  const { timers, message, leave } = await follow(kv);
  await message();
  await kv.atomic().delete(glanceKey(DEFAULT_TENANT, "a")).set(bellKey(DEFAULT_TENANT), "erased")
    .commit();
  await elapse(timers, REST_MS);
  const { gone, total } = (await message()).data;
  assertEquals([gone, total], [["a"], 1]);
  await leave();
});

Deno.test("GET /live/feed reads the store once for all of a tenant's dashboards, and what changed alone", async () => {
  using kv = await Deno.openKv(":memory:");
  for (const session of ["a", "b", "c"]) await putSession(kv, createSession(session, NOW_MS));
  const { deps, timers } = await createTestDeps(kv, { dev: true, nowMs: () => NOW_MS });
  let lists = 0;
  const counted = new Proxy(kv, {
    get: (target, name) => {
      if (name === "list") lists++;
      const member = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  const feeds = new TenantFeeds({ ...deps, kv: counted });
  await feeds.with("default", (first) =>
    feeds.with("default", async (second) => {
      await first.after(0);
      assertEquals([first === second, lists], [true, 2]);
      await putSession(kv, createSession("b", NOW_MS + 1));
      await elapse(timers, REST_MS);
      await second.after(1);
      assertEquals(lists, 4);
      const changed = [...second.sessions.values()].filter(({ version }) => version === 2);
      assertEquals(changed.map(({ item }) => item.session), ["b"]);
    }));
});

Deno.test("GET /live/feed gives a sign of life while nothing changes", async () => {
  using kv = await Deno.openKv(":memory:");
  const { timers, message, block, leave } = await follow(kv);
  await message();
  await elapse(timers, HEARTBEAT_MS);
  assert((await block()).startsWith(":"));
  await leave();
});

Deno.test("GET /live/feed ends with its client: no watch and no timer is left", async () => {
  // The sanitizers of this test are the check: a feed that goes on would leave its watch open.
  using kv = await Deno.openKv(":memory:");
  const { message, leave, timers } = await follow(kv);
  await message();
  await leave();
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals(timers.elapse(HEARTBEAT_MS), 0);
});

Deno.test("GET /live/feed ends with its operator's session: with a change, and without one", async () => {
  for (const change of [true, false]) {
    using kv = await Deno.openKv(":memory:");
    const { message, text, timers } = await follow(kv);
    await message();
    await elapse(timers, REST_MS);
    await endDevOperator(kv);
    if (change) await putSession(kv, createSession("b", NOW_MS));
    else await elapse(timers, HEARTBEAT_MS);
    assertEquals(await text(), undefined);
  }
});

Deno.test("GET /live/feed refuses a session's id that is too long", async () => {
  using kv = await Deno.openKv(":memory:");
  const { response, text } = await follow(kv, `?session=${"x".repeat(129)}`);
  assertEquals([response.status, await text()], [400, "request_invalid"]);
});
