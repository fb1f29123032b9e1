/** The keyboard's tables of the report. */
import type { ProgressBar } from "./progress.ts";
import {
  FULL_COLUMNS,
  fullRow,
  PART,
  percent,
  type Protocol,
  refusals,
  runProtocol,
  type Table,
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
