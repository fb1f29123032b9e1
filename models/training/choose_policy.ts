/**
 * Prints what the risk policy's constants would have done to calibration people: each enrolled on 10
 * sessions, watched over 5 more, then another person takes over.
 *
 *     deno run -R --allow-env models/training/choose_policy.ts TRACES
 */
import { DEFAULT_DECISION_POLICY } from "../../core/decision.ts";
import { natsOf } from "../../core/evidence.ts";
import { quantile } from "../../core/features/vector.ts";
import { FusionManifest, parseManifest } from "../../core/models/manifest.ts";
import { PROFILE_SIZE } from "../../core/profile.ts";
import { seededRandom } from "../../core/random.ts";
import {
  addEvidence,
  DEFAULT_RISK_POLICY,
  readRisk,
  type RiskPolicy,
  type RiskState,
} from "../../core/risk.ts";
import { readModelFile } from "../evaluation/observe.ts";
import { loadScorer } from "../evaluation/scorer.ts";
import { partOf } from "./split.ts";
import { readSubjects } from "./trace_file.ts";

const ENROLLED = 10;
const HOP = 10;
const random = seededRandom(7);
const scorer = await loadScorer("keyboard");
const { terms } = parseManifest(
  FusionManifest,
  "fusion",
  await readModelFile("keyboard_fusion.json"),
);
const people = [...await readSubjects(Deno.args[0]!)].filter(([name]) =>
  partOf(name) === "calibrate"
);

/** Nats of each window after enrolment, and how many of them come before the takeover. */
const streams: { nats: number[]; own: number }[] = [];
for (const [number, [subject, sessions]] of people.entries()) {
  const other = (number + 1 + Math.floor(random() * (people.length - 1))) % people.length;
  const laid = [...sessions, ...people[other]![1].slice(ENROLLED)];
  const placed = scorer.modality.windowsOf(laid);
  const observed = await scorer.observe({ subject, sessions: laid });
  const enrolled = placed.filter(({ session }) => session < ENROLLED).length;
  const detectors = scorer.models.createDetectors(number);
  for (const one of observed.slice(0, Math.min(enrolled, PROFILE_SIZE.keyboard.keep))) {
    for (const detector of detectors) detector.learnOne(one);
  }
  const probes = observed.slice(enrolled);
  const nats = new Array<number>(probes.length).fill(0);
  for (const detector of detectors) {
    const scores = await detector.scoreMany(probes);
    scores.forEach((score, i) => nats[i]! += natsOf(terms[detector.name], score!));
  }
  streams.push({ nats, own: placed.filter((p) => p.session < sessions.length).length - enrolled });
}

console.log("gain retention floor   false alarms/3000 strokes   median to find   found by 100");
for (const gain of [0.3, 0.45, 0.6, 0.8, 1]) {
  for (const retention of [0, 0.3, 0.5, 0.65, 0.75]) {
    for (const floor of [-3, -4]) {
      const policy: RiskPolicy = { ...DEFAULT_RISK_POLICY, gain, retention, bounds: [floor, 9] };
      const { alarms, strokes, found } = play(policy);
      const by100 = found.filter((count) => count <= 100).length / found.length;
      console.log(
        `${gain.toFixed(2)}   ${retention.toFixed(2)}      ${floor}        ` +
          `${(3000 * alarms / strokes).toFixed(2).padStart(8)}          ` +
          `${String(quantile(found, 0.5)).padStart(12)}   ${
            (100 * by100).toFixed(1).padStart(8)
          } %`,
      );
    }
  }
}

/** Crossings into `high` by the subject, and strokes until the stranger's first. */
function play(policy: RiskPolicy) {
  const { enter, leave } = DEFAULT_DECISION_POLICY.levels.high;
  let [alarms, strokes] = [0, 0];
  const found: number[] = [];
  for (const { nats, own } of streams) {
    let state: RiskState = {};
    let raised = false;
    let at = Infinity;
    nats.forEach((value, i) => {
      const parts = [{ key: "all", words: "", nats: value }];
      state = addEvidence(
        state,
        { source: "keyboard", endMs: 0, nats: value, detectors: {}, parts },
        1,
        policy,
      );
      const { risk } = readRisk(state, 0, policy);
      if (i < own) {
        strokes += HOP;
        if (!raised && risk >= enter) alarms++;
        raised = risk >= (raised ? leave : enter);
      } else if (risk >= enter) at = Math.min(at, HOP * (i - own + 1));
    });
    found.push(at);
  }
  return { alarms, strokes, found };
}
