/** What one keyboard window costs, stage by stage. */
import { keystrokeVector } from "../../core/features/keystroke.ts";
import { loadModels } from "../../core/models/load.ts";
import { createKeyboardTrack } from "../../core/modality_tracks.ts";
import { createTypist } from "../../islands/try/generated_typist.ts";
import { readModelFile } from "../core/models/model_files.ts";

/** Registers the benches; the models are loaded once. */
export async function evidenceBench(): Promise<void> {
  const { keyboard } = await loadModels(readModelFile);
  const track = createKeyboardTrack(keyboard, {
    profile: undefined,
    seed: 1,
    record: undefined,
    session: "s",
    enrolment: { sessions: 1, mayEnrol: true },
  });
  for (const stroke of createTypist(1).type(400, 0)) {
    const window = track.push(stroke);
    const observation = window && await track.observe(window);
    if (observation) await track.settle(observation, undefined, true, 0);
  }
  const strokes = createTypist(2).type(50, 0);
  const window = { modality: "keyboard", startMs: 0, endMs: 1, strokes } as const;
  const observation = (await track.observe(window))!;

  const group = "one window of 50 strokes";
  Deno.bench("features", { group, baseline: true }, () => void keystrokeVector(window));
  Deno.bench("features and embedding", { group }, async () => void await track.observe(window));
  Deno.bench("evidence with its reasons", { group }, async () => {
    await track.weigh(observation);
  });
}
