import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { KeyboardEmbedderManifest, parseManifest } from "../../../core/models/manifest.ts";
import { OnnxModel } from "../../../core/models/onnx.ts";
import { StrokeStream } from "../../../core/models/stroke_stream.ts";
import { type KeyboardWindow, KeyboardWindower } from "../../../core/window.ts";
import { createTypist } from "../../../islands/try/generated_typist.ts";
import { readModelFile } from "./model_files.ts";

const name = "keyboard_embedder";
const manifest = parseManifest(KeyboardEmbedderManifest, name, await readModelFile(`${name}.json`));
const model = await OnnxModel.load(manifest, await readModelFile(manifest.file));
const strokes = createTypist(3).type(200, 0);
const windower = new KeyboardWindower(manifest.window);
const windows = strokes.flatMap((stroke) => windower.push(stroke) ?? []);

function createStream(record?: StrokeStream["record"]): StrokeStream {
  return new StrokeStream(model, manifest.carriedWidth, manifest.window.strokes, record);
}

async function embedAll(stream: StrokeStream, list: readonly KeyboardWindow[]) {
  const embeddings: Float32Array[] = [];
  for (const window of list) embeddings.push(await stream.embed(window));
  return embeddings;
}

const cosine = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0);

Deno.test("StrokeStream.embed() in one run is what it is stroke by stroke", async () => {
  const first = windows[0]!;
  const whole = await createStream().embed(first);
  const stream = createStream();
  let stepwise = new Float32Array();
  for (let count = 1; count <= first.strokes.length; count++) {
    const held = first.strokes.slice(0, count);
    stepwise = Float32Array.from(await stream.embed({ ...first, strokes: held, fresh: 1 }));
  }
  assertAlmostEquals(Math.hypot(...whole), 1, 1e-5);
  whole.forEach((value, i) => assertAlmostEquals(value, stepwise[i]!, 1e-4));
});

Deno.test("StrokeStream.embed() carries the state, and is near to a window read by itself", async () => {
  const carried = (await embedAll(createStream(), windows)).at(-1)!;
  const { strokes, ...window } = windows.at(-1)!;
  const alone = await createStream().embed({ ...window, strokes, fresh: strokes.length });
  assert(cosine(carried, alone) > 0.9, `${cosine(carried, alone)}`);
  assert(cosine(carried, alone) < 1 - 1e-6);
});

Deno.test("StrokeStream goes on from its record exactly as it would have", async () => {
  const whole = await embedAll(createStream(), windows);
  for (let left = 0; left < windows.length; left++) {
    const before = createStream();
    await embedAll(before, windows.slice(0, left));
    const record = structuredClone(before.record);
    const after = createStream(record);
    // Not touched yet, it hands on what it was given.
    assertEquals(after.record, record);
    assertEquals(await embedAll(after, windows.slice(left)), whole.slice(left));
    const bytes = record.blocks.reduce((sum, block) => sum + block.length, record.carried.length);
    assert(bytes < 8 * 1024, `${bytes} bytes`);
  }
});

Deno.test("StrokeStream.reset() forgets all that was before", async () => {
  const stream = createStream();
  await embedAll(stream, windows);
  stream.reset();
  assertEquals(await embedAll(stream, windows), await embedAll(createStream(), windows));
});

Deno.test("StrokeStream.embed() begins anew after what is no number", async () => {
  const stream = createStream();
  await embedAll(stream, windows.slice(0, 3));
  const broken = windows[3]!.strokes.map((stroke) => ({ ...stroke, holdMs: NaN }));
  await assertRejects(() => stream.embed({ ...windows[3]!, strokes: broken }));
  assertEquals(await embedAll(stream, windows), await embedAll(createStream(), windows));
});

Deno.test("StrokeStream leaves a record of another network alone", async () => {
  const { blocks, carried } = createStream().record;
  const stream = createStream({ blocks, carried: carried.slice(4) });
  assertEquals(await embedAll(stream, windows), await embedAll(createStream(), windows));
});
