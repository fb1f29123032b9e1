import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { POINTER_FEATURES } from "../../../core/features/pointer.ts";
import { EMBEDDED_HZ, seenAt } from "../../../core/features/pointer_rate.ts";
import { POINTER_CHANNELS, pointerChunks } from "../../../core/features/pointer_tensor.ts";
import { loadPointer } from "../../../core/models/load.ts";
import { EmbedderManifest, parseManifest } from "../../../core/models/manifest.ts";
import { OnnxModel } from "../../../core/models/onnx.ts";
import { ChunkEmbedder, unitCentroid } from "../../../core/models/sequence.ts";
import { PointerWindower } from "../../../core/window.ts";
import { createHand } from "../../../islands/try/generated_hand.ts";
import { readModelFile } from "./model_files.ts";

const { createObserver, window: settings } = await loadPointer(readModelFile);
const { observe } = createObserver();

function windowsOf(seed: number) {
  const windower = new PointerWindower(settings);
  return createHand(seed).move(90_000, 1.7e12).flatMap((event) => windower.push(event) ?? []);
}

Deno.test("loadPointer() observes a window as the centroid of its chunks at both rates, each embedded alone", async () => {
  const name = "pointer_embedder";
  const manifest = parseManifest(EmbedderManifest, name, await readModelFile(`${name}.json`));
  const model = await OnnxModel.load(manifest, await readModelFile(manifest.file));
  const embedder = new ChunkEmbedder(model);
  const window = windowsOf(1)[0]!;
  const alone: Float32Array[] = [];
  for (const hz of EMBEDDED_HZ) {
    for (const chunk of pointerChunks(seenAt(window, hz))) {
      alone.push((await embedder.embed([chunk], POINTER_CHANNELS.length))[0]!);
    }
  }
  assert(alone.length > 2);
  const observation = (await observe(window))!;
  const centroid = unitCentroid(alone);
  observation.embedding.forEach((value, i) => assertAlmostEquals(value, centroid[i]!, 1e-5));
  assertAlmostEquals(Math.hypot(...observation.embedding), 1, 1e-5);
  assertEquals(observation.vector.length, POINTER_FEATURES.length);
  assertEquals(observation.endMs, window.endMs);
});

Deno.test("loadPointer() observes nothing in too little movement", async () => {
  const window = windowsOf(1)[0]!;
  const short = window.events.filter(({ timeMs }) => timeMs < window.startMs + 2000);
  assertEquals(await observe({ ...window, events: short }), undefined);
  const still = window.events.filter(({ kind }) => kind !== "pointer");
  assertEquals(await observe({ ...window, events: still }), undefined);
});

Deno.test("loadPointer() observes windows of one hand nearer to each other than to another hand's", async () => {
  const [own, other] = await Promise.all([1, 2].map(async (seed) => {
    const observed = await Promise.all(windowsOf(seed).map((window) => observe(window)));
    return observed.map((observation) => observation!.embedding);
  }));
  const half = Math.floor(own!.length / 2);
  const enrolled = unitCentroid(own!.slice(0, half));
  const cosine = (embedding: Float32Array) =>
    embedding.reduce((sum, value, i) => sum + value * enrolled[i]!, 0);
  const nearness = (embeddings: readonly Float32Array[]) =>
    embeddings.reduce((sum, embedding) => sum + cosine(embedding), 0) / embeddings.length;
  // Apart by the windows that overlap with the enrolled ones.
  assert(nearness(own!.slice(half + 5)) > nearness(other!));
});
