/** What a program types: every key exactly as long, every gap exactly as wide, nothing corrected. */
import { type Stroke, toWirePrecision } from "../../core/wire.ts";

export interface ScriptOptions {
  readonly intervalMs?: number;
  readonly holdMs?: number;
}

/** `count` strokes, the first press at `startMs`; every sixth is a space. */
export function typeAsScript(
  count: number,
  startMs: number,
  { intervalMs = 100, holdMs = 40 }: ScriptOptions = {},
): Stroke[] {
  return Array.from({ length: count }, (_, i) => ({
    kind: "stroke",
    timeMs: toWirePrecision(startMs + i * intervalMs),
    holdMs,
    zone: i % 6 === 5 ? "space" : "letter",
  }));
}

/** Does to `field` what a script in a page can do: key events that the browser marks as untrusted. */
export function pressAsScript(field: HTMLElement): void {
  for (const type of ["keydown", "keyup"]) {
    field.dispatchEvent(new KeyboardEvent(type, { code: "KeyA", key: "a", bubbles: true }));
  }
}
