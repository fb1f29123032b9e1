/**
 * The picture of a rhythm as it forms: a strip of the last strokes, and how holds and flights spread.
 * A stranger's is drawn over it. Every number stands beside its picture.
 */
import { type Axis, densityOf } from "../../core/portrait.ts";
import type { Stroke } from "../../core/wire.ts";
import { FLIGHTS, type FlightZones, HOLDS, type HoldZone, type Rhythm } from "./rhythm.ts";

const PLACES = 80;
const HOLD_AXIS: Axis = { from: 0, to: 300, places: PLACES };
const FLIGHT_AXIS: Axis = { from: -200, to: 400, places: PLACES };
/** Nothing is drawn sharper, ms. */
const FINEST_MS = 5;
/** Fewer say nothing of how they spread. */
const LEAST = 5;
/** What the strip shows, ms. */
const STRIP_MS = 6000;

const HOLD_WORDS: Readonly<Record<HoldZone, string>> = {
  letter: "Letters",
  space: "Space",
  erase: "Backspace",
  modifier: "Shift",
};
const FLIGHT_WORDS: Readonly<Record<FlightZones, string>> = {
  "letter letter": "Letter to letter",
  "letter space": "Letter to space",
  "space letter": "Space to letter",
};

export interface RhythmPictureProps {
  readonly yours: Rhythm;
  readonly stranger: Rhythm;
  /** Whether the stranger is typing now. */
  readonly isTaken: boolean;
}

export function RhythmPicture({ yours, stranger, isTaken }: RhythmPictureProps) {
  const [mine, theirs] = [yours.facts.value, stranger.facts.value];
  if (mine.strokes + theirs.strokes === 0) {
    return (
      <p class="empty">
        It draws itself as you type: how long you hold each kind of key, and how long you take to
        the next. It is drawn in this page, from what its own collector captures.
      </p>
    );
  }
  const isCompared = theirs.strokes > 0;
  return (
    <div class="rhythm">
      <Strip strokes={isTaken ? theirs.recent : mine.recent} isTaken={isTaken} />
      <Spreads
        title="How long a key is held, ms"
        axis={HOLD_AXIS}
        isCompared={isCompared}
        rows={HOLDS.map((zone) => ({
          name: HOLD_WORDS[zone],
          yours: mine.holdMs[zone],
          theirs: theirs.holdMs[zone],
        }))}
      />
      <Spreads
        title="From one key to the next, ms"
        axis={FLIGHT_AXIS}
        isCompared={isCompared}
        rows={FLIGHTS.map((zones) => ({
          name: FLIGHT_WORDS[zones],
          yours: mine.flightMs[zones],
          theirs: theirs.flightMs[zones],
        }))}
      />
      <p class="hint">
        The middle of the last 160 stands beside each.{" "}
        {isCompared && "Filled is you, the dashed line is the stranger. "}
        A number below zero: the next key goes down before this one is up.
      </p>
    </div>
  );
}

/** The last strokes on a line of time: as long as they were held. */
function Strip({ strokes, isTaken }: { strokes: readonly Stroke[]; isTaken: boolean }) {
  const last = strokes.at(-1);
  if (!last) return null;
  const endMs = last.timeMs + last.holdMs;
  return (
    <svg
      class={`strip ${isTaken ? "strip-taken" : ""}`}
      viewBox={`0 0 ${STRIP_MS} 100`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {strokes.filter(({ timeMs }) => endMs - timeMs < STRIP_MS).map(({ timeMs, holdMs, zone }) => (
        <rect
          key={timeMs}
          class={`strip-${zone}`}
          x={STRIP_MS - (endMs - timeMs)}
          y={zone === "letter" ? 22 : zone === "space" ? 50 : 0}
          width={holdMs}
          height={50}
          rx={24}
          ry={12}
        />
      ))}
    </svg>
  );
}

interface SpreadRow {
  readonly name: string;
  readonly yours: readonly number[];
  readonly theirs: readonly number[];
}

interface SpreadsProps {
  readonly title: string;
  readonly axis: Axis;
  readonly isCompared: boolean;
  readonly rows: readonly SpreadRow[];
}

function Spreads({ title, axis, isCompared, rows }: SpreadsProps) {
  const shown = rows.filter(({ yours, theirs }, i) => i === 0 || yours.length + theirs.length > 0);
  return (
    <table class="rhythm-spreads">
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">Keys</th>
          <th scope="col" class="rhythm-axis">
            <span>{axis.from}</span> <span>{axis.to}</span>
          </th>
          <th scope="col" class="number">You</th>
          {isCompared && <th scope="col" class="number">Stranger</th>}
        </tr>
      </thead>
      <tbody>
        {shown.map(({ name, yours, theirs }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td class="rhythm-ridge">
              <svg
                viewBox={`0 0 ${PLACES - 1} 100`}
                preserveAspectRatio="none"
                aria-hidden="true"
              >
                <Ridge values={yours} axis={axis} class="ridge-yours" />
                <Ridge values={theirs} axis={axis} class="ridge-theirs" />
              </svg>
            </td>
            <td class="number">{middleWords(yours)}</td>
            {isCompared && <td class="number">{middleWords(theirs)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface RidgeProps {
  readonly values: readonly number[];
  readonly axis: Axis;
  readonly class: string;
}

function Ridge({ values, axis, ...rest }: RidgeProps) {
  if (values.length < LEAST) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const points = densityOf(sorted, axis, FINEST_MS)
    .map((height, i) => `${i} ${(100 - 94 * height).toFixed(1)}`);
  return <path {...rest} d={`M0 100L${points.join("L")}L${axis.places - 1} 100Z`} />;
}

/** The median, or how many are still wanted. */
export function middleWords(values: readonly number[]): string {
  if (values.length < LEAST) return "–";
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1]!;
  const lower = sorted[(sorted.length - 1) >> 1]!;
  return String(Math.round((lower + upper) / 2));
}
