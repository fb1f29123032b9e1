/** Risk over time with the bands of the levels: drawn by uPlot, or as a plain line without script. */
import { useEffect, useRef, useState } from "preact/hooks";
import type uPlot from "uplot";
import type { AlertView, SessionDetail } from "../../routes/live/feed.ts";
import type { LevelBand } from "./live_state.ts";

export interface TimelineProps {
  readonly detail: SessionDetail | undefined;
  readonly bands: readonly LevelBand[];
  /** Of this session; marked where they were raised. */
  readonly alerts: readonly AlertView[];
}

const HEIGHT_PX = 190;
/** A line needs some time to be seen as one. */
const SHORTEST_SPAN_S = 30;

export function Timeline({ detail, bands, alerts }: TimelineProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const latest = useRef({ detail, alerts });
  const [drawn, setDrawn] = useState(false);
  latest.current = { detail, alerts };
  const hasHistory = (detail?.history.length ?? 0) > 0;

  useEffect(() => {
    if (!host.current || !hasHistory) return;
    const box = host.current;
    const ended = new AbortController();
    void keepPlot(box, ended.signal, (Plot) => {
      plot.current?.destroy();
      plot.current = createPlot(Plot, box, bands, () => latest.current);
      setDrawn(true);
    }, () => plot.current?.setSize({ width: box.clientWidth, height: HEIGHT_PX }));
    return () => {
      ended.abort();
      plot.current?.destroy();
      plot.current = undefined;
      setDrawn(false);
    };
  }, [hasHistory, bands]);

  useEffect(() => plot.current?.setData(seriesOf(detail)), [detail, alerts]);

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

/**
 * Draws once uPlot is there, and again when the colour scheme changes. Where uPlot fails to load (it
 * does under a system language that `Intl` does not know) the plain line stays.
 */
async function keepPlot(
  box: HTMLElement,
  signal: AbortSignal,
  draw: (Plot: typeof uPlot) => void,
  resize: () => void,
): Promise<void> {
  const loaded = await import("uplot").catch(() => undefined);
  if (!loaded || signal.aborted) return;
  draw(loaded.default);
  const resizing = new ResizeObserver(resize);
  resizing.observe(box);
  signal.addEventListener("abort", () => resizing.disconnect());
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", () => draw(loaded.default), { signal });
}

function createPlot(
  Plot: typeof uPlot,
  host: HTMLElement,
  bands: readonly LevelBand[],
  latest: () => { detail: SessionDetail | undefined; alerts: readonly AlertView[] },
): uPlot {
  const style = getComputedStyle(host);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const font = `11px ${style.fontFamily}`;
  const axis = { stroke: colour("--ink-muted"), font, ticks: { show: false } };
  const thresholds = [0, ...bands.map(({ to }) => to)];
  return new Plot(
    {
      width: host.clientWidth,
      height: HEIGHT_PX,
      padding: [8, 26, 0, 0],
      legend: { show: false },
      cursor: { points: { size: 7 }, drag: { x: false, y: false }, y: false },
      scales: {
        x: {
          range: (_, from, to) => [Math.min(from, to - SHORTEST_SPAN_S), to],
        },
        y: { range: [0, 100] },
      },
      axes: [
        { ...axis, grid: { show: false }, size: 26, values: (_, times) => times.map(clockWords) },
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
        draw: [(plot) => drawAlerts(plot, latest().alerts, colour)],
      },
    },
    seriesOf(latest().detail),
    host,
  );
}

function drawBands(plot: uPlot, bands: readonly LevelBand[], colour: (name: string) => string) {
  const { ctx, bbox } = plot;
  for (const { level, from, to } of bands) {
    const top = plot.valToPos(to, "y", true);
    ctx.fillStyle = colour(`--band-${level}`);
    ctx.fillRect(bbox.left, top, bbox.width, plot.valToPos(from, "y", true) - top);
  }
}

/** A small triangle on the time axis where an alert was raised. */
function drawAlerts(plot: uPlot, alerts: readonly AlertView[], colour: (name: string) => string) {
  const { ctx, bbox } = plot;
  const size = 6 * devicePixelRatio;
  for (const { atMs, level } of alerts) {
    const x = plot.valToPos(atMs / 1000, "x", true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.fillStyle = colour(`--level-${level}`);
    ctx.beginPath();
    ctx.moveTo(x - size, bbox.top);
    ctx.lineTo(x + size, bbox.top);
    ctx.lineTo(x, bbox.top + 1.6 * size);
    ctx.fill();
  }
}

const CLOCK = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

function clockWords(seconds: number): string {
  return CLOCK.format(1000 * seconds);
}
