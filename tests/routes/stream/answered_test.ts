import { assertEquals } from "@std/assert";
import { DEFAULT_TENANT } from "../../../core/store/keys.ts";
import { blockSession, verifySession } from "../../../core/verification.ts";
import { framesOf, takeover } from "../../core/live_sessions.ts";
import { SMALL_MODELS } from "../../core/small_models.ts";
import { CLOSE_RESTARTING } from "../../../routes/stream/limits.ts";
import { startTestService, type TestService } from "../test_service.ts";
import { Probe } from "./probe.ts";

const LOOK_MS = 1000;
const WHICH = { tenant: DEFAULT_TENANT, session: "s" };

/** A stream that was asked to step up, and whose person then only waits. */
async function alarmed(service: TestService): Promise<Probe> {
  const { strokes } = takeover(400, 300);
  const probe = await Probe.open(service, await service.mint());
  for (const frame of framesOf(strokes)) {
    service.clock.nowMs = Math.ceil(frame.events.at(-1)!.timeMs);
    probe.send(frame);
    await probe.reached();
    if (probe.messages.some(({ type }) => type === "action")) break;
  }
  await probe.next("action", 0, ({ action }) => action === "step_up");
  return probe;
}

/** What a page is told that comes back at once. */
async function comeBack(service: TestService): Promise<string> {
  const again = await Probe.open(service, await service.mint());
  const { action } = await again.next("action");
  await again.close();
  await service.idle();
  return action;
}

for (const [turn, action] of [[verifySession, "allow"], [blockSession, "block"]] as const) {
  Deno.test(`${turn.name}() in another process reaches a page that only waits: ${action}`, async () => {
    await using service = await startTestService();
    const probe = await alarmed(service);
    // Nothing has happened: it goes on waiting.
    assertEquals(service.timers.elapse(LOOK_MS), 1);
    await probe.reached();
    await turn({ ...service.deps, models: SMALL_MODELS }, WHICH, {
      ...{ acr: "phr", amr: ["pop"], atMs: service.clock.nowMs },
      untilMs: service.clock.nowMs + 60_000,
    });
    while (service.timers.elapse(LOOK_MS) === 0) await service.kv.get(["any"]);
    assertEquals(await probe.closed, { code: CLOSE_RESTARTING, reason: "restarting" });
    assertEquals(await comeBack(service), action);
  });
}

Deno.test("a session of which nothing is asked does not look whether something was answered", async () => {
  await using service = await startTestService();
  const probe = await Probe.open(service, await service.mint());
  await probe.next("resume");
  assertEquals(service.timers.elapse(LOOK_MS), 0);
  await probe.close();
});
