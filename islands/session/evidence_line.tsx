/** What one source said over time, as what it made of the odds. */
import { useEffect, useRef, useState } from "preact/hooks";
import type uPlot from "uplot";
import { fillBand, keepPlot, plotStyle } from "../dashboard/plot.ts";
import { factorWords } from "../dashboard/words.ts";

export interface EvidenceLineProps {
  /** `[atMs, nats]`, oldest first; positive says "someone else". */
  readonly points: readonly (readonly [number, number])[];
  /** Of the whole picture, so that it stands under the risk, ms. */
  readonly span: readonly [number, number];
  readonly name: string;
  readonly syncKey: string;
}

const HEIGHT_PX = 120;
/** Always in sight, so that a little is seen to be little: odds times or by twenty. */
const LEAST_NATS = 3;
const DECADE_NATS = Math.log(10);

export function EvidenceLine({ points, span, name, syncKey }: EvidenceLineProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const latest = useRef({ points, span });
  const [drawn, setDrawn] = useState(false);
  latest.current = { points, span };
  const hasPoints = points.length > 0;

  useEffect(() => {
    if (!host.current || !hasPoints) return;
    const box = host.current;
    const ended = new AbortController();
    void keepPlot(box, ended.signal, (Plot) => {
      plot.current?.destroy();
      plot.current = createPlot(Plot, box, syncKey, () => latest.current);
      setDrawn(true);
    }, () => plot.current?.setSize({ width: box.clientWidth, height: HEIGHT_PX }));
    return () => {
      ended.abort();
      plot.current?.destroy();
      plot.current = undefined;
      setDrawn(false);
    };
  }, [hasPoints]);
  useEffect(() => plot.current?.setData(seriesOf(points)), [points, span]);

  if (!hasPoints) return <p class="empty evidence-none">Has not spoken yet.</p>;
  return (
    <figure class="evidence">
      <div ref={host} class="evidence-plot" aria-hidden="true"></div>
      {!drawn && <Sketch points={points} span={span} />}
      <figcaption class="visually-hidden">{wordsOf(name, points)}</figcaption>
    </figure>
  );
}

function wordsOf(name: string, points: EvidenceLineProps["points"]): string {
  const all = points.map(([, nats]) => nats);
  const [now, most] = [all.at(-1)!, Math.max(...all)];
  return `${name} over time: the odds of someone else now ${factorWords(now)}, at most ${
    factorWords(most)
  }.`;
}

function rangeOf(points: EvidenceLineProps["points"]): [number, number] {
  const all = points.map(([, nats]) => nats);
  return [Math.min(-LEAST_NATS, ...all) - 0.3, Math.max(LEAST_NATS, ...all) + 0.3];
}

/** What is there before the script, and without it. */
function Sketch({ points, span: [from, to] }: Pick<EvidenceLineProps, "points" | "span">) {
  const [low, high] = rangeOf(points);
  const y = (nats: number) => (100 * (high - nats) / (high - low)).toFixed(1);
  const line = points.map(([atMs, nats]) =>
    `${(600 * (atMs - from) / Math.max(1, to - from)).toFixed(1)},${y(nats)}`
  );
  return (
    <svg
      class="evidence-sketch"
      viewBox="0 0 600 100"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <line class="evidence-even" x1="0" x2="600" y1={y(0)} y2={y(0)} />
      <polyline points={line.join(" ")} />
    </svg>
  );
}

function seriesOf(points: EvidenceLineProps["points"]): [number[], number[]] {
  return [points.map(([atMs]) => atMs / 1000), points.map(([, nats]) => nats)];
}

function createPlot(
  Plot: typeof uPlot,
  host: HTMLElement,
  syncKey: string,
  latest: () => Pick<EvidenceLineProps, "points" | "span">,
): uPlot {
  const { colour, axis, timeAxis } = plotStyle(host);
  return new Plot(
    {
      width: host.clientWidth,
      height: HEIGHT_PX,
      padding: [6, 26, 0, 0],
      legend: { show: false },
      cursor: {
        points: { size: 7 },
        drag: { x: false, y: false },
        y: false,
        sync: { key: syncKey },
      },
      scales: {
        x: { range: () => [latest().span[0] / 1000, latest().span[1] / 1000] },
        y: { range: () => rangeOf(latest().points) },
      },
      axes: [timeAxis, {
        ...axis,
        splits: (_, __, low, high) => decadesWithin(low, high),
        values: (_, marks) => marks.map((nats) => nats === 0 ? "even" : factorWords(nats)),
        grid: { stroke: colour("--line"), width: 1 },
        size: 46,
      }],
      series: [{}, {
        stroke: colour("--ink"),
        width: 1.75,
        points: { show: latest().points.length === 1 },
      }],
      hooks: {
        drawClear: [(plot) => {
          const [low, high] = rangeOf(latest().points);
          fillBand(plot, 0, high, colour("--band-high"));
          fillBand(plot, low, 0, colour("--band-low"));
        }],
      },
    },
    seriesOf(latest().points),
    host,
  );
}

/** Even odds, and every factor of ten; of a hundred where there are many. */
function decadesWithin(low: number, high: number): number[] {
  const step = (high - low > 6 * DECADE_NATS ? 2 : 1) * DECADE_NATS;
  const marks: number[] = [];
  for (let at = Math.ceil(low / step) * step; at <= high; at += step) {
    marks.push(Math.abs(at) < 1e-9 ? 0 : at);
  }
  return marks;
}
