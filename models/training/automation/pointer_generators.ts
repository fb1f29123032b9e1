/**
 * Pointers that no hand moved, for the score to be trained on. The generators that it is measured on
 * are others: models/evaluation/automation/pointer_attackers.ts.
 */
import type { Random } from "../../../core/random.ts";
import type { StreamEvent } from "../../../core/wire.ts";
import { between, logNormal, normal } from "../../../islands/try/sampling.ts";
import { collected, inOrder, type PointerPlace } from "./collected.ts";

type Point = readonly [x: number, y: number];

/** Where a way is after a share of its time, both from 0 to 1; `side` is px off the line. */
interface Way {
  readonly along: (share: number) => number;
  readonly side: (share: number) => number;
}
/** Makes ways of one length, px. */
type WayMaker = (random: Random, lengthPx: number) => Way;

const SURFACE = { width: 1400, height: 800 } as const;

const EASINGS: readonly ((share: number) => number)[] = [
  (s) => s,
  (s) => s * s * (3 - 2 * s),
  (s) => (1 - Math.cos(Math.PI * s)) / 2,
  (s) => 1 - (1 - s) ** 2,
  (s) => 1 - (1 - s) ** 3,
  (s) => s ** 3 * (10 - 15 * s + 6 * s * s),
  (s) => s < 0.5 ? 4 * s ** 3 : 1 - (2 - 2 * s) ** 3 / 2,
  (s) => Math.sin(Math.PI * s / 2),
];
const pick = <T>(random: Random, of: readonly T[]) => of[Math.floor(random() * of.length)]!;
const none = () => 0;

export const POINTER_GENERATORS: Readonly<Record<string, WayMaker>> = {
  easedLine: (random) => ({ along: pick(random, EASINGS), side: none }),
  arc: (random, lengthPx) => {
    const bow = lengthPx * 0.15 * normal(random);
    return { along: pick(random, EASINGS), side: (s) => 4 * bow * s * (1 - s) };
  },
  sine: (random, lengthPx) => {
    const [bow, waves, phase] = [
      lengthPx * 0.05 * normal(random),
      between(random, 0.5, 3),
      6 * random(),
    ];
    const side = (s: number) =>
      bow * (Math.sin(2 * Math.PI * waves * s + phase) - Math.sin(phase)) * (1 - s);
    return { along: pick(random, EASINGS), side };
  },
  knots: (random, lengthPx) => {
    const knots = Array.from({ length: 5 }, (_, i) => i % 4 ? lengthPx * 0.06 * normal(random) : 0);
    const side = (s: number) => {
      const [place, at] = [Math.min(3, Math.floor(4 * s)), 4 * s - Math.min(3, Math.floor(4 * s))];
      const smooth = at * at * (3 - 2 * at);
      return knots[place]! + smooth * (knots[place + 1]! - knots[place]!);
    };
    return { along: pick(random, EASINGS), side };
  },
  overshoot: (random, lengthPx) => {
    const [past, turn, bow] = [
      between(random, 0.03, 0.15),
      between(random, 0.6, 0.8),
      0.05 * normal(random),
    ];
    const ease = pick(random, EASINGS.slice(1));
    const along = (s: number) =>
      s < turn ? (1 + past) * ease(s / turn) : 1 + past * (1 - ease((s - turn) / (1 - turn)));
    return { along, side: (s) => 4 * bow * lengthPx * s * (1 - s) };
  },
  stumble: (random, lengthPx) => {
    // Random steps of its own along the way, as naive attempts at being uneven make them.
    const steps = Array.from({ length: 12 }, () => 0.2 + random());
    const total = steps.reduce((sum, step) => sum + step, 0);
    const along = (s: number) => {
      const place = Math.min(11, Math.floor(12 * s));
      const before = steps.slice(0, place).reduce((sum, step) => sum + step, 0);
      return Math.min(1, (before + (12 * s - place) * steps[place]!) / total);
    };
    const bow = lengthPx * 0.1 * normal(random);
    return { along, side: (s) => 4 * bow * s * (1 - s) };
  },
};

/** What a generator keeps to for as long as it runs. */
interface Habits {
  readonly stepMs: number;
  readonly stepJitterMs: number;
  readonly noisePx: number;
  readonly reach: (lengthPx: number) => number;
  readonly pauseMs: () => number;
  readonly hoverMs: () => number;
  readonly dwellMs: () => number;
  readonly clicks: number;
}

function habitsOf(random: Random): Habits {
  const [base, slope, steady] = [
    between(random, 100, 500),
    between(random, 0, 1.2),
    random() < 0.4,
  ];
  const spread = between(random, 0, 0.4);
  const [pauseMs, hoverMs, dwellMs] = [
    between(random, 150, 1500),
    between(random, 0, 300),
    between(random, 10, 150),
  ];
  const isEven = random() < 0.5;
  const about = (ms: number) => () =>
    isEven ? ms * between(random, 0.5, 1.5) : logNormal(random, Math.max(1, ms), 0.3);
  return {
    stepMs: pick(random, [8, 10, 12, 16, 1000 / 60, 20]),
    stepJitterMs: random() < 0.5 ? 0 : between(random, 0, 6),
    noisePx: random() < 0.4 ? 0 : between(random, 0.2, 2.5),
    reach: (lengthPx) =>
      (steady ? base + 200 : base + slope * lengthPx) * Math.exp(spread * normal(random)),
    pauseMs: about(pauseMs),
    hoverMs: about(hoverMs),
    dwellMs: about(dwellMs),
    clicks: random(),
  };
}

/** About `durationMs` of what one generator, with habits of its own, does. */
export function generatePointer(
  maker: WayMaker,
  random: Random,
  durationMs: number,
): StreamEvent[] {
  const habits = habitsOf(random);
  const places: PointerPlace[] = [];
  const events: StreamEvent[] = [];
  let at: Point = [SURFACE.width / 2, SURFACE.height / 2];
  const start = { timeMs: 0, x: at[0], y: at[1] };
  let timeMs = 500;
  while (timeMs < durationMs) {
    const to: Point = [random() * SURFACE.width, random() * SURFACE.height];
    const lengthPx = Math.max(1, Math.hypot(to[0] - at[0], to[1] - at[1]));
    const reachMs = habits.reach(lengthPx);
    const way = maker(random, lengthPx);
    const unit: Point = [(to[0] - at[0]) / lengthPx, (to[1] - at[1]) / lengthPx];
    for (let ms = habits.stepMs; ms < reachMs + habits.stepMs; ms += habits.stepMs) {
      const share = Math.min(1, ms / reachMs);
      const along = lengthPx * way.along(share) +
        habits.noisePx * normal(random) * Number(share < 1);
      const side = way.side(share) + habits.noisePx * normal(random) * Number(share < 1);
      places.push({
        timeMs: timeMs + ms + habits.stepJitterMs * random(),
        x: at[0] + unit[0] * along - unit[1] * side,
        y: at[1] + unit[1] * along + unit[0] * side,
      });
    }
    at = to;
    timeMs += reachMs + habits.hoverMs();
    if (random() < habits.clicks) {
      const dwellMs = habits.dwellMs();
      events.push({ kind: "button", timeMs, dwellMs, button: 0 });
      timeMs += dwellMs;
    }
    timeMs += habits.pauseMs();
  }
  return inOrder([...collected(inPlace(places), start), ...events]);
}

function inPlace(places: readonly PointerPlace[]): PointerPlace[] {
  return places.toSorted((a, b) => a.timeMs - b.timeMs);
}
