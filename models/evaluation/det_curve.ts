/**
 * Detection error tradeoff curves (Martin et al. 1997): misses against false alarms on axes where
 * normal scores give straight lines, so that small errors can be told apart.
 */
import type { Curve } from "./report_protocol.ts";

const SIZE = { width: 680, height: 560, left: 70, top: 20, right: 210, bottom: 60 };
const TICKS = [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4];
const ENDS = [0.001, 0.5] as const;
/** Told apart also without colour: by their dashes. */
const STROKES = [
  ["#1d6fb8", ""],
  ["#c2571a", "7 3"],
  ["#2a8a57", "2 3"],
  ["#8a4bb0", "9 3 2 3"],
  ["#7a7a7a", "4 4"],
] as const;

/** The curves as one SVG, legible on light and on dark pages. */
export function drawCurves(curves: readonly Curve[]): string {
  const { width, height, left, top, right, bottom } = SIZE;
  const place = (share: number, from: number, to: number) => {
    const [low, high] = ENDS.map(probit) as [number, number];
    const clipped = Math.min(Math.max(share, ENDS[0]), ENDS[1]);
    return from + (probit(clipped) - low) / (high - low) * (to - from);
  };
  const x = (share: number) => place(share, left, width - right);
  const y = (share: number) => place(share, height - bottom, top);
  const grid = TICKS.map((tick) => {
    const name = `${Number((100 * tick).toFixed(1))} %`;
    return `<path class="grid" d="M${x(tick).toFixed(1)} ${top}V${height - bottom}` +
      `M${left} ${y(tick).toFixed(1)}H${width - right}"/>` +
      `<text x="${x(tick).toFixed(1)}" y="${
        height - bottom + 18
      }" text-anchor="middle">${name}</text>` +
      `<text x="${left - 8}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${name}</text>`;
  });
  const lines = curves.map(({ name, points }, i) => {
    const [colour, dash] = STROKES[i % STROKES.length]!;
    const path = points.map(([alarm, miss]) => `${x(miss).toFixed(1)} ${y(alarm).toFixed(1)}`);
    const at = top + 20 + 22 * i;
    const style = `stroke="${colour}" stroke-dasharray="${dash}"`;
    return `<path class="curve" ${style} d="M${path.join("L")}"/>` +
      `<path class="curve" ${style} d="M${width - right + 12} ${at}h26"/>` +
      `<text x="${width - right + 44}" y="${at + 4}">${name}</text>`;
  });
  const middle = (left + width - right) / 2;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">
<title>Error curves: strangers let pass against subjects refused</title>
<style>text{font:12px system-ui,sans-serif;fill:#444}.grid{stroke:#ccc;fill:none}.curve{fill:none;stroke-width:2}
@media(prefers-color-scheme:dark){text{fill:#ccc}.grid{stroke:#444}}</style>
${grid.join("\n")}
<path class="grid" d="M${x(ENDS[0])} ${y(ENDS[0])}L${x(ENDS[1])} ${y(ENDS[1])}"/>
${lines.join("\n")}
<text x="${middle}" y="${height - 14}" text-anchor="middle">strangers let pass</text>
<text transform="translate(16 ${
    (top + height - bottom) / 2
  }) rotate(-90)" text-anchor="middle">subjects refused</text>
</svg>
`;
}

/** Quantile of the standard normal distribution, to 5e-4 (Abramowitz and Stegun 1964, 26.2.23). */
export function probit(share: number): number {
  if (share > 0.5) return -probit(1 - share);
  const t = Math.sqrt(-2 * Math.log(share));
  const over = 2.515517 + 0.802853 * t + 0.010328 * t * t;
  const under = 1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t ** 3;
  return over / under - t;
}
