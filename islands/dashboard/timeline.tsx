/** Risk over time with the bands of the levels: drawn by uPlot, or as a plain line without script. */
import { useEffect, useRef, useState } from "preact/hooks";
import type uPlot from "uplot";
import type { AlertView, SessionDetail, Turn } from "../../routes/live/feed.ts";
import type { LevelBand } from "./live_state.ts";
import { fillBand, keepPlot, placeOf, plotStyle } from "./plot.ts";

export interface TimelineProps {
  readonly detail: SessionDetail | undefined;
  readonly bands: readonly LevelBand[];
  /** Of this session; marked where they were raised. */
  readonly alerts: readonly AlertView[];
  /** What was asked of the person; marked where it was. */
  readonly turns?: readonly Turn[];
  /** Plots of one key show the moment pointed at together. */
  readonly syncKey?: string;
}

const HEIGHT_PX = 190;
/** A line needs some time to be seen as one. */
const SHORTEST_SPAN_S = 30;

export function Timeline({ detail, bands, alerts, turns = [], syncKey }: TimelineProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const latest = useRef({ detail, alerts, turns });
  const [drawn, setDrawn] = useState(false);
  latest.current = { detail, alerts, turns };
  const hasHistory = (detail?.history.length ?? 0) > 0;

  useEffect(() => {
    if (!host.current || !hasHistory) return;
    const box = host.current;
    const ended = new AbortController();
    void keepPlot(box, ended.signal, (Plot) => {
      plot.current?.destroy();
      plot.current = createPlot(Plot, { host: box, bands, syncKey }, () => latest.current);
      setDrawn(true);
    }, () => plot.current?.setSize({ width: box.clientWidth, height: HEIGHT_PX }));
    return () => {
      ended.abort();
      plot.current?.destroy();
      plot.current = undefined;
      setDrawn(false);
    };
  }, [hasHistory, bands]);

  useEffect(() => plot.current?.setData(seriesOf(detail)), [detail, alerts, turns]);

  if (!detail || !hasHistory) {
    return (
      <p class="empty timeline-empty">The line begins with the first window that is judged.</p>
    );
  }
  return (
    <figure class="timeline">
      <div ref={host} class="timeline-plot" aria-hidden="true"></div>
      {!drawn && <Sketch detail={detail} bands={bands} />}
      <figcaption class="visually-hidden">{timelineWords(detail)}</figcaption>
    </figure>
  );
}

function timelineWords({ history }: SessionDetail): string {
  const risks = history.map(([, risk]) => risk);
  const highest = Math.max(...risks).toFixed(0);
  return `Risk over time: now ${risks.at(-1)!.toFixed(0)}, highest ${highest} of 100.`;
}

/** What is there before the script, and without it. */
function Sketch({ detail, bands }: { detail: SessionDetail; bands: readonly LevelBand[] }) {
  const [times, risks] = seriesOf(detail);
  const first = times[0]!;
  const span = Math.max(SHORTEST_SPAN_S, times.at(-1)! - first);
  const points = times.map((time, i) => `${600 * (time - first) / span},${100 - risks[i]!}`);
  return (
    <svg
      class="timeline-sketch"
      viewBox="0 0 600 100"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {bands.map(({ level, from, to }) => (
        <rect
          key={level}
          class={`timeline-band level-${level}`}
          y={100 - to}
          width="600"
          height={to - from}
        />
      ))}
      <polyline points={points.join(" ")} />
    </svg>
  );
}

/** Seconds since the epoch, and risks. */
function seriesOf(detail: SessionDetail | undefined): [number[], number[]] {
  const history = detail?.history ?? [];
  return [history.map(([atMs]) => atMs / 1000), history.map(([, risk]) => risk)];
}

function createPlot(
  Plot: typeof uPlot,
  { host, bands, syncKey }: {
    readonly host: HTMLElement;
    readonly bands: readonly LevelBand[];
    readonly syncKey: string | undefined;
  },
  latest: () => {
    readonly detail: SessionDetail | undefined;
    readonly alerts: readonly AlertView[];
    readonly turns: readonly Turn[];
  },
): uPlot {
  const { colour, axis, timeAxis } = plotStyle(host);
  const thresholds = [0, ...bands.map(({ to }) => to)];
  return new Plot(
    {
      width: host.clientWidth,
      height: HEIGHT_PX,
      padding: [8, 26, 0, 0],
      legend: { show: false },
      cursor: {
        points: { size: 7 },
        drag: { x: false, y: false },
        y: false,
        ...syncKey === undefined ? {} : { sync: { key: syncKey } },
      },
      scales: {
        x: {
          range: (_, from, to) => [Math.min(from, to - SHORTEST_SPAN_S), to],
        },
        y: { range: [0, 100] },
      },
      axes: [
        timeAxis,
        {
          ...axis,
          splits: () => thresholds,
          grid: { stroke: colour("--line"), width: 1 },
          size: 34,
        },
      ],
      series: [{}, {
        stroke: colour("--ink"),
        width: 1.75,
        points: { show: false },
      }],
      hooks: {
        drawClear: [(plot) => drawBands(plot, bands, colour)],
        draw: [(plot) => {
          drawTurns(plot, latest().turns, colour);
          drawAlerts(plot, latest().alerts, colour);
        }],
      },
    },
    seriesOf(latest().detail),
    host,
  );
}

function drawBands(plot: uPlot, bands: readonly LevelBand[], colour: (name: string) => string) {
  for (const { level, from, to } of bands) fillBand(plot, from, to, colour(`--band-${level}`));
}

/** A small triangle on top where an alert was raised. */
function drawAlerts(plot: uPlot, alerts: readonly AlertView[], colour: (name: string) => string) {
  const { ctx, bbox } = plot;
  const size = 6 * devicePixelRatio;
  for (const { atMs, level } of alerts) {
    const x = placeOf(plot, atMs);
    if (x === undefined) continue;
    ctx.fillStyle = colour(`--level-${level}`);
    ctx.beginPath();
    ctx.moveTo(x - size, bbox.top);
    ctx.lineTo(x + size, bbox.top);
    ctx.lineTo(x, bbox.top + 1.6 * size);
    ctx.fill();
  }
}

/** A line through the plot where something was asked, and at its foot how it ended: ?, a tick, a cross. */
function drawTurns(plot: uPlot, turns: readonly Turn[], colour: (name: string) => string) {
  const { ctx, bbox } = plot;
  const px = devicePixelRatio;
  for (const { atMs, kind } of turns) {
    const x = placeOf(plot, atMs);
    if (x === undefined) continue;
    const [ink, y] = [colour(TURN_COLOURS[kind]), bbox.top + bbox.height - 9 * px];
    ctx.save();
    ctx.strokeStyle = ink;
    ctx.lineWidth = px;
    ctx.setLineDash([3 * px, 3 * px]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, y - 7 * px);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.fillStyle = colour("--surface");
    ctx.beginPath();
    ctx.arc(x, y, 7 * px, 0, 2 * Math.PI);
    ctx.fill();
    ctx.stroke();
    ctx.fillStyle = ink;
    ctx.font = `bold ${10 * px}px sans-serif`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(TURN_SIGNS[kind], x, y + 0.5 * px);
    ctx.restore();
  }
}

/** As the legend beside the plot names them. */
export const TURN_SIGNS: Readonly<Record<Turn["kind"], string>> = {
  asked: "?",
  blocked: "–",
  passed: "✓",
  failed: "✕",
};
const TURN_COLOURS: Readonly<Record<Turn["kind"], string>> = {
  asked: "--accent",
  blocked: "--level-critical",
  passed: "--level-low",
  failed: "--level-critical",
};
