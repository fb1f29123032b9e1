/**
 * A picture that is a table: each row a feature, drawn as the density of its windows with the middle
 * half marked, and the same in numbers beside it. Whoever sees no picture misses nothing.
 */
import { type Axis, axisOf, densityOf, type Spread } from "../../../core/portrait.ts";

export interface SpreadRow {
  readonly label: string;
  readonly spread: Spread;
}

export interface SpreadsProps {
  /** What the rows are, for those who hear the table. */
  readonly caption: string;
  /** Heading of the first column. */
  readonly of: string;
  readonly unit: string;
  readonly rows: readonly SpreadRow[];
  /** Finest step that the values can be told apart by, in their unit. */
  readonly finest: number;
  /** Whole steps that the axis begins and ends on. */
  readonly step: number;
}

const PLACES = 121;
/** Marks on the axis, about. */
const MARKS = 4;

export function Spreads({ caption, of, unit, rows, finest, step }: SpreadsProps) {
  const axis = axisOf(rows.map(({ spread }) => spread), step, PLACES);
  const marks = marksOf(axis);
  return (
    <table class="spreads spreads-pictured">
      <caption class="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{of}</th>
          <th scope="col" class="spreads-picture">
            <span class="visually-hidden">Spread</span>
            <svg class="spreads-axis" aria-hidden="true">
              {marks.map(({ value, place }) => (
                <text key={value} x={percent(place)} y="12" text-anchor="middle">
                  {number(value)}
                </text>
              ))}
            </svg>
          </th>
          <th scope="col" class="number">Middle, {unit}</th>
          <th scope="col" class="number">Half lie within</th>
          <th scope="col" class="number spreads-count">Windows</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ label, spread }) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td class="spreads-picture">
              <Ridge spread={spread} axis={axis} finest={finest} marks={marks} />
            </td>
            <td class="number spreads-middle">{number(spread.middle)}</td>
            <td class="number">{number(spread.low)} to {number(spread.high)}</td>
            <td class="number spreads-count">{spread.values.length}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface RidgeProps {
  readonly spread: Spread;
  readonly axis: Axis;
  readonly finest: number;
  readonly marks: readonly Mark[];
}

function Ridge({ spread, axis, finest, marks }: RidgeProps) {
  const heights = densityOf(spread.values, axis, finest);
  const points = heights.map((height, i) => `${i} ${(100 - 96 * height).toFixed(1)}`);
  const place = (value: number) => (value - axis.from) / (axis.to - axis.from);
  const [low, middle, high] = [spread.low, spread.middle, spread.high].map(place);
  return (
    <svg class="ridge" aria-hidden="true">
      {marks.map(({ value, place }) => (
        <line
          key={value}
          class="ridge-grid"
          x1={percent(place)}
          x2={percent(place)}
          y1="0"
          y2="100%"
        />
      ))}
      <svg
        viewBox={`0 0 ${axis.places - 1} 100`}
        preserveAspectRatio="none"
        height="34"
        width="100%"
      >
        <path
          class="ridge-density"
          d={`M0 100 L${points.join(" L")} L${axis.places - 1} 100 Z`}
          vector-effect="non-scaling-stroke"
        />
      </svg>
      <rect
        class="ridge-half"
        x={percent(low!)}
        width={percent(Math.max(0.004, high! - low!))}
        y="36"
        height="4"
        rx="2"
      />
      <line class="ridge-middle" x1={percent(middle!)} x2={percent(middle!)} y1="4" y2="42" />
    </svg>
  );
}

interface Mark {
  readonly value: number;
  /** 0 to 1, along the axis. */
  readonly place: number;
}

/** Round numbers along the axis, none so near its ends that it would be cut. */
function marksOf({ from, to }: Axis): Mark[] {
  const rough = (to - from) / MARKS;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * magnitude).find((each) => each >= rough)!;
  const marks: Mark[] = [];
  for (let value = Math.ceil(from / step) * step; value <= to; value += step) {
    const place = (value - from) / (to - from);
    if (place > 0.03 && place < 0.97) marks.push({ value, place });
  }
  return marks;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)}%`;
}

/** Three figures are all that so few windows can say. */
const FORMAT = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

export function number(value: number): string {
  // No minus before a zero.
  return FORMAT.format(Math.abs(value) < 1e-9 ? 0 : value);
}
