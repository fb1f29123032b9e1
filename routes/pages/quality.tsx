/** `GET /quality`: what the models are worth, as the report measured it, for whoever relies on them. */
import { Hono } from "hono";
import type { AppDeps } from "../deps.ts";
import type { OperatorEnv } from "../middleware/credentials.ts";
import { readReport, type Report, type Table } from "../model_report.ts";
import { page } from "./page.tsx";

const TITLES: Readonly<Record<string, string>> = { keyboard: "Keyboard", pointer: "Pointer" };

export function createQualityPage({ reportRoot }: Pick<AppDeps, "reportRoot">) {
  return new Hono<OperatorEnv>()
    .get("/models", (c) => c.redirect("/quality", 301))
    .get("/quality", async (c) => {
      const report = await readReport(`${reportRoot}/report.json`);
      return page(c, { title: "Quality", children: <QualityPage report={report} /> });
    });
}

function QualityPage({ report }: { report: Report | undefined }) {
  if (!report) {
    return (
      <section class="panel">
        <h2>Quality</h2>
        <p>
          Nothing was measured yet: <code>deno task evaluate report</code> does.
        </p>
      </section>
    );
  }
  return (
    <div class="quality">
      <p class="note">
        How often the models are wrong, measured on {report.date}{" "}
        on people whom no model had learned from. Each table names the command that prints it. High
        is strange: a miss lets a stranger pass, a false alarm asks the subject to prove who they
        are.
      </p>
      {Object.entries(report.tables).map(([modality, tables]) => (
        <section class="panel" key={modality}>
          <h2>{TITLES[modality] ?? modality}</h2>
          <img
            class="det"
            src={`/report/${modality}_det.svg`}
            width="680"
            height="560"
            alt="Error curves: strangers let pass against subjects refused, by detector"
          />
          {tables.map((table) => <Figures key={table.title} table={table} />)}
        </section>
      ))}
    </div>
  );
}

function Figures({ table: { title, command, columns, rows } }: { table: Table }) {
  return (
    <>
      <h3>{title}</h3>
      <div class="scroll" tabindex={0} role="region" aria-label={title}>
        <table class="figures">
          <thead>
            <tr>{columns.map((column) => <th key={column} scope="col">{column}</th>)}</tr>
          </thead>
          <tbody>
            {rows.map(([first, ...cells]) => (
              <tr key={first}>
                <th scope="row">{first}</th>
                {cells.map((cell, i) => <td key={i} class="number">{cell}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="note">
        <code>{command}</code>
      </p>
    </>
  );
}
