import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { GaitkeeperError } from "../../../core/error.ts";
import {
  checkBytes,
  checkFeatures,
  checkFitted,
  FusionManifest,
  KeyboardEmbedderManifest,
  parseManifest,
  PointerEmbedderManifest,
  VerifierManifest,
} from "../../../core/models/manifest.ts";
import { partOf } from "../../../models/training/split.ts";
import { readModelFile } from "./model_files.ts";

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const read = async (name: string) =>
  JSON.parse(new TextDecoder().decode(await readModelFile(`${name}.json`)));

function refuses(check: () => unknown, words: string) {
  const error = assertThrows(check, GaitkeeperError);
  assertEquals(error.code, "model_invalid");
  assert(error.message.includes(words), error.message);
}

const SHIPPED = [
  ["keyboard_embedder", KeyboardEmbedderManifest],
  ["keyboard_verifier", VerifierManifest],
  ["keyboard_fusion", FusionManifest],
  ["pointer_embedder", PointerEmbedderManifest],
  ["pointer_verifier", VerifierManifest],
  ["pointer_fusion", FusionManifest],
] as const;

Deno.test("parseManifest() reads every manifest that is shipped, under its own name", async () => {
  for (const [name, schema] of SHIPPED) {
    const manifest = parseManifest<{ name: string }>(
      schema,
      name,
      await readModelFile(`${name}.json`),
    );
    assertEquals(manifest.name, name);
  }
});

Deno.test("parseManifest() refuses a manifest that lacks any of what it must say", async () => {
  const manifest = await read("keyboard_verifier");
  const optional = ["measured"];
  for (const key of Object.keys(manifest).filter((key) => !optional.includes(key))) {
    const { [key]: _, ...rest } = manifest;
    refuses(() => parseManifest(VerifierManifest, "verifier", encode(rest)), "complete");
  }
});

Deno.test("parseManifest() refuses what is no manifest, whatever the bytes", () => {
  fc.assert(fc.property(fc.oneof(fc.uint8Array(), fc.json().map((j) => encode(j))), (bytes) => {
    refuses(() => parseManifest(VerifierManifest, "verifier", Uint8Array.from(bytes)), "complete");
  }));
});

Deno.test("parseManifest() refuses windows that are not the modality's", async () => {
  const manifest = await read("keyboard_embedder");
  for (const window of [{}, { strokes: 50 }, { strokes: 0, hop: 10 }, { activeMs: 1, hopMs: 1 }]) {
    const bytes = encode({ ...manifest, window });
    refuses(() => parseManifest(KeyboardEmbedderManifest, "embedder", bytes), "complete");
  }
});

Deno.test("checkBytes() takes the manifest's own bytes and no others", async () => {
  const bytes = Uint8Array.from([1, 2, 3]);
  const sha256 = "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81";
  await checkBytes({ name: "model", sha256 }, bytes);
  for (const other of [[1, 2, 4], [1, 2], []]) {
    const error = await assertRejects(
      () => checkBytes({ name: "model", sha256 }, Uint8Array.from(other)),
      GaitkeeperError,
    );
    assertEquals(error.code, "model_invalid");
  }
});

Deno.test("checkFeatures() refuses any other name, order or number of features", () => {
  const computed = ["a", "b", "c"];
  const check = (features: string[]) => checkFeatures({ name: "model", features }, computed);
  check(["a", "b", "c"]);
  refuses(() => check(["b", "a", "c"]), "feature 0 must be a, got b");
  refuses(() => check(["a", "b"]), "feature 2 must be c, got undefined");
  refuses(() => check(["a", "b", "c", "d"]), "feature 3 must be undefined, got d");
});

Deno.test("checkFitted() refuses a fusion that was fitted on another model, or on none", async () => {
  const fusion = parseManifest(
    FusionManifest,
    "keyboard_fusion",
    await readModelFile("keyboard_fusion.json"),
  );
  checkFitted(fusion, fusion.models);
  const retrained = { ...fusion.models, keyboard_embedder: "0".repeat(64) };
  refuses(() => checkFitted(fusion, retrained), "fitted on keyboard_embedder");
  refuses(() => checkFitted({ ...fusion, models: {} }, fusion.models), "got undefined");
});

Deno.test("manifests list as held out exactly those whom the rule holds out", async () => {
  for (const name of ["keyboard_embedder", "keyboard_verifier"]) {
    const { trainedOn } = await read(name);
    const heldOut: string[] = trainedOn.heldOut;
    assert(heldOut.length >= 120, `${heldOut.length} people`);
    assertEquals(new Set(heldOut).size, heldOut.length);
    for (const subject of heldOut) assertEquals(partOf(subject), "heldOut", subject);
  }
});
