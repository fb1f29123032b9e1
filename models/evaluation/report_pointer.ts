/** The pointer's tables of the report. */
import type { Table } from "../../routes/model_report.ts";
import type { ProgressBar } from "./progress.ts";
import { FULL_COLUMNS, fullRow, PART, runProtocol, WITHOUT_WORDS } from "./report_protocol.ts";

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
      ...main.byDetector().map(([words, figures]) => fullRow(nameOf(words), figures)),
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
  return {
    tables,
    curves: main.curves().map(({ name, points }) => ({ name: nameOf(name), points })),
  };
}

/** A detector without its kind, which is the keyboard's. */
const nameOf = (words: string) => words.replace(/ \((LSTM|random forest)\)$/, "");

/** People of a set that nothing was trained on: the first sessions enrol, the others probe. */
async function balabitTable(file: string, bar: ProgressBar): Promise<Table> {
  const name = file.split("/").at(-1)!;
  const protocol = { enrolSessions: 3, part: undefined };
  const run = await runProtocol(file, protocol, bar);
  return {
    title: "Another set (Balabit), of which nothing was trained: three sessions enrolled",
    command: `deno task evaluate --enrol ${name} --probe ${name} --enrol-sessions 3`,
    columns: ["detector", ...FULL_COLUMNS],
    rows: run.byDetector().map(([words, figures]) => fullRow(nameOf(words), figures)),
  };
}
