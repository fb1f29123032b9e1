/**
 * The steps that train the pointer's models. People are few, so the fusion is fitted on everybody: in
 * turn each fold of split.ts is left out, the embedder and the verifier learn from the others, and those
 * left out are scored. The models that are shipped then learn from all.
 */
import { FOLDS } from "./split.ts";
import { readIndex, requirePeople, type TrainingRun } from "./training_run.ts";

export async function trainPointer(
  { deno, python, work, models, traces, epochs, enrolling }: TrainingRun,
): Promise<void> {
  await deno("export_pointer.ts", traces[0]!, work);
  requirePeople("pointer", await readIndex(`${work}/pointer.json`));
  await deno("export_vectors.ts", "pointer", `${work}/pointer_vectors`, ...traces);
  const trainWithout = async (leave: string, into: string) => {
    await Deno.mkdir(into, { recursive: true });
    await python("train_pointer_embedder.py", work, into, epochs, leave);
    await python("fit_discriminant.py", "pointer", work, leave);
    await deno("export_comparisons.ts", "pointer", work, ...traces, "--leave", leave);
    await python("train_verifier.py", "pointer", work, into);
  };
  for (let fold = 0; fold < FOLDS; fold++) {
    const into = `${work}/pointer_models_${fold}`;
    await trainWithout(String(fold), into);
    await deno("export_pointer_scores.ts", work, into, String(fold), ...traces, ...enrolling);
  }
  await trainWithout("none", models);
  await python("fit_fusion.py", "pointer", work, models);
}
