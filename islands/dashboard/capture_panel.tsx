/** Whether this page is captured, said and switched plainly, and something to type and move on. */
import { useState } from "preact/hooks";
import type { CollectorState } from "../collector/collector.d.ts";
import { ConnectionPill, type ConnectionProps } from "./connection.tsx";

const STATE_WORDS: Readonly<Record<CollectorState | "off", string>> = {
  off: "Capture is off.",
  connecting: "Connecting to the service.",
  open: "Capturing, and connected.",
  waiting: "Capturing; waiting for the service, nothing is lost.",
  paused: "Capture is paused.",
  stopped: "Capture is off.",
  failed: "Capture has stopped: the service refused this page. Switch it on to try again.",
};

export interface CaptureSwitchProps {
  readonly state: CollectorState | "off";
  readonly onSwitch: (on: boolean) => void;
}

export function isCapturing(state: CollectorState | "off"): boolean {
  return state === "open" || state === "connecting" || state === "waiting";
}

export function CaptureSwitch({ state, onSwitch }: CaptureSwitchProps) {
  const on = isCapturing(state);
  return (
    <div class="capture">
      <button
        type="button"
        role="switch"
        class="switch"
        aria-checked={on}
        onClick={() => onSwitch(!on)}
      >
        <span class="switch-track" aria-hidden="true"></span>
        Capture this page
      </button>
      <p class={`capture-state capture-${state}`} role="status">{STATE_WORDS[state]}</p>
      <details class="capture-facts">
        <summary>What is captured, and what is not</summary>
        <p>
          <strong>Sent:</strong>{" "}
          when a key went down and up and which of nine groups it belongs to (letter, digit, space
          …); how the pointer moved, clicked and scrolled; that something was pasted.
        </p>
        <p>
          <strong>Never sent:</strong>{" "}
          which key it was, any text, what was pasted, anything in a password field, the address.
        </p>
      </details>
    </div>
  );
}

/** Golden-ratio steps: places that look random and fill the surface evenly. */
const STEP_X = 0.618;
const STEP_Y = 0.382;

export function PointerSurface() {
  const [clicks, setClicks] = useState(0);
  const place = (step: number) => 8 + 84 * ((0.5 + clicks * step) % 1);
  return (
    <div class="surface" role="img" aria-label="A surface to move the pointer on">
      <svg aria-hidden="true">
        <circle
          class="surface-target"
          cx={`${place(STEP_X)}%`}
          cy={`${place(STEP_Y)}%`}
          r="13"
          onPointerDown={() => setClicks(clicks + 1)}
        />
        <circle class="surface-heart" cx={`${place(STEP_X)}%`} cy={`${place(STEP_Y)}%`} r="4" />
      </svg>
      <p class="surface-words">
        {clicks === 0 ? "Move here; catch the dot" : `${clicks} caught`}
      </p>
    </div>
  );
}

export { ConnectionPill };

/** What is shown while the feed is away is old: it says so. */
export function StaleNotice({ connection }: ConnectionProps) {
  if (connection.value === "offline") {
    return (
      <p class="notice">
        This browser has no network. What you see is from before; what you type is kept and sent
        later.
      </p>
    );
  }
  if (connection.value !== "reconnecting") return null;
  return (
    <p class="notice">
      The server does not answer. Reconnecting; what you see is from before, and what is captured
      meanwhile is kept.
    </p>
  );
}
