import { assert, assertEquals, assertRejects } from "@std/assert";
import { GaitkeeperError } from "../../../core/error.ts";
import { VerifierManifest } from "../../../core/models/manifest.ts";
import { parseManifest, PointerEmbedderManifest } from "../../../core/models/manifest.ts";
import { OnnxModel } from "../../../core/models/onnx.ts";
import { readModelFile } from "./model_files.ts";

const embedder = parseManifest(
  PointerEmbedderManifest,
  "pointer_embedder",
  await readModelFile("pointer_embedder.json"),
);
const verifier = parseManifest(
  VerifierManifest,
  "keyboard_verifier",
  await readModelFile("keyboard_verifier.json"),
);
const bytes = await readModelFile("pointer_embedder.onnx");
const model = await OnnxModel.load(embedder, bytes);
const [steps, channels] = embedder.check.shape.slice(1) as [number, number];
const stored = Float32Array.from(embedder.check.input);

/** The stored chunk with every number moved a little: another window of the same shape. */
const moved = (by: number) => stored.map((value) => value + by);

async function refuses(change: Partial<typeof embedder>, words: string, model = bytes) {
  const load = () => OnnxModel.load({ ...embedder, ...change }, model);
  const error = await assertRejects(load, GaitkeeperError);
  assertEquals(error.code, "model_invalid");
  assert(error.message.includes(words), error.message);
}

function nearest(found: Float32Array, expected: ArrayLike<number>, tolerance: number) {
  assertEquals(found.length, expected.length);
  found.forEach((value, i) => assert(Math.abs(value - expected[i]!) < tolerance, `place ${i}`));
}

Deno.test("OnnxModel.run() returns the trained network's output to 1e-4", async () => {
  nearest(await model.run(stored, [1, steps, channels]), embedder.check.output, 1e-4);
});

Deno.test("OnnxModel.run() gives every row of a batch what it gets alone", async () => {
  const windows = [0, 0.1, 0.2, 0.3].map(moved);
  const batch = Float32Array.from(windows.flatMap((window) => [...window]));
  const together = await model.run(batch, [windows.length, steps, channels]);
  const width = together.length / windows.length;
  for (const [i, window] of windows.entries()) {
    const alone = await model.run(window, [1, steps, channels]);
    nearest(together.slice(i * width, (i + 1) * width), alone, 1e-5);
  }
});

Deno.test("OnnxModel.run() keeps runs apart that are asked for at once", async () => {
  const windows = [0, 0.1, 0.2, 0.3, 0.4, 0.5].map(moved);
  const run = (window: Float32Array) => model.run(window, [1, steps, channels]);
  const atOnce = await Promise.all(windows.map(run));
  for (const [i, window] of windows.entries()) assertEquals(await run(window), atOnce[i]);
});

Deno.test("OnnxModel.run() fails on a NaN instead of scoring it, and runs again after", async () => {
  const window = stored.slice();
  window[7] = NaN;
  const run = () => model.run(window, [1, steps, channels]);
  const error = await assertRejects(run, GaitkeeperError);
  assertEquals(error.code, "model_unavailable");
  nearest(await model.run(stored, [1, steps, channels]), embedder.check.output, 1e-4);
});

Deno.test("OnnxModel.run() fails on a tensor of another shape", async () => {
  for (const shape of [[2, steps, channels], [1, steps, channels - 1], [steps, channels]]) {
    const error = await assertRejects(() => model.run(stored, shape), GaitkeeperError);
    assertEquals(error.code, "model_unavailable");
  }
});

Deno.test("OnnxModel.load() refuses bytes that are no model", async () => {
  await refuses({}, "ONNX model", Uint8Array.from([1, 2, 3]));
  await refuses({}, "ONNX model", bytes.slice(0, bytes.length / 2));
});

Deno.test("OnnxModel.load() refuses a model without the tensors of its manifest", async () => {
  const { inputs, outputs } = embedder;
  await refuses({ inputs: [{ ...inputs[0]!, name: "keys" }] }, "tensor named keys");
  // The name of the one is not the name of the other.
  await refuses({ inputs: [{ ...inputs[0]!, name: "embedding" }] }, "tensor named embedding");
  await refuses({ outputs: [{ ...outputs[0]!, name: "strokes" }] }, "tensor named strokes");
});

Deno.test("OnnxModel.load() refuses a model that is not as wide as its features", async () => {
  await refuses({ features: embedder.features.slice(1) }, "input must be");
  const inputs = [{ name: "chunk", shape: ["batch", "steps", channels + 1] }];
  await refuses({ inputs }, "input must be");
  await refuses({ outputs: [{ name: "embedding", shape: ["batch", 63] }] }, "stored vectors");
});

Deno.test("OnnxModel.load() refuses stored vectors that it does not reproduce", async () => {
  const { check } = embedder;
  const strayed = check.output.map((value, i) => i === 5 ? value + 2e-4 : value);
  await refuses({ check: { ...check, output: strayed } }, "stored vectors");
  await refuses({ check: { ...check, output: check.output.slice(1) } }, "stored vectors");
  await refuses({ check: { ...check, input: check.input.slice(1) } }, "stored vectors");
});

Deno.test("OnnxModel.load() refuses a model of another kind under a manifest", async () => {
  const forest = await readModelFile("keyboard_verifier.onnx");
  await refuses({}, "tensor named chunk", forest);
  const { check, inputs } = verifier;
  nearest(
    await (await OnnxModel.load(verifier, forest)).run(Float32Array.from(check.input), check.shape),
    check.output,
    1e-4,
  );
  assertEquals(inputs[0]!.shape.at(-1), verifier.features.length);
});
