/** The tracks that there are, one a modality, and what each counts by. */
import type { ModelSet } from "./models/model_set.ts";
import { Track } from "./track.ts";
import type { TrackStart } from "./track_settings.ts";
import {
  type KeyboardWindow,
  KeyboardWindower,
  type KeyboardWindowSettings,
  type PointerEvents,
  type PointerWindow,
  PointerWindower,
  type PointerWindowSettings,
} from "./window.ts";
import type { Stroke } from "./wire.ts";

export type KeyboardTrack = Track<Stroke, KeyboardWindow, KeyboardWindowSettings>;
export type PointerTrack = Track<PointerEvents, PointerWindow, PointerWindowSettings>;

export function createKeyboardTrack(
  models: ModelSet["keyboard"],
  start: TrackStart,
): KeyboardTrack {
  return new Track({
    modality: "keyboard",
    models,
    createWindower: (settings, open) => new KeyboardWindower(settings, open),
    length: models.window.strokes,
    hop: models.window.hop,
    // Those of the first whole window's strokes.
    confirmed: 1 + (models.window.strokes - models.window.least) / models.window.hop,
    missing: (strokes) => ({ amount: strokes, unit: "strokes" }),
  }, start);
}

export function createPointerTrack(models: ModelSet["pointer"], start: TrackStart): PointerTrack {
  return new Track({
    modality: "pointer",
    models,
    createWindower: (settings, open) => new PointerWindower(settings, open),
    length: models.window.activeMs,
    hop: models.window.hopMs,
    confirmed: 1,
    missing: (ms) => ({ amount: Math.ceil(ms / 1000), unit: "seconds of movement" }),
  }, start);
}
