import { assertEquals } from "@std/assert";
import { loadModels } from "../../core/models/load.ts";
import { seededRandom } from "../../core/random.ts";
import { openSession } from "../../core/session.ts";
import { recordingSettings } from "../../core/tenant.ts";
import type { StreamEvent, Stroke } from "../../core/wire.ts";
import { createHand } from "../../islands/try/generated_hand.ts";
import { createTypist } from "../../islands/try/generated_typist.ts";
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
