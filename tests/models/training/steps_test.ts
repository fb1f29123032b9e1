import { assert, assertEquals } from "@std/assert";
import { comparisonNames, MISSING_COMPARISON } from "../../../core/features/comparison.ts";
import { STROKE_CHANNELS } from "../../../core/features/keystroke_tensor.ts";
import { OPTIONAL_DETECTORS } from "../../../core/models/detector.ts";
import { TRAINING_MODALITIES } from "../../../models/training/modality.ts";
import { foldOf, type Part, partOf } from "../../../models/training/split.ts";
import { readSubjects } from "../../../models/training/trace_file.ts";
import { readModelFile } from "../../core/models/model_files.ts";
import { smallHands, smallTypists, withTraces } from "./small_population.ts";

const SCRIPTS = new URL("../../../models/training/", import.meta.url).pathname;
const MODELS = new URL("../../../models/", import.meta.url).pathname;

/** Runs a step that may write to its own folder and nowhere else. */
async function run(folder: string, script: string, ...words: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-R", `-W=${folder}`, "--allow-env", "--allow-sys", SCRIPTS + script, ...words],
    stdout: "null",
  }).output();
  assert(success, new TextDecoder().decode(stderr));
}

async function readJson(path: string) {
  return JSON.parse(await Deno.readTextFile(path));
}

async function readFloats(path: string): Promise<Float32Array> {
  return new Float32Array((await Deno.readFile(path)).buffer);
}

/** What fit_discriminant.py would write: that of the verifier that ships. */
async function lendDiscriminant(modality: string, work: string): Promise<number> {
  const manifest = JSON.parse(
    new TextDecoder().decode(await readModelFile(`${modality}_verifier.json`)),
  );
  const { discriminant } = manifest;
  await Deno.writeTextFile(`${work}/${modality}_discriminant.json`, JSON.stringify(discriminant));
  return discriminant.offset.length;
}

/** Checks what `deno task features` wrote against what live use computes. */
async function checkVectors(modality: string, file: string, work: string): Promise<void> {
  const { features, probesOf, vectorOf } = TRAINING_MODALITIES[modality]!;
  const index = await readJson(`${work}/${modality}_vectors.json`);
  const rows = await readFloats(`${work}/${modality}_vectors.f32`);
  assertEquals(index.features, features.map(({ name }) => name));
  assertEquals(rows.length, index.rows * features.length);
  const expected: number[] = [];
  const subjects = await readSubjects(file);
  for (const { subject, part, sessions } of index.people) {
    assertEquals(part, partOf(subject));
    const theirs = subjects.get(subject)!;
    assertEquals(sessions.length, theirs.length);
    for (const [i, session] of theirs.entries()) {
      const windows = probesOf(session);
      assertEquals(sessions[i], [session.session, windows.length]);
      for (const window of windows) expected.push(...vectorOf(window));
    }
  }
  assertEquals(index.people.length, subjects.size);
  assertEquals(rows, Float32Array.from(expected));
  // Missing is NaN, never zero and never without end.
  assert(rows.some(Number.isNaN) && !rows.some((value) => Math.abs(value) === Infinity));
}

interface Expected {
  readonly people: number;
  readonly heldOut: readonly string[];
  readonly axes: number;
}

async function checkComparisons(
  modality: string,
  work: string,
  { people, heldOut, axes }: Expected,
): Promise<void> {
  const index = await readJson(`${work}/${modality}_comparisons.json`);
  const rows = await readFloats(`${work}/${modality}_comparisons.f32`);
  assertEquals(index.names, comparisonNames(TRAINING_MODALITIES[modality]!.features, axes));
  assertEquals(rows.length, index.labels.length * index.names.length);
  assertEquals([index.trainedOn.people, index.trainedOn.heldOut], [people, heldOut]);
  const strangers = index.labels.filter((label: number) => label === 1).length;
  assertEquals(2 * strangers, index.labels.length);
  // A forest takes no NaN, so here what is missing has a number of its own.
  assert(rows.every(Number.isFinite) && rows.includes(MISSING_COMPARISON));
  assert(index.withinDeviation.every((deviation: number) => deviation > 0));
}

function checkScores(
  { people, detectors, rows }: { people: number; detectors: string[]; rows: (number | null)[][] },
  expectedPeople: number,
): void {
  assertEquals(people, expectedPeople);
  assert(["isolationForest", "sequence", "verifier"].every((name) => detectors.includes(name)));
  assertEquals(new Set(rows.map(([someoneElse]) => someoneElse)), new Set([0, 1]));
  assertEquals(new Set(rows.map((row) => row.at(-1))).size, expectedPeople);
  for (const row of rows) {
    assertEquals(row.length, detectors.length + 2);
    for (const [i, name] of detectors.entries()) {
      const isOptional = [...OPTIONAL_DETECTORS].some((optional) => optional === name);
      assert(Number.isFinite(row[i + 1]) || isOptional, `${name} ${row[i + 1]}`);
    }
  }
}

Deno.test("the keyboard's steps before Python write what it trains on, each part its own people", async () => {
  const counts: Record<Part, number> = { train: 4, calibrate: 2, heldOut: 1 };
  // Who typed too little for the embedder lends the others no rows.
  const [short, ...rest] = smallTypists({ ...counts, train: 5 });
  const people = rest.filter(({ subject }) => subject !== short!.subject);
  await withTraces([short!, ...people], async (file, work) => {
    await run(work, "export_strokes.ts", file, work);
    const index = await readJson(`${work}/strokes.json`);
    const rows = await readFloats(`${work}/strokes.f32`);
    assertEquals(index.channels, STROKE_CHANNELS);
    assertEquals(rows.length, index.rows * STROKE_CHANNELS.length);
    assertEquals(index.rows, 7 * 8 * 60);
    assert(rows.every(Number.isFinite));
    for (const [i, { subject, part, start, sessions }] of index.people.entries()) {
      assertEquals([part, start], [partOf(subject), i * 8 * 60]);
      assertEquals(sessions, Array.from({ length: 8 }, (_, at) => 60 * at));
    }
    const heldOut = index.people.filter(({ part }: { part: Part }) => part === "heldOut")
      .map(({ subject }: { subject: string }) => subject);
    assertEquals([index.people.length, heldOut.length], [7, 1]);
    assertEquals(index.split.heldOut, heldOut);

    await run(work, "export_vectors.ts", "keyboard", `${work}/keyboard_vectors`, file);
    await checkVectors("keyboard", file, work);
    const axes = await lendDiscriminant("keyboard", work);
    await run(work, "export_comparisons.ts", "keyboard", work, file);
    await checkComparisons("keyboard", work, { people: 4, heldOut, axes });
    await run(work, "export_scores.ts", "keyboard", work, file);
    checkScores(await readJson(`${work}/keyboard_scores.json`), 2);
  });
});

Deno.test("the pointer's steps before Python leave each fold out in turn", async () => {
  const people = smallHands(2, 1);
  const heldOut = [...new Set(people.map(({ subject }) => subject))]
    .filter((subject) => foldOf(subject) === undefined);
  await withTraces(people, async (file, work) => {
    await run(work, "export_pointer.ts", file, work);
    const index = await readJson(`${work}/pointer.json`);
    for (const { subject, part, fold } of index.people) {
      assertEquals([part, fold], [partOf(subject), foldOf(subject)]);
    }
    await run(work, "export_vectors.ts", "pointer", `${work}/pointer_vectors`, file);
    await checkVectors("pointer", file, work);
    const axes = await lendDiscriminant("pointer", work);
    await run(work, "export_comparisons.ts", "pointer", work, file, "--leave", "1");
    await checkComparisons("pointer", work, { people: 4, heldOut, axes });
    await run(work, "export_pointer_scores.ts", work, MODELS, "1", file);
    const named = await readJson(`${work}/pointer_scores_1.json`);
    checkScores(named, 2);
    assert(named.long.length > 0);
    // People whose sessions have other names enrol with their first.
    await run(work, "export_pointer_scores.ts", work, MODELS, "1", file, "--enrol-sessions", "1");
    checkScores(await readJson(`${work}/pointer_scores_1.json`), 2);
  });
});
