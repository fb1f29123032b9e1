/** Rows under a pointer or a focus keep their place: whoever reaches for one must not get another. */
import type { SessionRow } from "../../routes/live/feed.ts";

/**
 * The rows as they stood, each as it is now, also those that would be in the list no more; newcomers
 * follow behind.
 * @param order ids as they were shown.
 * @param known every session that there is.
 */
export function inHeldOrder(
  rows: readonly SessionRow[],
  order: readonly string[],
  known: ReadonlyMap<string, SessionRow>,
): SessionRow[] {
  const shown = new Set(order);
  const kept = order.flatMap((session) => known.get(session) ?? []);
  return [...kept, ...rows.filter(({ session }) => !shown.has(session))];
}

/** How many of the first `sight` rows would stand elsewhere if the order were let go. */
export function movedCount(
  held: readonly SessionRow[],
  rows: readonly SessionRow[],
  sight: number,
): number {
  let moved = 0;
  for (let i = 0; i < Math.min(sight, rows.length); i++) {
    if (held[i]?.session !== rows[i]!.session) moved++;
  }
  return moved;
}
