import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  EmbedderManifest,
  FusionManifest,
  type Measured,
  parseManifest,
  VerifierManifest,
} from "../../core/models/manifest.ts";

const MODELS = new URL("../../models/", import.meta.url);
const card = (modality: string) => Deno.readTextFile(new URL(`${modality}.md`, MODELS));

/** The numbers of a table's first row with this name, as they stand. */
function rowOf(text: string, name: string): number[] {
  const row = text.split("\n").find((line) => new RegExp(`^\\| ${name} +\\|`).test(line));
  if (!row) throw new Error(`the card must have a row for ${name}`);
  return [...row.matchAll(/\d*\.\d+|\d+/g)].map(([number]) => Number(number));
}

Deno.test("model cards say what the manifests measured", async () => {
  for (const modality of ["keyboard", "pointer"]) {
    const text = await card(modality);
    for (
      const [part, row, schema] of [
        ["embedder", "embedder", EmbedderManifest],
        ["verifier", "verifier", VerifierManifest],
        ["fusion", "fused", FusionManifest],
      ] as const
    ) {
      const name = `${modality}_${part}`;
      const bytes = await Deno.readFile(new URL(`${name}.json`, MODELS));
      const { measured } = parseManifest<{ measured?: Measured | undefined }>(schema, name, bytes);
      if (!measured) throw new Error(`${name} must say what it measured`);
      assert(text.includes(measured.date), `${name} was measured on ${measured.date}`);
      const { eer, eer95, auc, auc95 } = measured;
      const [eerPercent, eerLow, eerHigh, ...areas] = rowOf(text, row);
      [eer, ...eer95].forEach((share, i) =>
        assertAlmostEquals([eerPercent, eerLow, eerHigh][i]!, 100 * share, 0.06, name)
      );
      [auc, ...auc95].forEach((area, i) => assertAlmostEquals(areas[i]!, area, 6e-4, name));
    }
  }
});

Deno.test("model cards give the sizes of the files that are shipped", async () => {
  for (const modality of ["keyboard", "pointer"]) {
    const text = await card(modality);
    let bytes = 0;
    for (const part of ["embedder", "verifier"]) {
      const file = `${modality}_${part}.onnx`;
      const { size } = await Deno.stat(new URL(file, MODELS));
      const line = text.split("\n").find((line) => line.startsWith(`| \`${file}\``));
      assertEquals(line?.match(/(\d+) kB/)?.[1], String(Math.round(size / 1000)), file);
      bytes += size;
    }
    assert(bytes < 1_500_000, `${modality} models are ${bytes} bytes`);
  }
});
