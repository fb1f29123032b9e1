/** The protocols that the report runs, and the tables that come of them. */
import { clockWeight } from "../../core/clock.ts";
import { FusionManifest, parseManifest } from "../../core/models/manifest.ts";
import type { Modality } from "../../core/window.ts";
import { partOf } from "../training/split.ts";
import { type ContinuousFigures, watch } from "./continuous.ts";
import { type DetectorOption, figuresOf, probeScore, type VerificationFigures } from "./figures.ts";
import { detPoints } from "./metrics.ts";
import { readModelFile } from "./observe.ts";
import type { ProgressBar } from "./progress.ts";
import { shapeOf } from "./shape.ts";
import { readTrials } from "./trials.ts";
import { scoreFiles, type VerificationOptions } from "./verification.ts";

export interface Table {
  readonly title: string;
  /** What prints its figures one by one. */
  readonly command: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** `[subjects refused, strangers let pass]`, threshold by threshold. */
export interface Curve {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
}

type Figures = Omit<VerificationFigures, "seconds">;
type Protocol = Omit<
  VerificationOptions,
  "enrol" | "probe" | "pool" | "detector" | "seed" | "part"
>;

const PART = "heldOut";
const SEED = 1;
const DETECTORS: readonly (readonly [string, DetectorOption])[] = [
  ["fused", "fused"],
  ["embedder (LSTM)", "sequence"],
  ["verifier (random forest)", "verifier"],
  ["isolation forest", "isolationForest"],
  ["statistics (baseline)", "statistics"],
];

const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
const interval = ([low, high]: readonly [number, number]) =>
  `[${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`;
const area = (auc: number) => auc.toFixed(4);

/** Runs one protocol and gives figures by detector, fused without each, and the curves. */
async function runProtocol(file: string, protocol: Protocol & { pool?: number }, bar: ProgressBar) {
  const options = {
    enrol: file,
    probe: file,
    pool: 1,
    detector: "fused",
    seed: SEED,
    part: PART,
    ...protocol,
  } as const;
  const scored = await scoreFiles(options, bar);
  const name = `${scored.modality}_fusion`;
  const fusion = parseManifest(FusionManifest, name, await readModelFile(`${name}.json`));
  const weight = clockWeight(options.quantumMs ?? 0);
  const rowsOf = (detector: DetectorOption, terms = fusion.terms) =>
    scored.comparisons.map(({ windows, ...of }) => {
      return { ...of, score: weight * probeScore(windows, detector, terms) };
    });
  const of = (detector: DetectorOption) =>
    figuresOf(rowsOf(detector), scored, { detector, seed: SEED });
  return {
    fused: () => of("fused"),
    byDetector: () => DETECTORS.map(([words, detector]) => [words, of(detector)] as const),
    withoutEach: () =>
      Object.entries(fusion.without).map(([left, terms]) => {
        const rows = rowsOf("fused", terms as typeof fusion.terms);
        return [left, figuresOf(rows, scored, { detector: "fused", seed: SEED })] as const;
      }),
    curves: () =>
      DETECTORS.map(([words, detector]): Curve => ({
        name: words,
        points: detPoints(rowsOf(detector)),
      })),
  };
}

const FULL_COLUMNS = ["EER", "95 %", "mean of people", "AUC", "FNMR at FMR 1 %", "Cllr", "ECE"];

function fullRow(words: string, figures: Figures): string[] {
  return [
    words,
    percent(figures.eerGlobal),
    interval(figures.eerGlobalCi95),
    percent(figures.eerMeanSubject),
    area(figures.auc),
    percent(figures.fnmrAtFmr1pct),
    figures.cllr?.toFixed(3) ?? "",
    figures.calibrationError?.toFixed(4) ?? "",
  ];
}

const WITHOUT_WORDS: Readonly<Record<string, string>> = {
  isolationForest: "without the isolation forest",
  sequence: "without the embedder",
  verifier: "without the verifier",
};

/** Every keyboard table, on held-out people of one file. */
export async function keyboardTables(file: string, bar: ProgressBar) {
  const name = file.split("/").at(-1)!;
  const command = (rest: string) =>
    `deno task evaluate --enrol ${name} --probe ${name} --part ${PART} ${rest}`;
  const main = await runProtocol(file, { enrolSessions: 5, strokes: 50 }, bar);
  const tables: Table[] = [{
    title: "Five sentences enrolled, one of at most 50 strokes probed",
    command: command("--enrol-sessions 5 --strokes 50 --detector NAME"),
    columns: ["detector", ...FULL_COLUMNS],
    rows: [
      ...main.byDetector().map(([words, figures]) => fullRow(words, figures)),
      ...main.withoutEach().map(([left, figures]) => fullRow(WITHOUT_WORDS[left]!, figures)),
    ],
  }];
  const several = async (
    title: string,
    rest: string,
    first: string,
    protocols: readonly (readonly [string, Protocol & { pool?: number }])[],
  ) => {
    const rows: string[][] = [];
    for (const [words, protocol] of protocols) {
      rows.push(fullRow(words, (await runProtocol(file, protocol, bar)).fused()));
    }
    tables.push({ title, command: command(rest), columns: [first, ...FULL_COLUMNS], rows });
  };
  await several("How much is probed", "--enrol-sessions 5 --strokes N --pool K", "strokes", [
    ["25", { enrolSessions: 5, strokes: 25 }],
    ["50", { enrolSessions: 5, strokes: 50 }],
    ["100 (two sentences)", { enrolSessions: 5, strokes: 50, pool: 2 }],
    ["200 (four sentences)", { enrolSessions: 5, strokes: 50, pool: 4 }],
  ]);
  await several(
    "How much is enrolled",
    "--enrol-sessions N --strokes 50",
    "sentences",
    [1, 2, 5, 10].map((count) => [String(count), { enrolSessions: count, strokes: 50 }] as const),
  );
  const quanta = [0.1, 1, 5, 100 / 6, 100];
  await several(
    "How coarse the probe's clock is",
    "--enrol-sessions 5 --strokes 50 --quantum MS",
    "ms",
    quanta.map((quantumMs) =>
      [String(Number(quantumMs.toFixed(2))), { enrolSessions: 5, strokes: 50, quantumMs }] as const
    ),
  );
  tables.push({
    title: "Live sessions: the subject types on, then another person takes over",
    command: command("--enrol-sessions N --continuous --quantum MS"),
    columns: [
      "sentences enrolled, clock",
      "false alarms in 3,000 strokes",
      "median strokes to find",
      "90 % found by",
      "found by 50",
      "by 100",
      "by 200",
      "subjects' time above elevated",
      "not ready",
    ],
    rows: [
      ["5, as recorded", await watchPart(file, "keyboard", { enrolSessions: 5 }, bar)] as const,
      ["10, as recorded", await watchPart(file, "keyboard", { enrolSessions: 10 }, bar)] as const,
      ...await Promise.all(
        [1, 5, 100 / 6, 100].map(async (quantumMs) =>
          [
            `5, ${Number(quantumMs.toFixed(2))} ms`,
            await watchPart(file, "keyboard", { enrolSessions: 5, quantumMs }, bar),
          ] as const
        ),
      ),
    ].map(([words, figures]) => [
      words,
      (3 * (figures.falseAlarmsPer1000Strokes ?? NaN)).toFixed(2),
      String(figures.medianToDetect ?? "never"),
      String(figures.p90ToDetect === null ? "never" : Math.round(figures.p90ToDetect)),
      percent(figures.detectedBy["50"]!),
      percent(figures.detectedBy["100"]!),
      percent(figures.detectedBy["200"]!),
      percent(figures.genuineAboveElevated),
      String(figures.notReady),
    ]),
  });
  return { tables, curves: main.curves() };
}

async function watchPart(
  file: string,
  modality: Modality,
  { quantumMs, ...protocol }: Protocol,
  bar: ProgressBar,
): Promise<ContinuousFigures> {
  const admits = (subject: string) => partOf(subject) === PART;
  const trials = await readTrials({ ...protocol, enrol: file, probe: file, pool: 1, admits });
  const figures = await watch(modality, trials, {
    seed: SEED,
    shape: shapeOf({ quantumMs }),
    onProgress: (share, note) => bar.show(share, note),
  });
  bar.hide();
  return figures;
}

/** Every pointer table; Balabit's only where its file is given. */
export async function pointerTables(file: string, balabit: string | undefined, bar: ProgressBar) {
  const name = file.split("/").at(-1)!;
  const command = (rest: string) =>
    `deno task evaluate --enrol ${name} --probe ${name} --part ${PART} --enrol-match 3min ${rest}`;
  const base = { enrolMatch: "3min", seconds: 15 };
  const main = await runProtocol(file, base, bar);
  const tables: Table[] = [{
    title: "Three minutes enrolled, 15 s of movement probed",
    command: command("--seconds 15 --detector NAME"),
    columns: ["detector", ...FULL_COLUMNS],
    rows: [
      ...main.byDetector().map(([words, figures]) => fullRow(words, figures)),
      ...main.withoutEach().map(([left, figures]) => fullRow(WITHOUT_WORDS[left]!, figures)),
    ],
  }];
  const rates: string[][] = [];
  for (const decimateHz of [undefined, 125, 60, 30]) {
    const figures = (await runProtocol(file, { ...base, decimateHz }, bar)).fused();
    rates.push(fullRow(decimateHz ? `${decimateHz} Hz` : "as recorded", figures));
  }
  const lengths: string[][] = [];
  for (const seconds of [5, 15, 30, 60]) {
    const figures = (await runProtocol(file, { ...base, seconds }, bar)).fused();
    lengths.push(fullRow(`${seconds} s`, figures));
  }
  tables.push(
    {
      title: "How often the probe's pointer reports",
      command: command("--seconds 15 --decimate HZ"),
      columns: ["rate", ...FULL_COLUMNS],
      rows: rates,
    },
    {
      title: "How much is probed",
      command: command("--seconds S"),
      columns: ["movement", ...FULL_COLUMNS],
      rows: lengths,
    },
  );
  if (balabit) tables.push(await balabitTable(balabit, bar));
  return { tables, curves: main.curves() };
}

/** People of a set that nothing was trained on: the first sessions enrol, the others probe. */
async function balabitTable(file: string, bar: ProgressBar): Promise<Table> {
  const name = file.split("/").at(-1)!;
  const protocol = { enrolSessions: 3, part: undefined };
  const run = await runProtocol(file, protocol, bar);
  return {
    title: "Another set (Balabit), of which nothing was trained: three sessions enrolled",
    command: `deno task evaluate --enrol ${name} --probe ${name} --enrol-sessions 3`,
    columns: ["detector", ...FULL_COLUMNS],
    rows: run.byDetector().map(([words, figures]) => fullRow(words, figures)),
  };
}
