/** Which rows of a long list are drawn: those in sight of the window, and a few around them. */
import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

/** Rows drawn beyond what is seen, on either side: a Tab or a flick finds something there. */
const AROUND = 8;

export interface RowsInSight {
  readonly from: number;
  /** Behind the last one. */
  readonly to: number;
  /** Height of each, px, as the stylesheet says in `--row-height`. */
  readonly rowPx: number;
}

/** `undefined` until the list is measured, and without script. */
export function useRowsInSight(
  list: RefObject<HTMLElement | null>,
  count: number,
): RowsInSight | undefined {
  const [sight, setSight] = useState<RowsInSight | undefined>(undefined);
  useEffect(() => {
    let frame = 0;
    const measure = () => {
      frame = 0;
      if (!list.current) return;
      const rowPx = parseFloat(getComputedStyle(list.current).getPropertyValue("--row-height"));
      const { top } = list.current.getBoundingClientRect();
      const seen = rowsInSight({ topPx: top, windowPx: innerHeight, rowPx, count });
      setSight((before) => isSame(before, seen) ? before : seen);
    };
    const soon = () => void (frame ||= requestAnimationFrame(measure));
    measure();
    addEventListener("scroll", soon, { passive: true });
    addEventListener("resize", soon);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener("scroll", soon);
      removeEventListener("resize", soon);
    };
  }, [count]);
  return sight;
}

/** `topPx` is where the list begins, from the top of the window. */
export function rowsInSight(
  { topPx, windowPx, rowPx, count }: {
    readonly topPx: number;
    readonly windowPx: number;
    readonly rowPx: number;
    readonly count: number;
  },
): RowsInSight {
  const first = Math.floor(-topPx / rowPx);
  // In steps, so that not every row that is scrolled by draws the list anew.
  const from = Math.max(0, Math.floor((first - AROUND) / 4) * 4);
  const last = Math.ceil((windowPx - topPx) / rowPx);
  const to = Math.min(count, Math.ceil((last + AROUND) / 4) * 4);
  return { from: Math.min(from, Math.max(0, count - 1)), to: Math.max(0, to), rowPx };
}

function isSame(one: RowsInSight | undefined, other: RowsInSight): boolean {
  return one?.from === other.from && one.to === other.to && one.rowPx === other.rowPx;
}
