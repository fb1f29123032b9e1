import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { GaitkeeperError } from "../../../core/error.ts";
import { loadModels, type ReadModelFile, readWindows } from "../../../core/models/load.ts";
import type { Stroke } from "../../../core/wire.ts";
import type { Zone } from "../../../core/zones.ts";
import { readModelFile } from "./model_files.ts";

/** The models folder with one file changed. */
const changed =
  (name: string, change: (text: string) => string): ReadModelFile => async (asked) => {
    const bytes = await readModelFile(asked);
    if (asked !== name) return bytes;
    return new TextEncoder().encode(change(new TextDecoder().decode(bytes)));
  };

async function refuses(readFile: ReadModelFile, words: string) {
  const error = await assertRejects(() => loadModels(readFile), GaitkeeperError);
  assertEquals(error.code, "model_invalid");
  assert(error.message.includes(words), error.message);
}

Deno.test("loadModels() loads every model, and each reproduces its stored vectors", async () => {
  const models = await loadModels(readModelFile);
  for (const modality of ["keyboard", "pointer"] as const) {
    const { features, withinDeviation, createDetectors, version, fusion } = models[modality];
    assertEquals(withinDeviation.length, features.length);
    assertEquals(createDetectors(1).map(({ name }) => name), [
      "isolationForest",
      "sequence",
      "verifier",
      "steadiness",
      ...fusion.crowd ? ["crowd"] : [],
    ]);
    assert(version);
  }
});

Deno.test("loadModels() gives no fusion weight that turns a detector around", async () => {
  const { keyboard, pointer } = await loadModels(readModelFile);
  for (const { fusion } of [keyboard, pointer]) {
    for (const term of Object.values(fusion)) assert(!term || term.weightNats >= 0);
  }
});

Deno.test("loadModels() refuses bytes that are not the manifest's", async () => {
  const other: ReadModelFile = async (name) =>
    await readModelFile(name === "keyboard_verifier.onnx" ? "pointer_verifier.onnx" : name);
  await refuses(other, "SHA-256");
});

Deno.test("loadModels() refuses a fusion that does not weigh the embedder's crowd", async () => {
  const deaf = changed("keyboard_fusion.json", (text) => {
    const { terms: { crowd: _, ...terms }, ...fusion } = JSON.parse(text);
    return JSON.stringify({ ...fusion, terms });
  });
  await refuses(deaf, "weigh a crowd where keyboard_embedder has one");
});

Deno.test("loadModels() refuses another order of features", async () => {
  const swapped = changed(
    "keyboard_verifier.json",
    (text) => text.replace('deviations.holdMeanMs"', 'deviations.holdOtherMs"'),
  );
  await refuses(swapped, "feature 25 must be");
});

Deno.test("loadModels() refuses a model that strays from its stored vectors", async () => {
  const strayed = changed("keyboard_embedder.json", (text) => {
    const manifest = JSON.parse(text);
    manifest.check.output[0] += 0.001;
    return JSON.stringify(manifest);
  });
  await refuses(strayed, "stored vectors");
});

Deno.test("loadModels() refuses a manifest that is broken or of another kind", async () => {
  await refuses(changed("keyboard_fusion.json", () => "{"), "manifest");
  await refuses(
    changed(
      "pointer_embedder.json",
      (text) => text.replace('"kind": "embedder"', '"kind": "verifier"'),
    ),
    "manifest",
  );
});

Deno.test("observe() is the same alone and beside others, for the runs of a model don't mix", async () => {
  const { keyboard } = await loadModels(readModelFile);
  const windows = [80, 120, 200].map((gap) => {
    const strokes = Array.from({ length: 50 }, (_, i) => {
      return { kind: "stroke", timeMs: gap * i, holdMs: 60 + i % 7, zone: "letter" } as const;
    });
    return { modality: "keyboard", startMs: 0, endMs: 1, strokes } as const;
  });
  const together = await Promise.all(
    windows.map((window) => keyboard.createObserver().observe(window)),
  );
  for (const [i, window] of windows.entries()) {
    const alone = await keyboard.createObserver().observe(window);
    assertEquals(alone!.embedding, together[i]!.embedding);
    assertAlmostEquals(Math.hypot(...alone!.embedding), 1, 1e-5);
  }
});

Deno.test("readWindows() reads what the models were trained on without loading them", async () => {
  const { keyboard, pointer } = await readWindows(readModelFile);
  const models = await loadModels(readModelFile);
  assertEquals([keyboard, pointer], [models.keyboard.window, models.pointer.window]);
});

Deno.test("loadKeyboard() observes nothing in windows of shortcuts and arrow keys", async () => {
  const { keyboard } = await loadModels(readModelFile);
  const strokesOf = (zones: readonly Zone[]) =>
    Array.from({ length: 50 }, (_, i): Stroke => {
      return { kind: "stroke", timeMs: 150 * i, holdMs: 80, zone: zones[i % zones.length]! };
    });
  const see = (zones: readonly Zone[]) => {
    const strokes = strokesOf(zones);
    return keyboard.createObserver().observe({
      modality: "keyboard",
      startMs: 0,
      endMs: 1,
      strokes,
    });
  };
  assert(await see(["letter", "letter", "space", "modifier"]));
  assertEquals(await see(["modifier", "letter"]), undefined);
  assertEquals(await see(["navigation", "navigation", "letter"]), undefined);
});
