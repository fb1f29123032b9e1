/** Typing rhythm and pointer character, drawn from the windows that a profile keeps. */
import { LEAST_WINDOWS, type Portrait, type Spread } from "../../../core/portrait.ts";
import { number, type SpreadRow, Spreads } from "./spreads.tsx";

/** What the wire's clock, 0.1 ms at best and often 1 ms, tells apart as a mean over a few strokes. */
const FINEST_MS = 1;
const STEP_MS = 10;
const FINEST_PX_S = 5;
const STEP_PX_S = 50;

export function TypingPicture({ portrait }: { portrait: Portrait }) {
  const holds = rowsOf(portrait, /^holdMeanMs\./, "holds on ");
  const flights = rowsOf(portrait, /^flightMeanMs\./, "flights from ");
  const whole = WHOLE_TYPING.flatMap(([name, label]) => rowOf(portrait, name, label));
  if (!holds.length && !flights.length) return <NoPicture what="typing rhythm" />;
  return (
    <>
      <p class="hint">
        A window is about 50 strokes, and gives one average a row; neighbours share strokes. A hill
        shows where those averages lie, the bar under it the middle half of them, the line their
        middle.
      </p>
      {whole.length > 0 && (
        <p>
          {whole.map(({ label, spread }) => `${label} ${number(spread.middle)} ms`).join("; ")}.
        </p>
      )}
      {holds.length > 0 && (
        <>
          <h3>How long keys are held</h3>
          <Spreads
            caption="How long keys are held, by the kind of key"
            of="Keys"
            unit="ms"
            rows={holds}
            finest={FINEST_MS}
            step={STEP_MS}
          />
        </>
      )}
      {flights.length > 0 && (
        <>
          <h3>From one key to the next</h3>
          <p class="hint">
            From letting one key go to pressing the next; below zero the next is pressed before the
            last is let go.
          </p>
          <Spreads
            caption="Time from one key to the next, by the kinds of keys"
            of="Keys"
            unit="ms"
            rows={flights}
            finest={FINEST_MS}
            step={STEP_MS}
          />
        </>
      )}
    </>
  );
}

const WHOLE_TYPING = [
  ["holdMedianMs", "All holds, in the middle:"],
  ["flightMedianMs", "all flights:"],
] as const;

const SPEEDS = [
  ["speedP10", "Slowest tenth"],
  ["speedMedian", "Middle"],
  ["speedP90", "Fastest tenth"],
] as const;

/** With the words of the row and its unit. */
const CHARACTER = [
  ["straightnessMedian", "Straightness of a movement (1 is a straight line)", ""],
  ["actionLengthPxMedian", "Length of a movement", "px"],
  ["actionMsMedian", "Time a movement takes", "ms"],
  ["pauseMsMedian", "Pause between movements", "ms"],
  ["peakPlace", "Place of the peak speed (0 is the start, 1 the end)", ""],
  ["overshootPx", "Overshoot at the end", "px"],
  ["clickDwellMeanMs", "Length of a click", "ms"],
] as const;

export function PointerPicture({ portrait }: { portrait: Portrait }) {
  const speeds = SPEEDS.flatMap(([name, label]) => rowOf(portrait, name, label));
  if (!speeds.length) return <NoPicture what="pointer character" />;
  const character = CHARACTER.flatMap(([name, label, unit]) =>
    rowOf(portrait, name, label).map((row) => ({ ...row, unit }))
  );
  return (
    <>
      <p class="hint">
        A window is some 15 seconds of movement, and gives one number a row; neighbours share
        movement.
      </p>
      <h3>Speed profile</h3>
      <Spreads
        caption="Speed of the pointer within windows"
        of="Part"
        unit="px/s"
        rows={speeds}
        finest={FINEST_PX_S}
        step={STEP_PX_S}
      />
      <Directions portrait={portrait} />
      {character.length > 0 && (
        <>
          <h3>Manner</h3>
          <table class="spreads">
            <caption class="visually-hidden">Manner of the pointer</caption>
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col" class="number">Middle</th>
                <th scope="col" class="number">Half lie within</th>
              </tr>
            </thead>
            <tbody>
              {character.map(({ label, unit, spread: { low, middle, high } }) => (
                <tr key={label}>
                  <th scope="row">{label}</th>
                  <td class="number spreads-middle">{number(middle)} {unit}</td>
                  <td class="number">{number(low)} to {number(high)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </>
  );
}

/** As the features name them, clockwise from the right; y points downwards. */
const DIRECTIONS = [
  ["right", "Right"],
  ["downRight", "Down right"],
  ["down", "Down"],
  ["downLeft", "Down left"],
  ["left", "Left"],
  ["upLeft", "Up left"],
  ["up", "Up"],
  ["upRight", "Up right"],
] as const;
const EIGHTH = Math.PI / 4;

/** A rose of eight petals, each as long as the share of movement that goes that way. */
function Directions({ portrait }: { portrait: Portrait }) {
  const shares = DIRECTIONS.flatMap(([name, label], i) => {
    const spread = portrait.get(`directionShare.${name}`);
    return spread ? [{ label, i, spread }] : [];
  });
  if (!shares.length) return null;
  const longest = Math.max(...shares.map(({ spread }) => spread.middle));
  const most = shares.find(({ spread }) => spread.middle === longest)!;
  const percent = (share: number) => `${number(100 * share)} %`;
  return (
    <>
      <h3>Directions</h3>
      <div class="directions">
        <svg
          class="rose"
          viewBox="-110 -110 220 220"
          role="img"
          aria-label={`Share of movement by direction; most goes ${most.label.toLowerCase()}, ${
            percent(longest)
          }. The table beside it has every direction.`}
        >
          {[0.5, 1].map((share) => <circle key={share} class="ridge-grid" r={100 * share} />)}
          {shares.map(({ label, i, spread }) => (
            <path key={label} class="ridge-density" d={petal(i, 100 * spread.middle / longest)} />
          ))}
        </svg>
        <table class="spreads">
          <caption class="visually-hidden">Share of movement by direction</caption>
          <thead>
            <tr>
              <th scope="col">Direction</th>
              <th scope="col" class="number">Middle</th>
              <th scope="col" class="number">Half lie within</th>
            </tr>
          </thead>
          <tbody>
            {shares.map(({ label, spread: { low, middle, high } }) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                <td class="number spreads-middle">{percent(middle)}</td>
                <td class="number">{number(100 * low)} to {percent(high)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function petal(eighth: number, length: number): string {
  const at = (angle: number) =>
    `${(length * Math.cos(angle)).toFixed(1)} ${(length * Math.sin(angle)).toFixed(1)}`;
  const [from, to] = [EIGHTH * (eighth - 0.44), EIGHTH * (eighth + 0.44)];
  return `M0 0 L${at(from)} A${length.toFixed(1)} ${length.toFixed(1)} 0 0 1 ${at(to)} Z`;
}

function NoPicture({ what }: { what: string }) {
  return (
    <p class="empty">
      No picture of the {what} yet: it takes {LEAST_WINDOWS} windows.
    </p>
  );
}

/** Most windows first: what is seen most says most. */
function rowsOf(portrait: Portrait, names: RegExp, before: string): SpreadRow[] {
  const spreads = [...portrait].filter(([name]) => names.test(name)).map(([, spread]) => spread);
  return spreads.sort((a: Spread, b: Spread) => b.values.length - a.values.length)
    .map((spread) => ({ label: sentence(spread.feature.words.replace(before, "")), spread }));
}

function rowOf(portrait: Portrait, name: string, label: string): SpreadRow[] {
  const spread = portrait.get(name);
  return spread ? [{ label, spread }] : [];
}

function sentence(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
