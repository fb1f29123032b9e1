/** What a training is told, how its steps run, and whether there are people enough for it. */
import { encodeHex } from "@std/encoding/hex";
import { GaitkeeperError } from "../../core/error.ts";
import type { Modality } from "../../core/window.ts";
import { FOLDS } from "./split.ts";

/** Runs one step: a script of this folder, and its words. */
export type Step = (script: string, ...words: string[]) => Promise<void>;

export interface TrainingRun {
  readonly deno: Step;
  readonly python: Step;
  /** Folder of what lies between the steps. */
  readonly work: string;
  /** Folder that the models are written to. */
  readonly models: string;
  readonly traces: readonly string[];
  readonly epochs: string;
  /** How many of a person's first sessions enrol, as words for a step; none says the usual. */
  readonly enrolling: readonly string[];
}

const HERE = new URL("./", import.meta.url).pathname;

/** A program that runs scripts of this folder; a step that fails ends the training. */
export function runner(program: string, ...options: string[]): Step {
  return async (script, ...words) => {
    console.log(`\n> ${[script, ...words].join(" ")}`);
    const args = [...options, HERE + script, ...words];
    const { success } = await new Deno.Command(program, { args }).spawn().status;
    if (!success) {
      throw new GaitkeeperError("request_invalid", `Cannot train: ${script} must end well`);
    }
  };
}

/**
 * Claims the folder between the steps for a training on these traces: one that was stopped may go on
 * there, another would take over its half-trained networks.
 * @throws {GaitkeeperError} `request_invalid`
 */
export async function claimWork(
  modality: Modality,
  { work, traces, epochs }: Pick<TrainingRun, "work" | "traces" | "epochs">,
): Promise<void> {
  const path = `${work}/${modality}_training.json`;
  const digests = await Promise.all(traces.map(async (trace) => {
    return encodeHex(await crypto.subtle.digest("SHA-256", await Deno.readFile(trace)));
  }));
  const claim = JSON.stringify({ traces: digests, epochs });
  const claimed = await Deno.readTextFile(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return claim;
    throw error;
  });
  if (claimed !== claim) {
    throw new GaitkeeperError(
      "request_invalid",
      `Cannot train: --work must be a folder without a training on other traces or for other ` +
        `epochs, got ${work}`,
    );
  }
  await Deno.writeTextFile(path, claim);
}

/** Nobody can be told from others where there are none. */
const LEAST_PEOPLE = 2;

/** What is read of the index of an export. */
interface Person {
  readonly part: string;
  readonly fold?: number;
}

/**
 * Makes sure that each group that the training takes apart has people in it.
 * @param index as the export of the embedder's rows wrote it.
 * @throws {GaitkeeperError} `trace_invalid`
 */
export function requirePeople(
  modality: Modality,
  { people }: { readonly people: readonly Person[] },
): void {
  const groups = modality === "keyboard"
    ? ["train", "calibrate"]
    : Array.from({ length: FOLDS }, (_, fold) => `fold ${fold}`);
  const groupOf = ({ part, fold }: Person) => modality === "keyboard" ? part : `fold ${fold}`;
  const counts = groups.map((group) => people.filter((one) => groupOf(one) === group).length);
  if (counts.every((count) => count >= LEAST_PEOPLE)) return;
  const found = groups.map((group, i) => `${counts[i]} in ${group}`).join(", ");
  throw new GaitkeeperError(
    "trace_invalid",
    `Cannot train: the first trace file must hold ${LEAST_PEOPLE} people with enough of their own ` +
      `in each group (models/training/split.ts), got ${found}`,
  );
}

/** Reads the index of an export. */
export async function readIndex(path: string): Promise<{ readonly people: readonly Person[] }> {
  return JSON.parse(await Deno.readTextFile(path));
}
