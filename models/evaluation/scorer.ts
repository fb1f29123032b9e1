/** Windows of people against profiles of people, by the live detectors. */
import type { DetectorName, Observation } from "../../core/models/detector.ts";
import type { ModalityModels } from "../../core/models/model_set.ts";
import { loadKeyboard, loadPointer, type Unfused } from "../../core/models/load.ts";
import { PROFILE_SIZE } from "../../core/profile.ts";
import { seededRandom } from "../../core/random.ts";
import type { TraceSession } from "../../core/trace.ts";
import { TRAINING_MODALITIES, type TrainingModality } from "../training/modality.ts";

export interface Person {
  readonly subject: string;
  readonly sessions: readonly TraceSession[];
}

export interface ComparisonOptions {
  /** Others whose windows are held against each profile. */
  readonly strangers: number;
  /** Windows taken of a person, apart from each other, as probes. */
  readonly windowsAProbe: number;
  readonly seed: number;
}

/** One window held against one profile. */
export interface Comparison {
  readonly subject: string;
  readonly stranger: boolean;
  readonly scores: Readonly<Record<DetectorName, number>>;
}

/** Reads a file of the models folder. */
export function readModelFile(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return Deno.readFile(new URL(`../${name}`, import.meta.url));
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
    const observed = await Promise.all(windows.map(({ window }) => this.models.observe(window)));
    return observed.filter((observation) => observation !== undefined);
  }

  /**
   * Enrols each person on their first windows, as many as a profile that is just ready to one that
   * is full, and scores later windows of their own and windows of strangers.
   */
  async compare(people: readonly Person[], options: ComparisonOptions): Promise<Comparison[]> {
    const random = seededRandom(options.seed);
    const { ready, keep } = PROFILE_SIZE[this.modality.modality];
    const apart = this.modality.overlap;
    const observed: { subject: string; windows: Observation[] }[] = [];
    for (const person of people) {
      const windows = await this.observe(person);
      if (windows.length < ready + (1 + options.windowsAProbe) * apart) continue;
      observed.push({ subject: person.subject, windows });
    }

    const rows: Comparison[] = [];
    for (const [number, { subject, windows }] of observed.entries()) {
      const most = Math.min(keep, windows.length - (1 + options.windowsAProbe) * apart);
      const count = ready + Math.floor(random() * (most - ready + 1));
      const detectors = this.models.createDetectors(Math.floor(random() * 2 ** 31));
      for (const reference of windows.slice(0, count)) {
        for (const detector of detectors) detector.learnOne(reference);
      }
      const own = spread(windows.slice(count + apart - 1), apart, options.windowsAProbe);
      const others: Observation[] = [];
      for (let i = 0; i < options.strangers; i++) {
        const other = (number + 1 + Math.floor(random() * (observed.length - 1))) % observed.length;
        others.push(...spread(observed[other]!.windows, apart, options.windowsAProbe));
      }
      const probes = [...own, ...others];
      const scores = await Promise.all(detectors.map((detector) => detector.scoreMany(probes)));
      probes.forEach((_, i) => {
        const byName = Object.fromEntries(detectors.map(({ name }, d) => [name, scores[d]![i]!]));
        const named = byName as Record<DetectorName, number>;
        rows.push({ subject, stranger: i >= own.length, scores: named });
      });
    }
    return rows;
  }
}

/** The last `count` windows that share no input. */
function spread(windows: readonly Observation[], apart: number, count: number): Observation[] {
  return windows.filter((_, i) => (windows.length - 1 - i) % apart === 0).slice(-count);
}
