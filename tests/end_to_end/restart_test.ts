import { assert, assertEquals } from "@std/assert";
import { PROFILE_SIZE } from "../../core/profile.ts";
import { play } from "../../models/evaluation/player.ts";
import { systemOptions } from "../../models/evaluation/replay.ts";
import { createTypist } from "../../islands/try/generated_typist.ts";
import { startServiceProcess } from "./service_process.ts";

const STROKES = 260;
/** The first of 30 strokes, then one every 10. */
const WINDOWS = 1 + (STROKES - 30) / 10;
const READY = PROFILE_SIZE.keyboard.ready;

Deno.test("a service killed in the middle of a stream loses nothing and counts nothing twice", async () => {
  const data = await Deno.makeTempDir();
  let service = await startServiceProcess({ data });
  try {
    const { origin, secretKey, port } = service;
    let restarted: Promise<void> | undefined;
    const restart = async () => {
      await service.end("SIGKILL");
      service = await startServiceProcess({ data, port });
    };
    const { final, readings } = await play({ origin, secretKey }, [{
      subject: "ada",
      events: createTypist(20).type(STROKES, Date.now()),
    }], {
      ...systemOptions(),
      as: "ada",
      speed: 8,
      // As soon as something is durable, while more is on its way.
      onReading: () => void (restarted ??= restart()),
    });
    await restarted;
    assert(readings[0]!.strokes > 0 && readings[0]!.strokes < STROKES);
    assertEquals(final.strokes, STROKES);
    const { stage, windowsLearned, windowsScored } = final.keyboard;
    assertEquals([stage, windowsScored], ["ready", WINDOWS - READY]);
    assert(windowsLearned >= READY && windowsLearned <= WINDOWS);
  } finally {
    await service.end("SIGKILL");
    await Deno.remove(data, { recursive: true });
  }
});
