/**
 * A pointer drawn to its target by gravity and blown about by wind, in the manner that automation
 * tools call wind-mouse: a random walk with inertia that calms down near the target.
 */
import type { Random } from "../../../core/random.ts";
import { between } from "../../../islands/try/sampling.ts";
import type { PointerPlace } from "../../training/automation/collected.ts";

const GRAVITY = 9;
const WIND = 3;
const FASTEST_PX = 15;
/** Nearer than this the wind drops, px. */
const CALM_PX = 12;
const STEP_MS = [6, 12] as const;
const MOST_STEPS = 2000;

/** Places on the way, the last one at the target, in ms from the start. */
export function windPath(
  random: Random,
  from: { readonly x: number; readonly y: number },
  to: { readonly x: number; readonly y: number },
): PointerPlace[] {
  let [x, y, speedX, speedY, windX, windY] = [from.x, from.y, 0, 0, 0, 0];
  let fastestPx = FASTEST_PX;
  let timeMs = 0;
  const places: PointerPlace[] = [];
  for (let step = 0; step < MOST_STEPS; step++) {
    const awayPx = Math.hypot(to.x - x, to.y - y);
    if (awayPx < 1) break;
    const gust = Math.min(WIND, awayPx);
    if (awayPx >= CALM_PX) {
      windX = windX / Math.sqrt(3) + gust * between(random, -1, 1) / Math.sqrt(5);
      windY = windY / Math.sqrt(3) + gust * between(random, -1, 1) / Math.sqrt(5);
    } else {
      windX /= Math.sqrt(3);
      windY /= Math.sqrt(3);
      fastestPx = fastestPx < 3 ? between(random, 3, 6) : fastestPx / Math.sqrt(5);
    }
    speedX += windX + GRAVITY * (to.x - x) / awayPx;
    speedY += windY + GRAVITY * (to.y - y) / awayPx;
    const speed = Math.hypot(speedX, speedY);
    if (speed > fastestPx) {
      const kept = fastestPx * between(random, 0.5, 1) / speed;
      speedX *= kept;
      speedY *= kept;
    }
    x += speedX;
    y += speedY;
    timeMs += between(random, ...STEP_MS);
    places.push({ timeMs, x, y });
  }
  return [...places, { timeMs: timeMs + STEP_MS[0], ...to }];
}
