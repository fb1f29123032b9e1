import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { AutomationWatch } from "../../../../core/models/automation.ts";
import { type Random, seededRandom } from "../../../../core/random.ts";
import type { StreamEvent } from "../../../../core/wire.ts";
import { createHand } from "../../../../islands/try/generated_hand.ts";
import { createTypist } from "../../../../islands/try/generated_typist.ts";
import { typeAsScript } from "../../../../islands/try/generated_script.ts";

const PAGE = 7;
const FINE_MS = 0.1;

/** Names of the rules that found something, each once. */
function rulesOf(
  events: readonly StreamEvent[],
  quantumMs = FINE_MS,
  watch = new AutomationWatch(),
) {
  const found = events.flatMap((event) => watch.push(event, PAGE, quantumMs) ?? []);
  return [...new Set(found.map(({ rule }) => rule))];
}

const mouse: StreamEvent = { kind: "device", timeMs: 0, device: "mouse" };
const sample = (timeMs: number, dx: number, dy: number): StreamEvent => {
  return { kind: "pointer", timeMs, dx, dy, dragging: false };
};
const press = (timeMs: number, dwellMs: number): StreamEvent => {
  return { kind: "button", timeMs, dwellMs, button: 0 };
};
/** Some movement that `way` makes, and a click, again and again. */
function clicks(
  count: number,
  way: (startMs: number, random: Random) => StreamEvent[],
  { hoverMs = 200, dwellMs = 90 } = {},
): StreamEvent[] {
  const random = seededRandom(5);
  const events: StreamEvent[] = [mouse];
  let timeMs = 1000;
  for (let i = 0; i < count; i++) {
    events.push(...way(timeMs, random));
    timeMs = events.at(-1)!.timeMs + hoverMs;
    events.push(press(timeMs, dwellMs));
    timeMs += dwellMs + 400 + 800 * random();
  }
  return events;
}
/** A hand's way: bowed, and faster in the middle. */
const bowed = (startMs: number) =>
  Array.from({ length: 30 }, (_, i) => {
    const speed = Math.sin(Math.PI * (i + 1) / 31);
    return sample(startMs + 10 * i, Math.round(20 * speed), Math.round(12 * Math.cos(i / 10)));
  });
const jump = (startMs: number) => [sample(startMs, 300, -120)];
const ruled = (startMs: number, random: Random) =>
  Array.from({ length: 30 }, (_, i) => {
    const speed = 1 + Math.floor(20 * random());
    return sample(startMs + 10 * i, 3 * speed, -2 * speed);
  });
const even = (startMs: number) =>
  Array.from({ length: 30 }, (_, i) => {
    const angle = i / 8;
    return sample(
      startMs + 10 * i,
      Math.round(20 * Math.cos(angle)),
      Math.round(20 * Math.sin(angle)),
    );
  });

Deno.test("untrustedEvents finds a page's script, not a stray event", () => {
  const trust = (trusted: number, untrusted: number) =>
    new AutomationWatch().push({ kind: "trust", timeMs: 0, trusted, untrusted }, PAGE, 0);
  assertEquals(trust(100, 2), []);
  assertEquals(trust(0, 20)![0]!.rule, "untrustedEvents");
  assertEquals(trust(10, 30)![0]!.words, "a script made 30 of the events, 75 % of them");
});

Deno.test("hiddenInput finds input on a page that is hidden, and not on another page", () => {
  const mark = (timeMs: number, mark: "hidden" | "visible"): StreamEvent => {
    return { kind: "mark", timeMs, mark };
  };
  const strokes = typeAsScript(8, 2000);
  assertEquals(rulesOf([mark(1000, "hidden"), ...strokes]), ["hiddenInput"]);
  assertEquals(rulesOf([mark(1000, "hidden"), mark(1900, "visible"), ...strokes]), []);
  assertEquals(rulesOf([mark(1000, "hidden"), ...typeAsScript(8, 500, { intervalMs: 10 })]), []);
  const watch = new AutomationWatch();
  watch.push(mark(1000, "hidden"), PAGE + 1, FINE_MS);
  assertEquals(rulesOf(strokes, FINE_MS, watch), []);
});

Deno.test("neverOverlapping finds long typing without a key pressed early or put right", () => {
  const apart = typeAsScript(320, 0);
  assertEquals(rulesOf(apart), ["neverOverlapping"]);
  assertEquals(rulesOf(apart.slice(0, 290)), []);
  const corrected = apart.map((stroke, i) =>
    i === 150 ? { ...stroke, zone: "erase" as const } : stroke
  );
  assertEquals(rulesOf(corrected), []);
  const overlapped = apart.map((stroke, i) => i === 150 ? { ...stroke, holdMs: 120 } : stroke);
  assertEquals(rulesOf(overlapped), []);
  assertEquals(rulesOf(apart, 16.7), []);
});

Deno.test("neverOverlapping takes no shift for an overlap", () => {
  const shifted = typeAsScript(330, 0).map((stroke, i) =>
    i % 20 === 10 ? { ...stroke, holdMs: 150, zone: "modifier" as const } : stroke
  );
  assertEquals(rulesOf(shifted), ["neverOverlapping"]);
});

Deno.test("teleports and clicksWithoutApproach find a pointer that jumps to what it clicks", () => {
  assertEquals(rulesOf(clicks(10, jump)), ["teleports", "clicksWithoutApproach"]);
  // Twenty steps in as many milliseconds are a jump as well.
  const dash = (startMs: number) => [0, 9, 18].map((ms) => sample(startMs + ms, 100, -40));
  assertEquals(rulesOf(clicks(10, dash)), ["teleports", "clicksWithoutApproach"]);
});

Deno.test("clicksWithoutHover finds presses on arrival that are let go at once", () => {
  assertEquals(rulesOf(clicks(10, bowed, { hoverMs: 2, dwellMs: 1 })), ["clicksWithoutHover"]);
  // A driver hears of the movement with the page's next frame.
  assertEquals(rulesOf(clicks(10, bowed, { hoverMs: 18, dwellMs: 3 })), ["clicksWithoutHover"]);
  // Either alone is what some hands or touchpads do.
  assertEquals(rulesOf(clicks(10, bowed, { hoverMs: 2 })), []);
  assertEquals(rulesOf(clicks(10, bowed, { dwellMs: 1 })), []);
});

Deno.test("impossibleClicks finds a finger faster than any", () => {
  const burst = (gapMs: number) => Array.from({ length: 20 }, (_, i) => press(gapMs * i, 5));
  assertEquals(rulesOf([mouse, ...burst(20)]), ["impossibleClicks"]);
  assertEquals(rulesOf([mouse, ...burst(90)]), []);
});

Deno.test("straightLines finds movement along a ruler, at whatever speed", () => {
  assertEquals(rulesOf(clicks(10, ruled)), ["straightLines"]);
});

Deno.test("evenSpeed finds movement at one speed, along whatever line", () => {
  assertEquals(rulesOf(clicks(10, even)), ["evenSpeed"]);
});

Deno.test("no rule flags bowed movement with clicks", () => {
  assertEquals(rulesOf(clicks(40, bowed)), []);
});

Deno.test("no rule on movement speaks of fingers, pens, or by a clock that is coarse or unknown", () => {
  for (const device of ["touch", "pen"] as const) {
    assertEquals(rulesOf([...clicks(10, jump).with(0, { ...mouse, device } as StreamEvent)]), []);
  }
  for (const quantumMs of [0, NaN, 50, 100]) assertEquals(rulesOf(clicks(10, jump), quantumMs), []);
});

Deno.test("no interval is read across what was lost", () => {
  const lost: StreamEvent = { kind: "mark", timeMs: 0, mark: "lost" };
  const jumps = clicks(10, jump).flatMap((event): StreamEvent[] =>
    event.kind === "button" ? [lost, event] : [event]
  );
  assertEquals(rulesOf(jumps), []);
});

Deno.test("no rule flags generated hands and typists", () => {
  for (let seed = 1; seed <= 20; seed++) {
    assertEquals(rulesOf([mouse, ...createHand(seed).move(60_000, 0)]), []);
    assertEquals(rulesOf(createTypist(seed).type(600, 0)), []);
  }
});

Deno.test("a watch goes on from its record as if it had never stopped", () => {
  const events = clicks(10, jump);
  fc.assert(fc.property(fc.nat(events.length), (at) => {
    const first = new AutomationWatch();
    rulesOf(events.slice(0, at), FINE_MS, first);
    const stored = structuredClone(first.record);
    const whole = new AutomationWatch();
    rulesOf(events, FINE_MS, whole);
    const resumed = new AutomationWatch(stored);
    rulesOf(events.slice(at), FINE_MS, resumed);
    assertEquals(resumed.record, whole.record);
  }));
  const forgotten = new AutomationWatch({
    ...new AutomationWatch().record,
    habits: { unheardOf: { times: [true], fresh: 1 } },
  });
  assert(!("unheardOf" in forgotten.record.habits));
});
