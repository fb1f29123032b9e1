/** Every feature that weighs much, its value drawn against the subject's usual range of it. */
import type { ReadingView, ReasonView, SessionDetail } from "../../routes/live/feed.ts";
import { factorWords, SOURCE_WORDS } from "../dashboard/words.ts";
import { placeWords, rangeWords, valueWords } from "./numbers.ts";

export function UsualRanges({ detail }: { detail: SessionDetail }) {
  const reasons = detail.reasons.filter(({ reading }) => reading !== undefined);
  if (reasons.length === 0) {
    return (
      <p class="empty">
        Nothing to compare yet. Once a profile is ready, the features that weigh most are drawn here
        against what is usual for this person.
      </p>
    );
  }
  return (
    <>
      <p class="ranges-lead">
        <span class="ranges-key" aria-hidden="true">
          <Range from={10} to={90} box={[32, 68]} middle={50} />
        </span>
        What is usual for this person: the line holds nine windows in ten, the box every second one.
        The diamond is this session's newest window.
      </p>
      <ul class="ranges">
        {reasons.map(({ source, key, nats, reading }) => (
          <li key={`${source} ${key}`}>
            <Distribution reason={{ source, nats }} reading={reading!} />
          </li>
        ))}
      </ul>
    </>
  );
}

interface DistributionProps {
  readonly reason: Pick<ReasonView, "source" | "nats">;
  readonly reading: ReadingView;
}

function Distribution({ reason: { source, nats }, reading }: DistributionProps) {
  const { feature, unit, value, usual } = reading;
  const [q05, q25, q50, q75, q95] = usual;
  const place = scaleOf(reading);
  return (
    <figure class="range">
      <figcaption>
        <span class="range-name">
          <span class="reasons-source">{SOURCE_WORDS[source]}</span> {feature}
        </span>
        <span class={`number ${nats < 0 ? "towards-subject" : "towards-other"}`}>
          {factorWords(nats)}
        </span>
      </figcaption>
      <Range
        from={place(q05)}
        to={place(q95)}
        box={[place(q25), place(q75)]}
        middle={place(q50)}
        value={place(value)}
        towards={nats < 0 ? "subject" : "other"}
      />
      <p class="range-words">
        <strong>{valueWords(value, unit)}</strong>, {placeWords(reading)} of{" "}
        {rangeWords(q05, q95, unit)}
      </p>
    </figure>
  );
}

interface RangeProps {
  readonly from: number;
  readonly to: number;
  readonly box: readonly [number, number];
  readonly middle: number;
  readonly value?: number;
  readonly towards?: "subject" | "other";
}

/** All in percent of the width. The words beside it say the same. */
function Range({ from, to, box: [left, right], middle, value, towards = "other" }: RangeProps) {
  return (
    <svg class="range-svg" aria-hidden="true">
      <line class="range-most" x1={`${from}%`} x2={`${to}%`} y1="50%" y2="50%" />
      <line class="range-end" x1={`${from}%`} x2={`${from}%`} y1="7" y2="17" />
      <line class="range-end" x1={`${to}%`} x2={`${to}%`} y1="7" y2="17" />
      <rect class="range-half" x={`${left}%`} width={`${right - left}%`} y="5" height="14" rx="3" />
      <line class="range-middle" x1={`${middle}%`} x2={`${middle}%`} y1="5" y2="19" />
      {value !== undefined && (
        <svg x={`${value}%`} y="12" overflow="visible">
          <path class={`range-value bar-${towards}`} d="M0-7L7 0L0 7L-7 0z" />
        </svg>
      )}
    </svg>
  );
}

/** Where on the picture a value is, percent: the usual range and the value with some air about them. */
function scaleOf({ value, usual }: ReadingView): (value: number) => number {
  const [low, high] = [Math.min(value, usual[0]), Math.max(value, usual[4])];
  const span = high - low || 1;
  return (at) => Math.round(10 * (6 + 88 * (at - low) / span)) / 10;
}
