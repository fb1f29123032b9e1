import { assert, assertEquals } from "@std/assert";
import type { Stroke } from "../../../core/wire.ts";
import { createTypist } from "../../../islands/try/generated_typist.ts";
import { typeAsScript } from "../../../islands/try/generated_script.ts";
import { playStrokes } from "../../../islands/try/playback.ts";

/** Time that passes only by waiting for it. */
function createTime(startMs: number) {
  let nowMs = startMs;
  const timers: { atMs: number; run: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    schedule: (run: () => void, delayMs: number) => {
      const timer = { atMs: nowMs + delayMs, run };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), 1);
    },
    /** Runs the next timer; false where there is none. */
    next: () => {
      const timer = timers.shift();
      if (!timer) return false;
      nowMs = Math.max(nowMs, timer.atMs);
      timer.run();
      return true;
    },
  };
}

Deno.test("playStrokes() hands on each stroke once, when its key comes up", () => {
  const strokes = createTypist(2).type(80, 1000);
  const time = createTime(1000);
  const heard: Stroke[] = [];
  let ended = 0;
  playStrokes(strokes, {
    ...time,
    push: (stroke) => {
      assert(Math.abs(time.nowMs() - stroke.timeMs - stroke.holdMs) < 0.2);
      heard.push(stroke);
    },
    onEnd: () => ended++,
  });
  while (time.next());
  assertEquals(heard.toSorted((a, b) => a.timeMs - b.timeMs), strokes);
  assertEquals(ended, 1);
});

Deno.test("playStrokes() hands on nothing after it was stopped", () => {
  const time = createTime(0);
  const heard: Stroke[] = [];
  const stop = playStrokes(typeAsScript(10, 0), {
    ...time,
    push: (stroke) => heard.push(stroke),
    onEnd: () => assert(false, "it was stopped and has not ended"),
  });
  while (heard.length < 3) time.next();
  stop();
  assertEquals(time.next(), false);
  assertEquals(heard.length, 3);
});

Deno.test("typeAsScript() never varies", () => {
  const strokes = typeAsScript(50, 0, { intervalMs: 80, holdMs: 30 });
  assertEquals(new Set(strokes.map(({ holdMs }) => holdMs)).size, 1);
  assertEquals(
    new Set(strokes.slice(1).map(({ timeMs }, i) => timeMs - strokes[i]!.timeMs)).size,
    1,
  );
});
