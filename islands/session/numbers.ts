/** Values of features as people read them. */
import type { ReadingView } from "../../routes/live/feed.ts";

/** "62 ms", "12 %", "5.1 per second". */
export function valueWords(value: number, unit: ReadingView["unit"]): string {
  if (unit === "ratio") return `${numberWords(100 * value)} %`;
  return unit === "count" ? numberWords(value) : `${numberWords(value)} ${unit}`;
}

/** "84 to 112 ms". */
export function rangeWords(from: number, to: number, unit: ReadingView["unit"]): string {
  const low = unit === "ratio" ? 100 * from : from;
  return `${numberWords(low)} to ${valueWords(to, unit)}`;
}

/** Three digits say all that a hand does. */
function numberWords(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en", { maximumFractionDigits: digits });
}

/** Where a value lies, said beside the picture of it. */
export function placeWords({ value, usual: [q05, q25, , q75, q95] }: ReadingView): string {
  if (value < q05) return "below the usual range";
  if (value > q95) return "above the usual range";
  return value >= q25 && value <= q75 ? "right in the usual range" : "within the usual range";
}
