import { assert, assertEquals } from "@std/assert";
import { loadModels } from "../../core/models/load.ts";
import { seededRandom } from "../../core/random.ts";
import { openSession } from "../../core/session.ts";
import { recordingSettings } from "../../core/tenant.ts";
import type { StreamEvent, Stroke } from "../../core/wire.ts";
import { createHand } from "../../islands/try/generated_hand.ts";
import { createTypist } from "../../islands/try/generated_typist.ts";
import { getSession } from "../../core/store/sessions.ts";
import { createDeps, IDENTITY, playSession, takeover } from "./live_sessions.ts";
import { VAULT } from "./store/vaults.ts";
import { readModelFile } from "./models/model_files.ts";

const models = await loadModels(readModelFile);

/** The session after what it was sent; a session before has made the keyboard's profile ready. */
async function judged(events: readonly StreamEvent[]) {
  using kv = await Deno.openKv(":memory:");
  const withoutTenant = recordingSettings();
  const deps = {
    kv,
    vault: VAULT,
    models,
    nowMs: () => 1.7e12,
    random: seededRandom(1),
    withoutTenant,
  };
  const identity = { tenant: "t", subject: "s", replay: true };
  const enrolling = await openSession(deps, { ...identity, session: "a" });
  await enrolling.receive({ stream: 1, sequence: 1, events: createTypist(1).type(300, 0) });
  await enrolling.commit();
  assertEquals(enrolling.statuses.keyboard.stage, "ready");
  const session = await openSession(deps, { ...identity, session: "b" });
  await session.receive({ stream: 1, sequence: 1, events });
  return session;
}

const NOT_ENOUGH = { level: "low", action: "allow" } as const;

Deno.test("LiveSession of pastes and hardly a key has not enough evidence, and asks for nothing", async () => {
  const pastes = Array.from({ length: 40 }, (_, i): StreamEvent => {
    return { kind: "mark", timeMs: 1e6 + 2000 * i, mark: "paste" };
  });
  const few = createTypist(2).type(20, 2e6);
  const { risk, decision } = await judged([...pastes, ...few]);
  assertEquals([risk.confidence, risk.evidenceNats, decision], [0, 0, NOT_ENOUGH]);
});

Deno.test("LiveSession of shortcuts has not enough evidence, and asks for nothing", async () => {
  const shortcuts = createTypist(2).type(200, 1e6).map((stroke, i): Stroke => {
    return i % 2 ? stroke : { ...stroke, zone: "modifier" };
  });
  const { risk, decision, statuses } = await judged(shortcuts);
  assertEquals([risk.confidence, risk.evidenceNats, decision], [0, 0, NOT_ENOUGH]);
  assertEquals(statuses.keyboard.learned > 0, true);
});

Deno.test("LiveSession of a pointer alone says nothing of the keyboard", async () => {
  const { risk, statuses } = await judged(createHand(1).move(60_000, 1e6));
  assertEquals(statuses.pointer.stage, "learning");
  assertEquals([risk.confidence, risk.reasons], [0, []]);
});

Deno.test("LiveSession.commit() records what pictures of a session need", async () => {
  using kv = await Deno.openKv(":memory:");
  const deps = createDeps(kv);
  const { strokes } = takeover(300, 200);
  const session = await playSession(deps, strokes);
  const record = (await getSession(kv, "default", IDENTITY.session, deps.nowMs()))!;
  assertEquals(record.device, "keyboard");
  assertEquals(record.input!.strokes, strokes.length);
  const said = Object.values(record.detectors!.keyboard!);
  assert(said.length >= 3 && said.every(({ nats }) => Number.isFinite(nats)));
  assertEquals(record.sources!.keyboard!.at(-1)![0], record.history.at(-1)![0]);
  assertEquals(record.turns!.map(({ kind }) => kind), ["asked"]);
  const readings = record.reasons.flatMap(({ reading }) => reading ?? []);
  assert(readings.length >= 3 && readings.length <= 5, `${readings.length}`);
  for (const { feature, value, usual } of readings) {
    assert(Number.isFinite(value) && usual[0] <= usual[2] && usual[2] <= usual[4], feature);
  }
  assert(session.risk.risk > 50);
});
