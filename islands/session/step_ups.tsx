/** What the person was asked and how it ended, the alerts among it, newest first. */
import type { AlertView, SessionDetail, Turn } from "../../routes/live/feed.ts";
import { LevelMark } from "../dashboard/level_mark.tsx";
import { Time } from "../dashboard/time.tsx";

export interface StepUpsProps {
  readonly detail: SessionDetail;
  readonly alerts: readonly AlertView[];
  readonly nowMs: number;
  readonly may: { readonly alerts: boolean };
}

export const TURN_WORDS: Readonly<Record<Turn["kind"], string>> = {
  asked: "Step-up asked",
  blocked: "Blocked by the risk",
  passed: "Step-up passed",
  failed: "Step-ups failed: blocked",
};

export function StepUps({ detail, alerts, nowMs, may }: StepUpsProps) {
  const { assurance, turns = [] } = detail;
  const marks = [
    ...turns.map(({ atMs, kind }) => ({ atMs, key: `${kind} ${atMs}`, kind, alert: undefined })),
    ...alerts.map((alert) => ({ atMs: alert.atMs, key: alert.id, kind: undefined, alert })),
  ].sort((a, b) => b.atMs - a.atMs);
  return (
    <>
      <p class="step-ups-standing">
        {assurance === undefined
          ? "No step-up was passed in this session."
          : assurance.untilMs > nowMs
          ? (
            <>
              Proved by {methodsOf(assurance.amr)}; it counts until <Time ms={assurance.untilMs} />.
            </>
          )
          : (
            <>
              Proved by {methodsOf(assurance.amr)}; it counted until{" "}
              <Time ms={assurance.untilMs} />.
            </>
          )}
      </p>
      {marks.length === 0
        ? <p class="empty">Nothing was asked, and no alert was raised.</p>
        : (
          <ol class="step-ups">
            {marks.map(({ atMs, key, kind, alert }) => (
              <li key={key}>
                <Time ms={atMs} show="clock" />
                <span class={kind ? `turn turn-${kind}` : "turn"}>
                  {alert
                    ? (
                      <>
                        {may.alerts
                          ? <a href={`/alerts/${encodeURIComponent(alert.id)}`}>Alert</a>
                          : "Alert"} <LevelMark level={alert.level} />
                        {handlingWords(alert)}
                      </>
                    )
                    : TURN_WORDS[kind!]}
                </span>
              </li>
            ))}
          </ol>
        )}
    </>
  );
}

const VERDICT_WORDS = {
  impostor: "someone else",
  genuine: "the subject",
  unsure: "nobody can tell",
} as const;

/** ", resolved: someone else". */
function handlingWords({ handling }: AlertView): string {
  if (!handling || handling.state === "open") return "";
  return `, ${handling.state}${handling.verdict ? `: ${VERDICT_WORDS[handling.verdict]}` : ""}`;
}

/** Names of RFC 8176 that step-ups here give; others as they are. */
const METHODS: Readonly<Record<string, string>> = {
  pop: "a passkey",
  otp: "a code",
  mfa: "",
};

function methodsOf(amr: readonly string[]): string {
  const words = amr.map((method) => METHODS[method] ?? method).filter(Boolean);
  return words.join(" and ") || "the site";
}
