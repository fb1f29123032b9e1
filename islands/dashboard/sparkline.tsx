/** The last risks of a session as a line of a few pixels, with the threshold of "high" under it. */
import type { LevelBand } from "./live_state.ts";

export interface SparklineProps {
  /** 0 to 100, oldest first. */
  readonly risks: readonly number[];
  readonly bands: readonly LevelBand[];
}

const WIDTH = 96;
const HEIGHT = 26;
const INSET = 3;

export function Sparkline({ risks, bands }: SparklineProps) {
  const last = risks.at(-1);
  if (last === undefined) return <span class="spark-none">no risk yet</span>;
  const x = (i: number) => INSET + (WIDTH - 2 * INSET) * i / Math.max(1, risks.length - 1);
  const y = (risk: number) => HEIGHT - INSET - (HEIGHT - 2 * INSET) * risk / 100;
  const points = risks.map((risk, i) => `${x(i).toFixed(1)},${y(risk).toFixed(1)}`).join(" ");
  const high = y(bands.find(({ level }) => level === "high")?.from ?? 50).toFixed(1);
  const end = risks.length === 1 ? 0 : risks.length - 1;
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={wordsOf(risks)}>
      <line class="spark-high" x1="0" x2={WIDTH} y1={high} y2={high} />
      <polyline class="spark-line" points={points} />
      <circle class="spark-end" cx={x(end).toFixed(1)} cy={y(last).toFixed(1)} r="2.2" />
    </svg>
  );
}

function wordsOf(risks: readonly number[]): string {
  const [low, high] = [Math.min(...risks), Math.max(...risks)];
  return low === high ? `Risk lately ${low}` : `Risk lately from ${low} to ${high}`;
}
