import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { GaitkeeperError } from "../../../core/error.ts";
import { loadModels } from "../../../core/models/load.ts";
import type { Modality } from "../../../core/window.ts";
import { modelsIn } from "../../../models/evaluation/observe.ts";
import { claimWork, requirePeople } from "../../../models/training/training_run.ts";
import { smallHands, smallTypists, withTraces } from "./small_population.ts";

const SCRIPT = new URL("../../../models/training/train.ts", import.meta.url).pathname;
/** An interpreter with models/training/requirements.txt; without one nothing can be trained. */
const PYTHON = Deno.env.get("GAITKEEPER_PYTHON");

async function train(...words: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", "-A", SCRIPT, ...words],
    env: { NO_COLOR: "1", OMP_NUM_THREADS: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { code, said: decoder.decode(stdout), refused: decoder.decode(stderr) };
}

Deno.test("deno task train refuses what it cannot train on before it writes anything", async () => {
  const [typist] = smallTypists({ train: 1, calibrate: 0, heldOut: 0 });
  const hand = smallHands(1, 0).find(({ session }) => session === "1min")!;
  await withTraces([typist!], async (keys, folder) => {
    await withTraces([hand], async (pointer) => {
      const into = ["--work", `${folder}/work`, "--models", `${folder}/models`];
      const noPython = ["--python", `${folder}/python`];
      const wrong: [string[], string][] = [
        [[], "keyboard, pointer or automation"],
        [["mouse", keys], "keyboard, pointer or automation"],
        [["automation", "--keyboard", keys], 'got "--work"'],
        [["automation", "--keys", keys], 'got "--keys"'],
        [["keyboard"], "trace file"],
        [["keyboard", `${folder}/nothing.gz`], "nothing.gz"],
        [["keyboard", SCRIPT], "train.ts"],
        [["keyboard", pointer], '"keys"'],
        [["pointer", keys], '"pointer"'],
        [["pointer", pointer], "--enrol-sessions"],
        [["keyboard", keys, "--epochs", "0"], "--epochs"],
        [["keyboard", keys, "--epochs", "many"], "--epochs"],
        [["keyboard", keys, "--enrol-sessions", "1.5"], "--enrol-sessions"],
        [["keyboard", keys, "--epoch", "3"], "--epoch"],
        [["keyboard", keys, ...noPython], "requirements.txt"],
      ];
      const answers = await Promise.all(wrong.map(([words]) => train(...words, ...into)));
      for (const [i, { code, said, refused }] of answers.entries()) {
        const [words, named] = wrong[i]!;
        assertEquals([code, said], [1, ""], words.join(" "));
        assert(/^Cannot train: .+\(request_invalid\)\n$/.test(refused), refused);
        assert(refused.includes(named), refused);
      }
      const written = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
      assertEquals(written, ["people.ndjson.gz"]);
    });
  });
});

Deno.test("requirePeople() wants two in each group that training takes apart", () => {
  const keyboard = (train: number, calibrate: number) => ({
    people: [
      ...Array.from({ length: train }, () => ({ part: "train" })),
      ...Array.from({ length: calibrate }, () => ({ part: "calibrate" })),
      { part: "heldOut" },
    ],
  });
  requirePeople("keyboard", keyboard(2, 2));
  const pointer = (...folds: number[]) => ({ people: folds.map((fold) => ({ part: "", fold })) });
  requirePeople("pointer", pointer(0, 0, 1, 1, 2, 2));
  const tooFew: [Modality, ReturnType<typeof keyboard>, string][] = [
    ["keyboard", keyboard(9, 1), "9 in train, 1 in calibrate"],
    ["keyboard", keyboard(0, 0), "0 in train, 0 in calibrate"],
    ["pointer", pointer(0, 0, 1, 1, 2), "2 in fold 0, 2 in fold 1, 1 in fold 2"],
  ];
  for (const [modality, index, words] of tooFew) {
    const error = assertThrows(() => requirePeople(modality, index), GaitkeeperError, words);
    assertEquals(error.code, "trace_invalid");
  }
});

Deno.test("claimWork() lets the same training go on, and no other", async () => {
  const [one, other] = [1, 2].map(() => smallTypists({ train: 1, calibrate: 0, heldOut: 0 }));
  await withTraces(one!, async (traces, work) => {
    await withTraces(other!.slice(1), async (others) => {
      const run = { work, traces: [traces], epochs: "3" };
      await claimWork("keyboard", run);
      await claimWork("keyboard", run);
      await claimWork("pointer", { ...run, epochs: "5" });
      for (const change of [{ traces: [others] }, { traces: [traces, others] }, { epochs: "4" }]) {
        const error = await assertRejects(
          () => claimWork("keyboard", { ...run, ...change }),
          GaitkeeperError,
          "--work",
        );
        assertEquals(error.code, "request_invalid");
      }
      await claimWork("keyboard", run);
    });
  });
});

/** Trains on people who do not exist and loads what came of it, as the service would. */
async function trainAndLoad(modality: Modality, file: string, folder: string) {
  const [work, models] = [`${folder}/work`, `${folder}/models`];
  const words = [modality, file, "--epochs", "1", "--work", work, "--models", models];
  words.push("--python", PYTHON!);
  const { code, said, refused } = await train(...words);
  assertEquals(code, 0, said + refused);
  const written = (await Array.fromAsync(Deno.readDir(models), ({ name }) => name)).sort();
  const parts = ["embedder.json", "embedder.onnx", "fusion.json", "verifier.json", "verifier.onnx"];
  assertEquals(written, parts.map((part) => `${modality}_${part}`));
  // Every model must reproduce its stored vectors, and the fusion be fitted on these very two.
  const loaded = await loadModels(modelsIn(models, modality));
  const manifest = JSON.parse(await Deno.readTextFile(`${models}/${modality}_embedder.json`));
  assert(loaded[modality].version.startsWith(manifest.sha256.slice(0, 16)));
  assertEquals(manifest.trainedOn.source, "people.ndjson.gz");
  return { words, said, sha256: manifest.sha256 };
}

Deno.test({
  name: "deno task train makes keyboard models that load, and goes on where it was stopped",
  ignore: !PYTHON,
  fn: async () => {
    const people = smallTypists({ train: 4, calibrate: 2, heldOut: 1 });
    await withTraces(people, async (file, folder) => {
      const { words, said, sha256 } = await trainAndLoad("keyboard", file, folder);
      const again = await train(...words);
      assertEquals(again.code, 0, again.said + again.refused);
      assert(said.includes("epoch 1/1") && !again.said.includes("epoch 1/1"), again.said);
      const embedder = `${folder}/models/keyboard_embedder.json`;
      assertEquals(JSON.parse(await Deno.readTextFile(embedder)).sha256, sha256);
    });
  },
});

Deno.test({
  name: "deno task train makes pointer models that load",
  ignore: !PYTHON,
  fn: async () => {
    await withTraces(smallHands(2, 1), async (file, folder) => {
      await trainAndLoad("pointer", file, folder);
    });
  },
});
