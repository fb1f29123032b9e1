/** What the plots over time have in common: when they are drawn, in which colours, their axes. */
import type uPlot from "uplot";
import { localMoment } from "./moments.ts";

/**
 * Draws once uPlot is there, and again when the colour scheme changes. Where uPlot fails to load (it
 * does under a system language that `Intl` does not know) the plain line stays.
 */
export async function keepPlot(
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

export interface PlotStyle {
  /** The colour that a token of the stylesheet has now. */
  readonly colour: (token: string) => string;
  readonly axis: uPlot.Axis;
  readonly timeAxis: uPlot.Axis;
}

export function plotStyle(host: HTMLElement): PlotStyle {
  const style = getComputedStyle(host);
  const colour = (token: string) => style.getPropertyValue(token).trim();
  const font = `11px ${style.fontFamily}`;
  const axis = { stroke: colour("--ink-muted"), font, ticks: { show: false } };
  const values = (_: uPlot, times: number[]) =>
    times.map((seconds) => localMoment(1000 * seconds, "clock"));
  return {
    colour,
    axis,
    timeAxis: { ...axis, grid: { show: false }, size: 26, space: 90, values },
  };
}

/** Fills what lies between two values of the y axis. */
export function fillBand(plot: uPlot, from: number, to: number, colour: string): void {
  const { ctx, bbox } = plot;
  const top = plot.valToPos(to, "y", true);
  ctx.fillStyle = colour;
  ctx.fillRect(bbox.left, top, bbox.width, plot.valToPos(from, "y", true) - top);
}

/** Where a moment is on the canvas; `undefined` where it lies outside. */
export function placeOf(plot: uPlot, atMs: number): number | undefined {
  const x = plot.valToPos(atMs / 1000, "x", true);
  return x < plot.bbox.left - 1 || x > plot.bbox.left + plot.bbox.width + 1 ? undefined : x;
}
