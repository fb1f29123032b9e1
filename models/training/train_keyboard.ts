/**
 * The steps that train the keyboard's models. The embedder learns from the first file; the others lend
 * the verifier and the fusion their people.
 */
import { readIndex, requirePeople, type TrainingRun } from "./training_run.ts";

export async function trainKeyboard(
  { deno, python, work, models, traces, epochs, enrolling }: TrainingRun,
): Promise<void> {
  await deno("export_strokes.ts", traces[0]!, work);
  requirePeople("keyboard", await readIndex(`${work}/strokes.json`));
  await python("train_keyboard_embedder.py", work, models, epochs);
  await deno("export_vectors.ts", "keyboard", `${work}/keyboard_vectors`, ...traces);
  await python("fit_discriminant.py", "keyboard", work);
  await deno("export_comparisons.ts", "keyboard", work, ...traces);
  await python("train_verifier.py", "keyboard", work, models);
  await deno("export_scores.ts", "keyboard", work, ...traces, "--models", models, ...enrolling);
  await python("fit_fusion.py", "keyboard", work, models);
  // People are scarce: those whom the fusion was fitted on train the embedder that is shipped, too.
  await python("train_keyboard_embedder.py", work, models, epochs, "everyone");
}
