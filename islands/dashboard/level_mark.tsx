/** A level as shape, colour and word, so that none of the three has to be seen. */
import type { LevelName } from "../../routes/live/feed.ts";
import { LEVEL_WORDS } from "./words.ts";

/** In a box of 16: more corners stand out more. */
const SHAPES: Readonly<Record<LevelName, string>> = {
  low: "M8 3a5 5 0 1 0 0 10a5 5 0 1 0 0-10z",
  elevated: "M8 2L15 14H1z",
  high: "M8 1L15 8L8 15L1 8z",
  critical: "M5 1H11L15 5V11L11 15H5L1 11V5z",
  unknown: "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12zM8 4a4 4 0 1 1 0 8a4 4 0 1 1 0-8z",
};

export function LevelMark({ level, quiet = false }: { level: LevelName; quiet?: boolean }) {
  return (
    <span class={`level level-${level}`}>
      <svg class="level-shape" viewBox="0 0 16 16" aria-hidden="true">
        <path d={SHAPES[level]} fill-rule="evenodd" />
      </svg>
      <span class={quiet ? "visually-hidden" : undefined}>{LEVEL_WORDS[level]}</span>
    </span>
  );
}
