/** The automation score's file: its trees, checked when it is read. */
import { z } from "zod";
import { GaitkeeperError } from "../../error.ts";
import { parseManifest } from "../manifest.ts";
import { POINTER_MANNER_FEATURES } from "./pointer_manner.ts";
import type { AutomationScore } from "./score.ts";
import { STROKE_MANNER_FEATURES } from "./stroke_manner.ts";

const Tree = z.object({
  features: z.array(z.number().int().nonnegative()),
  cuts: z.array(z.number()),
  leaves: z.array(z.number()),
}).refine(({ features, cuts, leaves }) => {
  return features.length === cuts.length && leaves.length === cuts.length + 1 &&
    Number.isInteger(Math.log2(leaves.length));
}, "a tree must be full");

const Trees = z.object({
  features: z.array(z.string()),
  trees: z.array(Tree),
  startLogOdds: z.number(),
  threshold: z.number(),
});

export const AutomationManifest = z.object({
  direction: z.literal("high is strange"),
  keyboard: Trees,
  pointer: Trees,
});

/**
 * Reads `automation.json`.
 * @throws {GaitkeeperError} `model_invalid` when it is no such file or was trained on other features.
 */
export async function loadAutomationScore(
  readFile: (name: string) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<AutomationScore> {
  const bytes = await readFile("automation.json");
  const { keyboard, pointer } = parseManifest(AutomationManifest, "automation", bytes);
  checkManner(keyboard, STROKE_MANNER_FEATURES);
  checkManner(pointer, POINTER_MANNER_FEATURES);
  return { keyboard, pointer };
}

function checkManner(
  { features, trees }: z.infer<typeof Trees>,
  computed: readonly string[],
): void {
  const isComputed = features.length === computed.length &&
    features.every((name, i) => name === computed[i]);
  const asked = Math.max(...trees.flatMap((tree) => tree.features));
  if (isComputed && asked < features.length) return;
  throw new GaitkeeperError(
    "model_invalid",
    `Cannot use automation: its features must be those computed here, got ${features.join(", ")}`,
  );
}
