/** Being called to the page: a notification, a sound. Both are off until somebody wants them. */
import { useSignalEffect } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { LEVEL_WORDS } from "../dashboard/words.ts";
import type { QueueState } from "./state.ts";

const NOTIFY_AT = "gaitkeeper.alerts.notify";
const SOUND_AT = "gaitkeeper.alerts.sound";
/** Two short tones, Hz and s. */
const TONES = [[660, 0], [880, 0.16]] as const;
const TONE_S = 0.14;

export function Calls({ state }: { state: QueueState }) {
  const [notify, setNotify] = useState(false);
  const [sound, setSound] = useState(false);
  const [refused, setRefused] = useState(false);
  useEffect(() => {
    setNotify(localStorage.getItem(NOTIFY_AT) === "on" && permission() === "granted");
    setSound(localStorage.getItem(SOUND_AT) === "on");
  }, []);
  useSignalEffect(() => {
    const news = state.news.value;
    const [first] = news;
    if (!first) return;
    if (localStorage.getItem(SOUND_AT) === "on") beep();
    if (localStorage.getItem(NOTIFY_AT) !== "on" || permission() !== "granted") return;
    if (!document.hidden) return;
    const title = news.length === 1
      ? `${LEVEL_WORDS[first.level]} risk: ${first.subject}`
      : `${news.length} new alerts`;
    const shown = new Notification(title, { tag: "gaitkeeper-alerts" });
    shown.onclick = () => {
      globalThis.focus();
      shown.close();
      if (news.length === 1) location.assign(`/alerts/${encodeURIComponent(first.id)}`);
    };
  });

  const switchNotify = async () => {
    const on = !notify && await allowed();
    setRefused(!notify && !on);
    localStorage.setItem(NOTIFY_AT, on ? "on" : "off");
    setNotify(on);
  };
  const switchSound = () => {
    localStorage.setItem(SOUND_AT, sound ? "off" : "on");
    // Heard once, so that it is known; and a browser lets nothing sound that nobody has clicked for.
    if (!sound) beep();
    setSound(!sound);
  };
  return (
    <div class="queue-calls">
      <Switch on={notify} onSwitch={() => void switchNotify()}>Notify me</Switch>
      <Switch on={sound} onSwitch={switchSound}>Sound</Switch>
      {refused && (
        <span class="hint" role="status">This browser does not allow notifications here.</span>
      )}
    </div>
  );
}

interface SwitchProps {
  readonly on: boolean;
  readonly onSwitch: () => void;
  readonly children: string;
}

export function Switch({ on, onSwitch, children }: SwitchProps) {
  return (
    <button type="button" role="switch" class="switch" aria-checked={on} onClick={onSwitch}>
      <span class="switch-track" aria-hidden="true"></span>
      {children}
    </button>
  );
}

function permission(): NotificationPermission | undefined {
  return globalThis.Notification?.permission;
}

async function allowed(): Promise<boolean> {
  if (!globalThis.Notification) return false;
  return await Notification.requestPermission() === "granted";
}

let audio: AudioContext | undefined;

function beep(): void {
  // Before somebody has pressed anything, tones would be kept back and come all at once later.
  if (navigator.userActivation?.hasBeenActive === false) return;
  audio ??= new AudioContext();
  for (const [frequency, afterS] of TONES) {
    const tone = new OscillatorNode(audio, { frequency });
    const gain = new GainNode(audio, { gain: 0.08 });
    tone.connect(gain).connect(audio.destination);
    tone.start(audio.currentTime + afterS);
    tone.stop(audio.currentTime + afterS + TONE_S);
  }
}
