/**
 * Prints what the risk policy's constants would have done to calibration people: each enrolled on
 * five sessions, watched over the others, then another person takes over.
 *
 *     deno run -R --allow-env models/training/choose_policy.ts TRACES [ENROLLED]
 */
import { DEFAULT_DECISION_POLICY } from "../../core/decision.ts";
import { fusedNats } from "../../core/evidence.ts";
import { quantile } from "../../core/features/vector.ts";
import type { DetectorName } from "../../core/models/detector.ts";
import { createProfile, learnWindow } from "../../core/profile.ts";
import { seededRandom } from "../../core/random.ts";
import {
  addEvidence,
  DEFAULT_RISK_POLICY,
  readRisk,
  type RiskPolicy,
  type RiskState,
} from "../../core/risk.ts";
import { readFusion } from "../evaluation/figures.ts";
import { openEye } from "../evaluation/observe.ts";
import { partOf } from "./split.ts";
import { readSubjects } from "./trace_file.ts";

const ENROLLED = Number(Deno.args[1] ?? 5);
/** What the default asks for: at most one false alarm in so many strokes. */
const ALLOWED_STROKES = 3000;
const random = seededRandom(7);
const eye = await openEye("keyboard");
const fusion = await readFusion("keyboard");
const people = [...await readSubjects(Deno.args[0]!)]
  .filter(([name]) => partOf(name) === "calibrate");

/** Each window's nats and the stroke at which it was cut; `own` strokes come before the takeover. */
const streams: { nats: number[]; at: number[]; own: number }[] = [];
for (const [number, [, sessions]] of people.entries()) {
  const other = (number + 1 + Math.floor(random() * (people.length - 1))) % people.length;
  const mine = sessions.slice(ENROLLED);
  const stream = await eye.observe([...mine, ...people[other]![1].slice(ENROLLED)]);
  const start = createProfile("keyboard", eye.models.version, number);
  const { references } = (await eye.observe(sessions.slice(0, ENROLLED)))
    .map(({ observation }) => observation).reduce(learnWindow, start);
  const columns: (readonly [DetectorName, (number | undefined)[]])[] = [];
  for (const detector of eye.models.createDetectors(number)) {
    for (const reference of references) detector.learnOne(reference);
    const observations = stream.map(({ observation }) => observation);
    columns.push([detector.name, await detector.scoreMany(observations)]);
  }
  const nats = stream.map((_, i) =>
    fusedNats(fusion, Object.fromEntries(columns.map(([name, scores]) => [name, scores[i]])))!
  );
  const own = mine.reduce((sum, { keys }) => sum + (keys?.length ?? 0), 0);
  streams.push({ nats, at: stream.map(({ at }) => at), own });
}

const found = [1, 1.5, 2, 2.5, 3, 4].flatMap((gain) =>
  [0.35, 0.5, 0.65, 0.8].flatMap((retention) =>
    [0, -1, -2].map((floor) => {
      const policy: RiskPolicy = {
        ...DEFAULT_RISK_POLICY,
        sources: { ...DEFAULT_RISK_POLICY.sources, keyboard: { gain, retention } },
        bounds: [floor, 9],
      };
      return { gain, retention, floor, ...play(policy) };
    })
  )
);
console.log(
  `gain retention floor  alarms in ${ALLOWED_STROKES}  median to find  by 50  by 100  by 200`,
);
for (const row of found.sort((a, b) => b.by(100) - a.by(100))) {
  if (row.alarms > 1) continue;
  const percent = (amount: number) => `${(100 * row.by(amount)).toFixed(1)} %`;
  console.log(
    [
      row.gain.toFixed(2),
      row.retention.toFixed(2),
      row.floor,
      row.alarms.toFixed(2),
      row.median,
      percent(50),
      percent(100),
      percent(200),
    ].join("   "),
  );
}

/** Crossings into `high` by the subject, and strokes until the stranger's first. */
function play(policy: RiskPolicy) {
  const { enter } = DEFAULT_DECISION_POLICY.levels.high;
  let [alarms, strokes] = [0, 0];
  const delays: number[] = [];
  for (const { nats, at, own } of streams) {
    let state: RiskState = {};
    let delay = Infinity;
    nats.forEach((value, i) => {
      const parts = [{ key: "all", words: "", nats: value }];
      const evidence = { source: "keyboard", endMs: 0, nats: value, detectors: {}, parts } as const;
      state = addEvidence(state, evidence, 1, policy);
      if (readRisk(state, 0, policy).risk < enter) return;
      if (at[i]! <= own) {
        alarms++;
        // The subject passes the step-up.
        state = {};
      } else delay = Math.min(delay, at[i]! - own);
    });
    strokes += own;
    delays.push(delay);
  }
  return {
    alarms: ALLOWED_STROKES * alarms / strokes,
    median: quantile(delays.map((delay) => Math.min(delay, 1e6)), 0.5),
    by: (amount: number) => delays.filter((delay) => delay <= amount).length / delays.length,
  };
}
