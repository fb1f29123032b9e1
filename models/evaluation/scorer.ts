/** People's windows as the live models see them. */
import type { Observation } from "../../core/models/detector.ts";
import type { ModalityModels } from "../../core/models/model_set.ts";
import { loadKeyboard, loadPointer, type Unfused } from "../../core/models/load.ts";
import type { TraceSession } from "../../core/trace.ts";
import { readModelFile } from "./observe.ts";
import { TRAINING_MODALITIES, type TrainingModality } from "../training/modality.ts";

export interface Person {
  readonly subject: string;
  readonly sessions: readonly TraceSession[];
}

// deno-lint-ignore no-explicit-any -- a registry over window types; each loader is typed
const LOADERS: Readonly<Record<string, () => Promise<Unfused<ModalityModels<any, unknown>>>>> = {
  keyboard: () => loadKeyboard(readModelFile),
  pointer: () => loadPointer(readModelFile),
};

export async function loadScorer(name: string): Promise<Scorer> {
  const modality = TRAINING_MODALITIES[name];
  const models = await LOADERS[name]?.();
  if (!modality || !models) throw new TypeError(`Cannot score: no modality is called ${name}`);
  return new Scorer(modality, models);
}

export class Scorer {
  constructor(
    // deno-lint-ignore no-explicit-any -- the windows go from the modality to its own models
    readonly modality: TrainingModality<any>,
    // deno-lint-ignore no-explicit-any -- as above
    readonly models: Unfused<ModalityModels<any, unknown>>,
  ) {}

  /** A person's windows as observations, in order. */
  async observe(person: Person): Promise<Observation[]> {
    const windows = this.modality.windowsOf(person.sessions);
    const observer = this.models.createObserver();
    const observed: Observation[] = [];
    for (const { window } of windows) {
      const observation = await observer.observe(window);
      if (observation) observed.push(observation);
    }
    return observed;
  }
}
