/**
 * Prints what other constants of the risk policy would have done to calibration people: each is
 * enrolled, watched in a live session over the other sessions, then another person takes over.
 *
 *     deno run -R --allow-env --unstable-kv models/training/choose_policy.ts MODALITY TRACES [GAIN,...] [RETENTION,...]
 */
import { DEFAULT_RISK_POLICY, type RiskPolicy } from "../../core/risk.ts";
import type { Modality } from "../../core/window.ts";
import { watch } from "../evaluation/continuous.ts";
import { ProgressBar } from "../evaluation/progress.ts";
import { readTrials } from "../evaluation/trials.ts";
import { partOf } from "./split.ts";

/** As the figures that are reported. */
const ENROLLED = {
  keyboard: { enrolSessions: 5 },
  pointer: { enrolMatch: "3min" },
} as const;

const [name, file, ...grid] = Deno.args;
if ((name !== "keyboard" && name !== "pointer") || !file) {
  throw new TypeError("Cannot choose a policy: MODALITY and TRACES must be given");
}
const modality: Modality = name;
const standing = DEFAULT_RISK_POLICY.sources[modality];
const [gains, retentions] = ([0, 1] as const).map((place) =>
  grid[place]?.split(",").map(Number) ?? [[standing.gain], [standing.retention]][place]!
) as [number[], number[]];

const admits = (subject: string) => partOf(subject) === "calibrate";
const trials = await readTrials({
  ...ENROLLED[modality],
  enrol: file,
  probe: file,
  pool: 1,
  admits,
});
const bar = new ProgressBar();
for (const gain of gains) {
  for (const retention of retentions) {
    const sources = { ...DEFAULT_RISK_POLICY.sources, [modality]: { gain, retention } };
    const riskPolicy: RiskPolicy = { ...DEFAULT_RISK_POLICY, sources };
    const onProgress = (share: number, note: string) => bar.show(share, note);
    const figures = await watch(modality, trials, { seed: 1, riskPolicy, onProgress });
    bar.hide();
    console.log(JSON.stringify({ gain, retention, ...figures }));
  }
}
