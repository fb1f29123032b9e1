/**
 * Runs an evaluation on held-out people and writes what it found into a modality's manifests.
 *
 *     deno run -R -W --allow-run --allow-env models/training/record_measured.ts MODALITY [--at PLACE] -- EVALUATION...
 *
 * EVALUATION is what follows `deno task evaluate`; PLACE names the part of its JSON that holds the
 * figures, where it has several.
 */
import { parseArgs } from "@std/cli/parse-args";
import { EmbedderManifest, FusionManifest, VerifierManifest } from "../../core/models/manifest.ts";

const MODELS = new URL("../", import.meta.url);

const args = parseArgs(Deno.args, { string: ["at"], "--": true });
const modality = String(args._[0] ?? "");
const evaluation: readonly string[] = args["--"];
if (!modality || !evaluation.length) {
  throw new TypeError("Cannot record: MODALITY and, after --, an evaluation must be given");
}

const { success, stdout } = await new Deno.Command(Deno.execPath(), {
  args: [
    ...["run", "--allow-read", "--allow-env", "--allow-net", "--allow-sys"],
    new URL("evaluation/main.ts", MODELS).pathname,
    ...evaluation,
    "--json",
  ],
  stderr: "inherit",
}).output();
if (!success) Deno.exit(1);
const found = JSON.parse(new TextDecoder().decode(stdout).trim().split("\n").at(-1)!);
const figures = { ...found, ...args.at ? found[args.at] : {} };

function baseName(path: string): string {
  return path.split("/").at(-1)!;
}

/** A share to four places: finer than any interval. */
const rounded = (share: number) => Number(share.toFixed(4));

for (
  const [part, score, schema] of [
    ["embedder", "sequence", EmbedderManifest],
    ["verifier", "verifier", VerifierManifest],
    ["fusion", "fused", FusionManifest],
  ] as const
) {
  const file = new URL(`${modality}_${part}.json`, MODELS);
  const manifest = JSON.parse(await Deno.readTextFile(file));
  const { eer, eer95, auc, auc95 } = figures[score];
  manifest.measured = {
    // Where a file lies is the machine's own affair.
    command: `deno task evaluate ${evaluation.map((word) => baseName(word)).join(" ")}`,
    date: new Date().toISOString().slice(0, 10),
    people: figures.people,
    genuine: figures.genuine,
    impostor: figures.impostor,
    eer: rounded(eer),
    eer95: eer95.map(rounded),
    auc: rounded(auc),
    auc95: auc95.map(rounded),
  };
  schema.parse(manifest);
  await Deno.writeTextFile(file, JSON.stringify(manifest, null, 1) + "\n");
  console.log(`${modality}_${part}: EER ${(100 * eer).toFixed(2)} %, AUC ${auc.toFixed(4)}`);
}
