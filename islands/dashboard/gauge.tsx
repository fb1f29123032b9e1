/** The risk of one session on a half circle, with its level in words and its confidence. */
import type { LevelBand } from "./live_state.ts";
import type { SessionDetail } from "../../routes/live/feed.ts";
import { LevelMark } from "./level_mark.tsx";
import { ACTION_WORDS, LEVEL_WORDS, riskWords } from "./words.ts";

/** Half a circle from left to right; `pathLength` makes dashes read as risk. */
const ARC = "M20 120A100 100 0 0 1 220 120";
const OUTER_ARC = "M8 120A112 112 0 0 1 232 120";

export interface GaugeProps {
  readonly detail: SessionDetail | undefined;
  readonly bands: readonly LevelBand[];
}

export function Gauge({ detail, bands }: GaugeProps) {
  const level = detail?.level ?? "low";
  // Without any evidence the risk is the prior: showing it as a finding would be a claim.
  const speaks = detail !== undefined && (detail.confidence > 0 || level === "unknown");
  const risk = speaks && level !== "unknown" ? detail.risk : 0;
  const words = speaks
    ? `${riskWords(risk, level)} of 100, ${LEVEL_WORDS[level]}`
    : "no opinion yet";
  return (
    <div class={`gauge ${speaks ? `level-${level}` : "gauge-mute"}`}>
      <svg
        viewBox="0 0 240 132"
        role="meter"
        aria-label="Risk that someone else is at the keyboard"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(risk)}
        aria-valuetext={words}
      >
        {bands.map(({ level, from, to }) => (
          <path
            key={level}
            class={`gauge-band level-${level}`}
            d={OUTER_ARC}
            pathLength={100}
            stroke-dasharray={`${Math.max(0, to - from - 0.8)} 200`}
            stroke-dashoffset={-from}
          />
        ))}
        <path class="gauge-track" d={ARC} pathLength={100} />
        <path
          class="gauge-value"
          d={ARC}
          pathLength={100}
          stroke-dasharray="100 200"
          stroke-dashoffset={100 - risk}
        />
        <text class="gauge-number" x="120" y="104" text-anchor="middle">
          {speaks ? riskWords(risk, level) : "–"}
        </text>
        <text class="gauge-scale" x="20" y="131" text-anchor="middle">0</text>
        <text class="gauge-scale" x="220" y="131" text-anchor="middle">100</text>
      </svg>
      <p class="gauge-level">
        {speaks ? <LevelMark level={level} /> : "No opinion yet"}
      </p>
      <p class="gauge-note">
        {speaks
          ? `${ACTION_WORDS[detail.action]} · confidence ${Math.round(100 * detail.confidence)} %`
          : "nothing is judged before a profile is ready"}
      </p>
    </div>
  );
}
