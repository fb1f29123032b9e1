import { assert, assertEquals } from "@std/assert";
import type { Report } from "../../routes/model_report.ts";

const MODELS = new URL("../../models/", import.meta.url);
const card = (modality: string) => Deno.readTextFile(new URL(`${modality}.md`, MODELS));

/** The cells of a Markdown table's line. */
const cellsOf = (line: string) => line.split("|").slice(1, -1).map((cell) => cell.trim());

Deno.test("model cards say what the report measured, every row of it", async () => {
  const report: Report = JSON.parse(await Deno.readTextFile(new URL("report/report.json", MODELS)));
  for (const modality of ["keyboard", "pointer"] as const) {
    const lines = (await card(modality)).split("\n").map((line) => cellsOf(line).join("|"));
    const tables = report.tables[modality] ?? [];
    assert(tables.length > 2, modality);
    for (const { title, rows } of tables) {
      for (const row of rows) {
        assert(lines.includes(row.join("|")), `${modality}: ${title}: ${row}`);
      }
    }
  }
});

Deno.test("model cards give the sizes of the files that are shipped", async () => {
  for (const modality of ["keyboard", "pointer"]) {
    const text = await card(modality);
    for (const part of ["embedder", "verifier"]) {
      const file = `${modality}_${part}.onnx`;
      const { size } = await Deno.stat(new URL(file, MODELS));
      const line = text.split("\n").find((line) => line.startsWith(`| \`${file}\``));
      assertEquals(line?.match(/(\d+) kB/)?.[1], String(Math.round(size / 1000)), file);
    }
  }
});

Deno.test("models stay below four megabytes together, manifests included", async () => {
  let bytes = 0;
  for await (const { name } of Deno.readDir(MODELS)) {
    if (/\.(onnx|json)$/.test(name)) bytes += (await Deno.stat(new URL(name, MODELS))).size;
  }
  assert(bytes > 2e6 && bytes < 4e6, `${bytes} bytes`);
});
