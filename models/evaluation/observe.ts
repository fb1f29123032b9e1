/** Sessions of a trace file as the live path sees them: events, wire, windows, observations. */
import { GaitkeeperError } from "../../core/error.ts";
import type { Observation } from "../../core/models/detector.ts";
import {
  loadKeyboard,
  loadPointer,
  type ReadModelFile,
  type Unfused,
} from "../../core/models/load.ts";
import type { ModalityModels, ModelSet } from "../../core/models/model_set.ts";
import type { TraceSession } from "../../core/trace.ts";
import {
  KeyboardWindower,
  type KeyboardWindowSettings,
  type Modality,
  type PointerWindow,
  PointerWindower,
  type PointerWindowSettings,
} from "../../core/window.ts";
import type { StreamEvent, Stroke } from "../../core/wire.ts";
import { layEndToEnd } from "../training/people.ts";

/** Where a window lies, and how much input it holds: strokes, or ms of movement. */
export interface PlacedWindow {
  readonly endMs: number;
  readonly amount: number;
  /** Input of the stream, in the same unit, when the window was cut. */
  readonly at: number;
}

/** A window's observation. */
export interface PlacedObservation extends PlacedWindow {
  readonly observation: Observation;
}

/** Which of a stream's windows are wanted. */
export type Choose = <Window extends PlacedWindow>(windows: readonly Window[]) => Window[];

/** Less than this and a probe says nothing at all: strokes, or ms of movement. */
const LEAST_PROBE: Readonly<Record<Modality, number>> = { keyboard: 8, pointer: 3000 };

/** One modality's models with the way of a person's sessions to observations. */
export interface Eye {
  readonly modality: Modality;
  // deno-lint-ignore no-explicit-any -- windows go from the windower to its own models
  readonly models: Unfused<ModalityModels<any, unknown>>;
  /** In `amount`'s unit. */
  readonly window: { readonly length: number; readonly hop: number };
  /** The chosen ones of all windows of sessions laid end to end, the last however short. */
  observe(
    sessions: readonly TraceSession[],
    choose: Choose,
    shape?: Shape,
  ): Promise<PlacedObservation[]>;
}

/** What is done to a session's events before they cross the wire. */
export type Shape = (events: readonly StreamEvent[]) => readonly StreamEvent[];

/** Reads a file of the models folder. */
export function readModelFile(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return Deno.readFile(new URL(`../${name}`, import.meta.url));
}

/**
 * Reads a modality's models from another folder, and all else from the models folder.
 * @throws {GaitkeeperError} `request_invalid` when reading one that is not there.
 */
export function modelsIn(folder: string | undefined, modality: Modality): ReadModelFile {
  return async (name) => {
    if (folder === undefined || !name.startsWith(`${modality}_`)) return await readModelFile(name);
    try {
      return await Deno.readFile(`${folder}/${name}`);
    } catch (cause) {
      throw new GaitkeeperError(
        "request_invalid",
        `Cannot read models: the folder must hold ${name}, got ${folder}`,
        { cause },
      );
    }
  };
}

export async function openEye(
  modality: Modality,
  readFile: ReadModelFile = readModelFile,
): Promise<Eye> {
  return modality === "keyboard"
    ? keyboardEye(await loadKeyboard(readFile))
    : pointerEye(await loadPointer(readFile));
}

export function keyboardEye(models: Unfused<ModelSet["keyboard"]>): Eye {
  const settings: KeyboardWindowSettings = models.window;
  return {
    modality: "keyboard",
    models,
    window: { length: settings.strokes, hop: settings.hop },
    async observe(sessions, choose, shape) {
      const windower = new KeyboardWindower(settings);
      const observer = models.createObserver();
      const found: PlacedObservation[] = [];
      let at = 0;
      const see = async (window: ReturnType<typeof windower.push>) => {
        const observation = window && await observer.observe(window);
        if (!observation) return;
        found.push({ observation, endMs: window.endMs, amount: window.strokes.length, at });
      };
      for (const { events } of layEndToEnd(sessions, { shape })) {
        for (const event of events) {
          if (event.kind !== "stroke") continue;
          at++;
          await see(windower.push(event as Stroke));
        }
      }
      await see(windower.flush(LEAST_PROBE.keyboard));
      // Each goes on from the one before, so all are observed.
      return choose(found);
    },
  };
}

export function pointerEye(models: Unfused<ModelSet["pointer"]>): Eye {
  const settings: PointerWindowSettings = models.window;
  return {
    modality: "pointer",
    models,
    window: { length: settings.activeMs, hop: settings.hopMs },
    async observe(sessions, choose, shape) {
      const windower = new PointerWindower(settings);
      const observer = models.createObserver();
      const cut: (PlacedWindow & { readonly window: PointerWindow })[] = [];
      let at = 0;
      const see = (window: PointerWindow | undefined, sinceMs: number) => {
        if (!window) return;
        at += at ? sinceMs : window.activeMs;
        cut.push({ window, endMs: window.endMs, amount: window.activeMs, at });
      };
      for (const { events } of layEndToEnd(sessions, { shape })) {
        for (const event of events) {
          if (event.kind === "pointer" || event.kind === "button" || event.kind === "wheel") {
            see(windower.push(event), settings.hopMs);
          }
        }
      }
      const { sinceCut } = windower.open;
      see(windower.flush(LEAST_PROBE.pointer), sinceCut);
      const found: PlacedObservation[] = [];
      for (const { window, ...place } of choose(cut)) {
        const observation = await observer.observe(window);
        if (observation) found.push({ ...place, observation });
      }
      return found;
    },
  };
}

/** Windows that share no input, the newest first. */
export function apart<Window extends PlacedWindow>(windows: readonly Window[]): Window[] {
  const chosen: Window[] = [];
  let from = Infinity;
  for (const window of windows.toReversed()) {
    if (window.at > from) continue;
    chosen.push(window);
    from = window.at - window.amount;
  }
  return chosen;
}
