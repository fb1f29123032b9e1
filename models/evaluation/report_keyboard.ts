/** The keyboard's tables of the report. */
import type { Table } from "../../routes/model_report.ts";
import type { ProgressBar } from "./progress.ts";
import {
  FULL_COLUMNS,
  fullRow,
  PART,
  percent,
  type Protocol,
  refusals,
  runProtocol,
  watchPart,
  WITHOUT_WORDS,
} from "./report_protocol.ts";

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
  tables.push({
    title: "Who is refused most, at the threshold that lets one stranger in a hundred pass",
    command: command("--enrol-sessions 5 --strokes 50"),
    columns: ["", "all people", "the tenth refused most", "the half refused least"],
    rows: main.refusedMost().map(([words, rows]) => [words, ...refusals(rows).map(percent)]),
  });
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
  tables.push(await takeovers(file, command, bar));
  return { tables, curves: main.curves() };
}

/** Live sessions, by what was enrolled and by the probe's clock. */
async function takeovers(
  file: string,
  command: (rest: string) => string,
  bar: ProgressBar,
): Promise<Table> {
  const protocols: readonly (readonly [string, Protocol])[] = [
    ["5, as recorded", { enrolSessions: 5 }],
    ["10, as recorded", { enrolSessions: 10 }],
    ...[1, 5, 100 / 6, 100 / 3, 100].map((quantumMs) =>
      [`5, ${Number(quantumMs.toFixed(2))} ms`, { enrolSessions: 5, quantumMs }] as const
    ),
  ];
  const rows: string[][] = [];
  for (const [words, protocol] of protocols) {
    const figures = await watchPart(file, "keyboard", protocol, bar);
    const { medianToDetect, p90ToDetect, detectedBy } = figures;
    rows.push([
      words,
      (3 * figures.falseAlarmsPer1000Strokes!).toFixed(2),
      medianToDetect === null ? "never" : String(Math.round(medianToDetect)),
      p90ToDetect === null ? "never" : String(Math.round(p90ToDetect)),
      ...["50", "100", "200"].map((strokes) => percent(detectedBy[strokes]!)),
      percent(figures.genuineAboveElevated),
      percent(figures.subjectsAboveElevated),
      String(figures.notReady),
    ]);
  }
  return {
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
      "subjects ever above",
      "not ready",
    ],
    rows,
  };
}
