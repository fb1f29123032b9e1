/**
 * Programs that move a pointer, from the plainest to one that knows the subject. None was learned
 * from by the automation score: its own generators are models/training/automation/pointer_generators.ts.
 */
import { path as ghostPath } from "ghost-cursor";
import type { Random } from "../../../core/random.ts";
import { type StreamEvent, toWirePrecision } from "../../../core/wire.ts";
import { createHand } from "../../../islands/try/generated_hand.ts";
import { between, logNormal, normal } from "../../../islands/try/sampling.ts";
import { collected, inOrder, type PointerPlace } from "../../training/automation/collected.ts";
import { mean } from "../../../core/features/vector.ts";
import { reachesOf, type RecordedReach } from "./reaches.ts";
import { windPath } from "./wind_path.ts";

/** What an attacker has to go by. */
export interface PointerMaterial {
  readonly random: Random;
  readonly durationMs: number;
  /** What it has overheard of the subject, at least as long. */
  readonly recording: readonly StreamEvent[];
}
export type PointerAttacker = (material: PointerMaterial) => StreamEvent[];

type Point = { readonly x: number; readonly y: number };
/** One way from a point to another, in ms from its start. */
type Way = (from: Point, to: Point) => PointerPlace[];

const SURFACE = { width: 1280, height: 720 } as const;
/** Between two movements of a driver that does not wait: it hears of each with the next frame, ms. */
const MOVE_MS = [14, 20] as const;
/** Between its press and its release, ms. */
const MESSAGE_MS = [1.5, 4] as const;
const WARP = { stretch: 0.1, drift: 0.01, jitterMs: 2, turn: 0.08 } as const;

/** What a program does between two ways. */
interface Clicking {
  readonly hoverMs: () => number;
  readonly dwellMs: () => number;
  readonly pauseMs: () => number;
}

const atOnce = (random: Random): Clicking => ({
  hoverMs: () => between(random, ...MOVE_MS),
  dwellMs: () => between(random, ...MESSAGE_MS),
  pauseMs: () => between(random, 300, 1500),
});
const patient = (random: Random): Clicking => ({
  hoverMs: () => between(random, 60, 250),
  dwellMs: () => between(random, 50, 130),
  pauseMs: () => logNormal(random, 500, 0.5),
});

export const POINTER_ATTACKERS: Readonly<Record<string, PointerAttacker>> = {
  /** `page.click(selector)`. */
  click: (material) =>
    clicking(material, atOnce(material.random), (_, { x, y }) => [{ timeMs: 0, x, y }]),
  /** `mouse.move(x, y, { steps: 20 })`, then down and up. */
  moveInSteps: (material) =>
    clicking(
      material,
      atOnce(material.random),
      (from, to) => line(from, to, 20, () => between(material.random, ...MOVE_MS)),
    ),
  /** The same with a wait at every step. */
  moveWithDelay: (material) =>
    clicking(
      material,
      patient(material.random),
      (from, to) => line(from, to, 40, () => between(material.random, 10, 13)),
    ),
  /** A cubic Bezier curve with random handles, eased, with human pauses and clicks. */
  bezier: (material) => clicking(material, patient(material.random), bezier(material.random)),
  windMouse: (material) =>
    clicking(material, patient(material.random), (from, to) => windPath(material.random, from, to)),
  /** ghost-cursor's own path, sent as it sends without options. */
  ghostCursor: (material) =>
    clicking(material, atOnce(material.random), (from, to) => {
      let timeMs = 0;
      return ghostPath(from, to).map(({ x, y }) => {
        timeMs += between(material.random, ...MOVE_MS);
        return { timeMs, x, y };
      });
    }),
  /** ghost-cursor's path with its own timestamps, and human clicks. */
  ghostCursorTimed: (material) =>
    clicking(material, patient(material.random), (from, to) => {
      const places = ghostPath(from, to, { useTimestamps: true }) as TimedPlace[];
      return places.map(({ x, y, timestamp }) => {
        return { timeMs: timestamp - places[0]!.timestamp, x, y };
      });
    }),
  /** Minimum-jerk movements with the subject's mean speed, pauses and clicks. */
  meanImitation: (material) => {
    const reaches = reachesOf(material.recording);
    const { random } = material;
    const speed = mean(reaches.map(({ lengthPx, durationMs }) => lengthPx / (durationMs + 1)));
    const presses = reaches.flatMap(({ press }) => press ? [press] : []);
    const about = (values: readonly number[], otherwise: number) => () =>
      Math.max(5, (values.length ? mean(values) : otherwise) * (1 + 0.25 * normal(random)));
    const clicks: Clicking = {
      hoverMs: about(presses.map(({ hoverMs }) => hoverMs), 120),
      dwellMs: about(presses.map(({ dwellMs }) => dwellMs), 90),
      pauseMs: about(reaches.map(({ pauseMs }) => pauseMs), 600),
    };
    return clicking(material, clicks, (from, to) => {
      const durationMs = Math.max(120, Math.hypot(to.x - from.x, to.y - from.y) / speed) *
        Math.exp(0.15 * normal(random));
      return along(from, to, durationMs, (s) => s ** 3 * (10 - 15 * s + 6 * s * s), 0.4, random);
    });
  },
  /** A hand that does not exist, with arcs, tremor, overshoot and Fitts's law. */
  generatedHand: ({ random, durationMs }) =>
    createHand(Math.floor(random() * 2 ** 31)).move(durationMs, 0),
  /** The subject's own movements in another order, turned and stretched to new targets. */
  ownStatistics: ({ random, durationMs, recording }) =>
    shuffled(reachesOf(recording), random, durationMs),
  /** What was overheard, played again a little faster or slower, and turned a little. */
  warpedReplay: ({ random, durationMs, recording }) => warped(recording, random, durationMs),
};

type TimedPlace = Point & { readonly timestamp: number };

/** Ways from target to target with a click at each. */
function clicking(
  { random, durationMs }: PointerMaterial,
  { hoverMs, dwellMs, pauseMs }: Clicking,
  way: Way,
): StreamEvent[] {
  let at: Point = { x: SURFACE.width / 2, y: SURFACE.height / 2 };
  const start = { timeMs: 0, ...at };
  const places: PointerPlace[] = [];
  const presses: StreamEvent[] = [];
  for (let timeMs = 500; timeMs < durationMs;) {
    const to = { x: random() * SURFACE.width, y: random() * SURFACE.height };
    for (const place of way(at, to)) places.push({ ...place, timeMs: timeMs + place.timeMs });
    at = to;
    timeMs = Math.max(timeMs, places.at(-1)!.timeMs) + hoverMs();
    const heldMs = dwellMs();
    presses.push({
      kind: "button",
      timeMs: toWirePrecision(timeMs),
      dwellMs: toWirePrecision(heldMs),
      button: 0,
    });
    timeMs += heldMs + pauseMs();
  }
  return inOrder([...collected(places, start), ...presses]);
}

function line(from: Point, to: Point, steps: number, waitMs: () => number): PointerPlace[] {
  let timeMs = 0;
  return Array.from({ length: steps }, (_, i) => {
    const share = (i + 1) / steps;
    timeMs += waitMs();
    return { timeMs, x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) };
  });
}

function along(
  from: Point,
  to: Point,
  durationMs: number,
  ease: (share: number) => number,
  noisePx: number,
  random: Random,
): PointerPlace[] {
  const steps = Math.ceil(durationMs / 8);
  return Array.from({ length: steps }, (_, i) => {
    const share = ease((i + 1) / steps);
    return {
      timeMs: 8 * (i + 1),
      x: from.x + share * (to.x - from.x) + noisePx * normal(random),
      y: from.y + share * (to.y - from.y) + noisePx * normal(random),
    };
  });
}

function bezier(random: Random): Way {
  return (from, to) => {
    const lengthPx = Math.hypot(to.x - from.x, to.y - from.y);
    const handle = (share: number) => ({
      x: from.x + share * (to.x - from.x) + 0.25 * lengthPx * normal(random),
      y: from.y + share * (to.y - from.y) + 0.25 * lengthPx * normal(random),
    });
    const [one, two] = [handle(0.3), handle(0.7)];
    const durationMs = (200 + 0.8 * lengthPx) * between(random, 0.7, 1.4);
    const steps = Math.ceil(durationMs / 10);
    return Array.from({ length: steps }, (_, i) => {
      const s = (1 - Math.cos(Math.PI * (i + 1) / steps)) / 2;
      const at = (axis: "x" | "y") =>
        (1 - s) ** 3 * from[axis] + 3 * (1 - s) ** 2 * s * one[axis] +
        3 * (1 - s) * s ** 2 * two[axis] + s ** 3 * to[axis];
      return { timeMs: 10 * (i + 1), x: at("x"), y: at("y") };
    });
  };
}

function shuffled(reaches: readonly RecordedReach[], random: Random, durationMs: number) {
  const events: StreamEvent[] = [];
  for (let timeMs = 500; timeMs < durationMs && reaches.length;) {
    const reach = reaches[Math.floor(random() * reaches.length)]!;
    const [turn, stretch] = [2 * Math.PI * random(), between(random, 0.7, 1.4)];
    // Its own length and manner, another direction and size: what a sampler of movements draws.
    const startMs = timeMs;
    const places = turned(reach.samples, turn, stretch).map((place) => {
      return { ...place, timeMs: startMs + (place.timeMs - reach.samples[0]!.timeMs) };
    });
    events.push(...collected(places, { timeMs: 0, x: 0, y: 0 }));
    timeMs += reach.durationMs;
    if (reach.press) {
      const pressMs = timeMs + reach.press.hoverMs;
      events.push({ kind: "button", timeMs: pressMs, dwellMs: reach.press.dwellMs, button: 0 });
    }
    timeMs += reach.pauseMs;
  }
  return inOrder(events);
}

function turned(
  samples: readonly { readonly timeMs: number; readonly dx: number; readonly dy: number }[],
  turn: number,
  stretch: number,
): PointerPlace[] {
  let [x, y] = [0, 0];
  return samples.map(({ timeMs, dx, dy }) => {
    x += stretch * (dx * Math.cos(turn) - dy * Math.sin(turn));
    y += stretch * (dx * Math.sin(turn) + dy * Math.cos(turn));
    return { timeMs, x, y };
  });
}

function warped(recording: readonly StreamEvent[], random: Random, durationMs: number) {
  const turn = WARP.turn * normal(random);
  let stretch = 1 + WARP.stretch * (2 * random() - 1);
  let [timeMs, lastMs, x, y] = [0, recording[0]!.timeMs, 0, 0];
  const places: PointerPlace[] = [];
  const others: StreamEvent[] = [];
  for (const event of recording) {
    stretch *= Math.exp(WARP.drift * normal(random));
    timeMs += Math.max(0, stretch * (event.timeMs - lastMs));
    lastMs = event.timeMs;
    if (timeMs > durationMs) break;
    const toldMs = timeMs + WARP.jitterMs * random();
    if (event.kind === "pointer") {
      x += event.dx * Math.cos(turn) - event.dy * Math.sin(turn);
      y += event.dx * Math.sin(turn) + event.dy * Math.cos(turn);
      places.push({ timeMs: toldMs, x, y });
    } else others.push({ ...event, timeMs: toWirePrecision(toldMs) });
  }
  return inOrder([...collected(places, { timeMs: 0, x: 0, y: 0 }), ...others]);
}
