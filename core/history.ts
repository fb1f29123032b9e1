/** What a value was over time, thinned as it grows, so that it stays small enough to be stored. */

/** `[atMs, value]` by the server's clock, oldest first. */
export type History = readonly (readonly [number, number])[];

/** Changes within this time are one point, the last of them, ms. */
const STEP_MS = 1000;

/** The history with one more point; beyond `most`, every second point of the older half is given up. */
export function remember(history: History, atMs: number, value: number, most: number): History {
  const last = history.at(-1);
  const isSameStep = last !== undefined && atMs - last[0] < STEP_MS;
  const before = isSameStep ? history.slice(0, -1) : history;
  const grown = [...before, [isSameStep ? last[0] : atMs, value] as const];
  return grown.length > most ? grown.filter((_, i) => i >= most / 2 || i % 2 === 0) : grown;
}
