import { assert, assertEquals } from "@std/assert";
import { type LiveSession, openSession } from "../../core/session.ts";
import { listNotices } from "../../core/store/notices.ts";
import { recordingSettings, type SessionSettings } from "../../core/tenant.ts";
import { createTypist } from "../../islands/try/generated_typist.ts";
import { createDeps, deliver, framesOf, IDENTITY, START_MS } from "./live_sessions.ts";

const typist = createTypist(1);

function settings(enrolment: Partial<SessionSettings["enrolment"]>): SessionSettings {
  const defaults = recordingSettings();
  return { ...defaults, enrolment: { ...defaults.enrolment, ...enrolment } };
}

async function withSessions(
  withoutTenant: SessionSettings,
  run: (
    play: (identity: Partial<typeof IDENTITY>, strokes: number) => Promise<LiveSession>,
    kv: Deno.Kv,
  ) => Promise<void>,
) {
  using kv = await Deno.openKv(":memory:");
  const deps = { ...createDeps(kv), withoutTenant };
  let stay = 0;
  await run(async (identity, strokes) => {
    // Each is a page load of its own, an hour after the last.
    stay++;
    const events = typist.type(strokes, START_MS + 3600_000 * stay);
    const session = await openSession(deps, { ...IDENTITY, ...identity });
    for (const frame of framesOf(events)) await deliver(deps, session, { ...frame, stream: stay });
    await session.commit();
    return session;
  }, kv);
}

async function noticesOf(kv: Deno.Kv) {
  const { items } = await listNotices(kv, IDENTITY.tenant, START_MS, { limit: 10 });
  return items.map(({ kind, subject, modality }) => `${kind} ${subject} ${modality}`);
}

Deno.test("a profile is not ready before it was learned in as many sessions as the tenant asks for", async () => {
  await withSessions(settings({ sessions: 2 }), async (play, kv) => {
    const first = (await play({ session: "a" }, 600)).statuses.keyboard;
    assertEquals([first.stage, first.missing], ["learning", { amount: 1, unit: "sessions" }]);
    const again = (await play({ session: "a" }, 300)).statuses.keyboard;
    assertEquals(again.missing, { amount: 1, unit: "sessions" });
    assertEquals(await noticesOf(kv), []);
    const short = (await play({ session: "b" }, 35)).statuses.keyboard;
    assertEquals(short.stage, "learning");
    const second = await play({ session: "c" }, 60);
    assertEquals(second.statuses.keyboard.stage, "ready");
    // Told once, when it was, and not at every window after.
    assertEquals(await noticesOf(kv), ["profile_ready ada keyboard"]);
    await play({ session: "d" }, 300);
    assertEquals((await noticesOf(kv)).length, 1);
  });
});

Deno.test("a session told to be one sitting, and a recording, make a profile by themselves", async () => {
  for (const kind of [{ oneSitting: true }, { replay: true }]) {
    await withSessions(settings({ sessions: 2 }), async (play) => {
      assertEquals((await play({ session: "a", ...kind }, 300)).statuses.keyboard.stage, "ready");
    });
  }
});

Deno.test("where a tenant asks for a strong sign-in, no other session begins a profile", async () => {
  await withSessions(settings({ sessions: 1, strong: true }), async (play, kv) => {
    for (const acr of [undefined, "aal1", "AAL2", ""]) {
      const { keyboard } = (await play({ session: `weak ${acr}`, acr }, 300)).statuses;
      assertEquals(keyboard, {
        stage: "cold",
        learned: 0,
        missing: { amount: 1, unit: "strong sign-ins" },
      });
    }
    assertEquals(await noticesOf(kv), []);
    assertEquals(
      (await play({ session: "strong", acr: "aal2" }, 300)).statuses.keyboard.stage,
      "ready",
    );
    // Once there is a profile, it is used whatever the sign-in.
    const weak = await play({ session: "later" }, 200);
    assertEquals(weak.statuses.keyboard.stage, "ready");
    assert(weak.risk.confidence > 0);
  });
});
