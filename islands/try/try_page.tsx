/** The guided page: be enrolled, be recognised, hand over to somebody else, see the step-up asked. */
import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { SessionDetail } from "../../routes/live/feed.ts";
import { CaptureSwitch, ConnectionPill, StaleNotice } from "../dashboard/capture_panel.tsx";
import { followFeed } from "../dashboard/feed.ts";
import { Gauge } from "../dashboard/gauge.tsx";
import { type EnrolmentGoal, type LevelBand, LiveState } from "../dashboard/live_state.ts";
import { OwnSession } from "../dashboard/own_session.ts";
import { ProfileStatus } from "../dashboard/profile_status.tsx";
import { Reasons } from "../dashboard/reasons.tsx";
import { Timeline } from "../dashboard/timeline.tsx";
import { GivenText } from "./given_text.tsx";
import { leadWords, Learned } from "./lead.tsx";
import { PASSAGES } from "./passages.ts";
import { Rhythm } from "./rhythm.ts";
import { RhythmPicture } from "./rhythm_picture.tsx";
import { StepUpDialog } from "./step_up_dialog.tsx";
import { Takeover } from "./takeover.ts";

export interface TryProps {
  readonly nowMs: number;
  readonly bands: readonly LevelBand[];
  readonly goals: readonly EnrolmentGoal[];
}

const STEPS = ["Be learned", "Be recognised", "Hand over"] as const;
/** Windows judged before a hand-over is offered: one has to have seen the risk stay low. */
const JUDGED_FIRST = 3;
/** Evidence of one source that is worth a word. */
const TELLING_NATS = 1;

export function TryPage(props: TryProps) {
  const state = useMemo(
    () => new LiveState({ ...props, sessions: [], sessionCount: 0, alerts: [] }),
    [],
  );
  const yours = useMemo(() => new Rhythm(), []);
  const strangers = useMemo(() => new Rhythm(), []);
  const { own, takeover } = useMemo(() => {
    const own = new OwnSession({
      onEvent: (event) => {
        if (event.kind !== "stroke") return;
        (takeover.stranger.peek() === undefined ? yours : strangers).take(event);
      },
    });
    const takeover = new Takeover(own);
    return { own, takeover };
  }, []);
  const field = useRef<HTMLTextAreaElement>(null);
  const begun = useSignal(false);
  const asked = useSignal(false);
  const answered = useSignal(false);
  const passage = useSignal(0);
  const typed = useSignal("");

  useEffect(() => {
    const unfollow = followFeed(state);
    const stops = [
      own.session.subscribe((session) => state.watch(session)),
      state.detail.subscribe((detail) => {
        // A session in doubt already is told of no new action: then what is thought of it counts.
        const isNoticed = detail !== undefined && tells(detail, takeover);
        if (isNoticed && !answered.peek()) asked.value = true;
      }),
      own.action.subscribe((action) => {
        const isAsked = action !== undefined && action.action !== "allow";
        // Once a stranger: the risk may waver or grow, but the person has been asked.
        if (isAsked && !answered.peek()) asked.value = true;
        if (action?.level === "low" && !takeover.stranger.peek()) answered.value = false;
      }),
    ];
    return () => {
      for (const stop of stops) stop();
      takeover.end();
      own.stop();
      unfollow();
    };
  }, []);

  const step = useComputed(() => {
    const keyboard = state.detail.value?.keyboard;
    if (keyboard?.stage !== "ready") return 0;
    return keyboard.scored < JUDGED_FIRST && takeover.stranger.value === undefined ? 1 : 2;
  });

  const begin = () => {
    begun.value = true;
    own.capture();
    field.current?.focus();
  };
  const type = (text: string) => {
    typed.value = text;
    if (text.length < given.length) return;
    passage.value = (passage.value + 1) % PASSAGES.length;
    typed.value = "";
  };
  const observe = (event: KeyboardEvent) => {
    if (event.isTrusted && takeover.stranger.peek() === undefined) takeover.hold.observe(event);
  };
  const answer = () => {
    asked.value = false;
    answered.value = true;
  };
  const reset = () => {
    asked.value = false;
    takeover.end();
    takeover.hold.reset();
    own.forget();
    yours.reset();
    strangers.reset();
    begun.value = false;
    typed.value = "";
  };
  const handOver = (stranger: "typist" | "script") => {
    answered.value = false;
    strangers.reset();
    takeover.begin(stranger, field.current!, randomSeed);
  };

  const given = PASSAGES[passage.value]!;
  const detail = state.detail.value;
  const stranger = takeover.stranger.value;
  return (
    <div class="try">
      <div class="try-status live-status">
        <ConnectionPill connection={state.connection} />
        <StaleNotice connection={state.connection} />
      </div>
      <div class="column">
        <section class="panel try-guide" aria-labelledby="guide-heading">
          <h1 id="guide-heading">See it know you, then see it know a stranger</h1>
          <p class="try-phone">
            This wants a real keyboard: a phone's tells nothing of how its keys are held. Open this
            page on a computer.
          </p>
          <noscript>
            <p class="info">This page needs JavaScript, as the collector does.</p>
          </noscript>
          <ol class="steps">
            {STEPS.map((name, i) => (
              <li
                key={name}
                class={i < step.value ? "steps-done" : undefined}
                aria-current={i === step.value ? "step" : undefined}
              >
                <span class="steps-number" aria-hidden="true">{i < step.value ? "✓" : i + 1}</span>
                {name}
              </li>
            ))}
          </ol>
          <p class="lead">
            {stranger
              ? "Watch the risk: these strokes go in as yours, and nothing but their rhythm tells."
              : leadWords(step.value, begun.value, detail?.keyboard.missing)}
          </p>
          {begun.value && step.value === 0 && (
            <Learned goals={state.goals} missing={detail?.keyboard.missing} />
          )}
          <GivenText given={given} typed={typed.value} />
          <label>
            <span class="visually-hidden">Type the text above</span>
            <textarea
              ref={field}
              id="typing"
              rows={4}
              spellcheck={false}
              autocomplete="off"
              aria-describedby="given"
              readOnly={!begun.value || stranger !== undefined}
              placeholder={begun.value ? "Type the text above." : "Press “Begin” first."}
              value={typed.value}
              onKeyDown={(event) => observe(event)}
              onKeyUp={(event) => observe(event)}
              onInput={(event) => type(event.currentTarget.value)}
            />
          </label>
          {stranger && (
            <div class="takeover">
              <p>
                <strong>
                  {stranger === "typist" ? "Another typist, unlike you," : "A script"}{" "}
                  is at your keyboard:
                </strong>{" "}
                {takeover.strokes.value} strokes, in your session, over the same socket.
              </p>
              <p class="takeover-zones" aria-hidden="true">{takeover.zones.value}</p>
            </div>
          )}
          <div class="try-actions">
            {!begun.value && (
              <button type="button" class="button button-main" onClick={begin}>
                Begin, and capture this page
              </button>
            )}
            {begun.value && !stranger && (
              <>
                <button
                  type="button"
                  class={`button ${step.value === 2 ? "button-main" : ""}`}
                  disabled={step.value < 2}
                  onClick={() => handOver("typist")}
                >
                  Let another typist take over
                </button>
                <button
                  type="button"
                  class="button"
                  disabled={step.value < 2}
                  onClick={() => handOver("script")}
                >
                  Let a script take over
                </button>
              </>
            )}
            {stranger && (
              <button
                type="button"
                class="button button-main"
                onClick={() => takeover.end()}
              >
                Take the keyboard back
              </button>
            )}
            {begun.value && (
              <button type="button" class="button" onClick={reset}>Forget me and start over</button>
            )}
          </div>
          {begun.value && !stranger && (
            <CaptureSwitch
              state={own.state.value}
              onSwitch={(on) => on ? own.capture() : own.rest()}
            />
          )}
        </section>
        <section class="panel try-reasons" aria-labelledby="reasons-heading">
          <h2 id="reasons-heading">Why</h2>
          <Reasons detail={detail} />
        </section>
      </div>
      {/* While it learns, what is seen is the rhythm; once it knows, what it makes of it. */}
      <div class={`column ${step.value === 0 ? "try-side-learning" : ""}`}>
        <section class="panel try-score" aria-labelledby="score-heading">
          <h2 id="score-heading">Your session</h2>
          <Gauge detail={detail} bands={state.bands} />
          <h2>Risk over time</h2>
          <Timeline
            detail={detail}
            bands={state.bands}
            alerts={state.alerts.value.filter(({ session }) => session === state.watched.value)}
          />
        </section>
        <section class="panel try-rhythm" aria-labelledby="rhythm-heading">
          <h2 id="rhythm-heading">{stranger ? "The rhythm of who is typing" : "Your rhythm"}</h2>
          <RhythmPicture yours={yours} stranger={strangers} isTaken={stranger !== undefined} />
        </section>
        <section class="panel try-profile" aria-labelledby="profile-heading">
          <h2 id="profile-heading">Profile</h2>
          <ProfileStatus detail={detail} goals={state.goals} />
        </section>
      </div>
      <StepUpDialog open={asked.value} onWatch={answer} onReset={reset} />
    </div>
  );
}

/** Whether the session is in doubt, and a script at work is among the reasons. */
function tells({ action, reasons }: SessionDetail, { stranger, strokes }: Takeover): boolean {
  if (stranger.peek() === undefined || strokes.peek() === 0 || action === "allow") return false;
  const isScript = reasons.some(({ source, nats }) =>
    source === "automation" && nats > TELLING_NATS
  );
  return stranger.peek() === "typist" || isScript;
}

function randomSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]!;
}
