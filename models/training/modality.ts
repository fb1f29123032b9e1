/** How training sees a modality: the windows of a person's sessions, as live use would cut them. */
import { KEYSTROKE_FEATURES, keystrokeVector } from "../../core/features/keystroke.ts";
import { POINTER_FEATURES, pointerVector } from "../../core/features/pointer.ts";
import { decimate } from "../../core/features/pointer_rate.ts";
import type { FeatureDefinition } from "../../core/features/vector.ts";
import type { TraceSession } from "../../core/trace.ts";
import {
  type KeyboardWindow,
  KeyboardWindower,
  type KeyboardWindowSettings,
  type Modality,
  type PointerWindow,
  PointerWindower,
  type PointerWindowSettings,
} from "../../core/window.ts";
import type { StreamEvent } from "../../core/wire.ts";
import { layEndToEnd } from "./people.ts";

/** A window and the session that it ends in, counted from 0. */
export interface PlacedWindow<Window> {
  readonly session: number;
  readonly window: Window;
}

export interface TrainingModality<Window> {
  readonly modality: Modality;
  readonly features: readonly FeatureDefinition[];
  /** Windows that share no input lie this many apart. */
  readonly overlap: number;
  readonly windowsOf: (sessions: readonly TraceSession[]) => PlacedWindow<Window>[];
  /** What one session gives by itself, windows that share no input: a stay too short for a full one
   * gives one all the same. */
  readonly probesOf: (session: TraceSession, hz?: number) => Window[];
  /** How often the devices report whose probes train the verifier; as recorded where it is left out. */
  readonly ratesHz: readonly (number | undefined)[];
  readonly vectorOf: (window: Window) => Float64Array;
}

/** A session with less than this gives nothing. */
const LEAST_PROBE = { strokes: 20, activeMs: 5000 };

/** As in the embedder's manifest. */
const KEYBOARD_WINDOW: KeyboardWindowSettings = { strokes: 50, least: 30, hop: 10 };

const keyboard: TrainingModality<KeyboardWindow> = {
  modality: "keyboard",
  features: KEYSTROKE_FEATURES,
  overlap: KEYBOARD_WINDOW.strokes / KEYBOARD_WINDOW.hop,
  windowsOf: (sessions) => {
    const windower = new KeyboardWindower(KEYBOARD_WINDOW);
    return layEndToEnd(sessions).flatMap(({ index, events }) =>
      events.flatMap((event) => {
        const window = event.kind === "stroke" ? windower.push(event) : undefined;
        return window ? [{ session: index, window }] : [];
      })
    );
  },
  probesOf: (session) => {
    const windower = new KeyboardWindower({ ...KEYBOARD_WINDOW, hop: KEYBOARD_WINDOW.strokes });
    const windows = layEndToEnd([session]).flatMap(({ events }) =>
      events.flatMap((event) => event.kind === "stroke" ? windower.push(event) ?? [] : [])
    );
    return windows.length ? windows : [windower.flush(LEAST_PROBE.strokes) ?? []].flat();
  },
  ratesHz: [undefined],
  vectorOf: keystrokeVector,
};

/** Five chunks of the embedder, and one. */
const POINTER_WINDOW: PointerWindowSettings = { activeMs: 12_800, hopMs: 2560 };

const pointer: TrainingModality<PointerWindow> = {
  modality: "pointer",
  features: POINTER_FEATURES,
  overlap: POINTER_WINDOW.activeMs / POINTER_WINDOW.hopMs,
  windowsOf: (sessions) => {
    const windower = new PointerWindower(POINTER_WINDOW);
    return layEndToEnd(sessions).flatMap(({ index, events }) =>
      events.flatMap((event) => {
        const taken = event.kind === "pointer" || event.kind === "button" || event.kind === "wheel";
        const window = taken ? windower.push(event) : undefined;
        return window ? [{ session: index, window }] : [];
      })
    );
  },
  probesOf: (session, hz) => {
    const shape = (events: readonly StreamEvent[]) => hz ? decimate(events, hz) : events;
    const { activeMs } = POINTER_WINDOW;
    const windower = new PointerWindower({ activeMs, hopMs: activeMs });
    const windows = layEndToEnd([session], { shape }).flatMap(({ events }) =>
      events.flatMap((event) => {
        const taken = event.kind === "pointer" || event.kind === "button" || event.kind === "wheel";
        return taken ? windower.push(event) ?? [] : [];
      })
    );
    return windows.length ? windows : [windower.flush(LEAST_PROBE.activeMs) ?? []].flat();
  },
  ratesHz: [undefined, undefined, 60, 30],
  vectorOf: pointerVector,
};

// deno-lint-ignore no-explicit-any -- a registry over window types; each entry is typed above
export const TRAINING_MODALITIES: Readonly<Partial<Record<string, TrainingModality<any>>>> = {
  keyboard,
  pointer,
};
