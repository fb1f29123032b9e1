import { assertEquals, assertRejects } from "@std/assert";
import { GaitkeeperError } from "../../../core/error.ts";
import { modelsIn } from "../../../models/evaluation/observe.ts";
import { readModelFile } from "../../core/models/model_files.ts";

Deno.test("modelsIn() reads one modality's models elsewhere, and all else from those that ship", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${folder}/keyboard_fusion.json`, Uint8Array.of(1, 2, 3));
    await Deno.writeFile(`${folder}/pointer_fusion.json`, Uint8Array.of(4));
    const readFile = modelsIn(folder, "keyboard");
    assertEquals(await readFile("keyboard_fusion.json"), Uint8Array.of(1, 2, 3));
    for (const name of ["pointer_fusion.json", "automation.json"]) {
      assertEquals(await readFile(name), await readModelFile(name));
    }
    // Never half of one training and half of another.
    const error = await assertRejects(() => readFile("keyboard_verifier.json"), GaitkeeperError);
    assertEquals(error.code, "request_invalid");
    const shipped = modelsIn(undefined, "keyboard");
    assertEquals(
      await shipped("keyboard_fusion.json"),
      await readModelFile("keyboard_fusion.json"),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
