/**
 * `deno task train MODALITY TRACES... [--python python3] [--epochs N]`: from trace files to models.
 *
 * Features come from core/features, here in TypeScript; Python only trains on them. What lies between
 * the steps is kept in models/training/work; an embedder whose training was stopped goes on from its
 * last epoch, and one that is finished is only exported again.
 */
import { parseArgs } from "@std/cli/parse-args";
import { trainPointer } from "./train_pointer.ts";

const HERE = new URL("./", import.meta.url).pathname;
const WORK = `${HERE}work`;
const MODELS = new URL("../", import.meta.url).pathname;

const args = parseArgs(Deno.args, { string: ["python", "epochs"] });
const [modality, ...traces] = args._.map(String);
if ((modality !== "keyboard" && modality !== "pointer") || !traces.length) {
  console.error("deno task train keyboard|pointer TRACES... [--python python3] [--epochs N]");
  Deno.exit(2);
}
const python = args.python ?? "python3";
const epochs = args.epochs ?? (modality === "keyboard" ? "60" : "20");

/** Runs one step; a step that fails ends the training. */
async function step(command: string, ...words: string[]): Promise<void> {
  console.log(`\n> ${[command, ...words].join(" ").replaceAll(HERE, "")}`);
  const { success } = await new Deno.Command(command, { args: words }).spawn().status;
  if (!success) Deno.exit(1);
}
const deno = (script: string, ...words: string[]) =>
  step(Deno.execPath(), "run", "-R", "-W", "--allow-env", "--allow-sys", HERE + script, ...words);

await Deno.mkdir(WORK, { recursive: true });
if (modality === "pointer") {
  const script = (name: string, ...words: string[]) => step(python, HERE + name, ...words);
  await trainPointer({ deno, python: script, work: WORK, models: MODELS, traces, epochs });
} else {
  // The embedder learns from the first file; the others lend the verifier and the fusion their people.
  await deno("export_strokes.ts", traces[0]!, WORK);
  await step(python, `${HERE}train_keyboard_embedder.py`, WORK, MODELS, epochs);
  await deno("export_vectors.ts", modality, `${WORK}/${modality}_vectors`, ...traces);
  await step(python, `${HERE}fit_discriminant.py`, modality, WORK);
  await deno("export_comparisons.ts", modality, WORK, ...traces);
  await step(python, `${HERE}train_verifier.py`, modality, WORK, MODELS);
  await deno("export_scores.ts", modality, WORK, ...traces);
  await step(python, `${HERE}fit_fusion.py`, modality, WORK, MODELS);
}
// What it is worth, into models/report and the model card.
const evaluation = new URL("../evaluation/main.ts", import.meta.url).pathname;
const allowed = ["-R", "-W", "--allow-env", "--allow-sys", "--allow-net"];
const report = ["report", `--${modality}`, traces[0]!];
await step(Deno.execPath(), "run", ...allowed, evaluation, ...report);
