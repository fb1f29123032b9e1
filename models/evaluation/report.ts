/**
 * `deno task evaluate report`: every figure that the README, the model cards and the dashboard show,
 * as tables (JSON, and Markdown between marks in the cards) and error curves (SVG).
 */
import { parseArgs } from "@std/cli/parse-args";
import { GaitkeeperError } from "../../core/error.ts";
import type { Modality } from "../../core/window.ts";
import { readReport, type Report, type Table } from "../../routes/model_report.ts";
import { drawCurves } from "./det_curve.ts";
import { ProgressBar } from "./progress.ts";
import { keyboardTables } from "./report_keyboard.ts";
import { pointerTables } from "./report_pointer.ts";
import type { Curve } from "./report_protocol.ts";

export const REPORT_HELP = `Measures all that is stated of the models, on held-out people.

deno task evaluate report [--keyboard FILE] [--pointer FILE] [--balabit FILE] [--out models/report]

Writes OUT/report.json and OUT/*.svg, and the tables between the marks of models/keyboard.md and
models/pointer.md. A modality whose file is not given keeps what it had.`;

export async function evaluateReport(argv: readonly string[]): Promise<void> {
  const args = parseArgs([...argv], {
    string: ["keyboard", "pointer", "balabit", "out"],
    boolean: ["help"],
  });
  if (args.help || !(args.keyboard || args.pointer)) return console.log(REPORT_HELP);
  const out = args.out ?? new URL("../report", import.meta.url).pathname;
  await Deno.mkdir(out, { recursive: true });
  const bar = new ProgressBar();
  const before = await readReport(`${out}/report.json`);
  const tables: Record<string, readonly Table[]> = { ...before?.tables };
  const measured: [Modality, { tables: Table[]; curves: Curve[] }][] = [];
  if (args.keyboard) measured.push(["keyboard", await keyboardTables(args.keyboard, bar)]);
  if (args.pointer) {
    measured.push(["pointer", await pointerTables(args.pointer, args.balabit, bar)]);
  }
  const date = new Date().toISOString().slice(0, 10);
  for (const [modality, { tables: found, curves }] of measured) {
    tables[modality] = found;
    await Deno.writeTextFile(`${out}/${modality}_det.svg`, drawCurves(curves));
    const card = new URL(`../${modality}.md`, import.meta.url);
    const text = await Deno.readTextFile(card);
    await Deno.writeTextFile(card, withTables(text, found, date));
  }
  const report: Report = { date, tables };
  await Deno.writeTextFile(`${out}/report.json`, JSON.stringify(report, null, 1) + "\n");
  for (const table of measured.flatMap(([, { tables }]) => tables)) console.log(markdownOf(table));
}

const MARKS = ["<!-- report -->", "<!-- /report -->"] as const;

/** The card with its tables replaced. */
export function withTables(card: string, tables: readonly Table[], date: string): string {
  const [from, to] = [card.indexOf(MARKS[0]), card.indexOf(MARKS[1])];
  if (from < 0 || to < from) {
    throw new GaitkeeperError("request_invalid", `Cannot report: the card must hold ${MARKS[0]}`);
  }
  const words = tables.map(markdownOf).join("\n");
  const head = card.slice(0, from + MARKS[0].length);
  return `${head}\n\nMeasured on ${date}.\n\n${words}\n${card.slice(to)}`;
}

/** As a Markdown table below its title and the command that prints its figures. */
export function markdownOf({ title, command, columns, rows }: Table): string {
  const all = [columns, ...rows];
  const widths = columns.map((_, i) => Math.max(3, ...all.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return `**${title}** (\`${command}\`)\n\n${
    [line(columns), rule, ...rows.map(line)].join("\n")
  }\n`;
}
