/** What was measured on people whom no model had learned from. */
import type { Report, Table } from "../../model_report.ts";

const TITLES: Readonly<Record<string, string>> = { keyboard: "Keyboard", pointer: "Pointer" };

/** The figures that most people ask for, found in the report by where they stand. */
const SHORT = [
  {
    modality: "keyboard",
    title: "Five sentences enrolled",
    row: "fused",
    column: "EER",
    what: "equal error rate of the keyboard, after five sentences, from 50 strokes",
    intervalColumn: "95 %",
  },
  {
    modality: "keyboard",
    title: "Live sessions",
    row: "5, as recorded",
    column: "median strokes to find",
    what: "strokes until half of the strangers who take over are found",
  },
  {
    modality: "keyboard",
    title: "Live sessions",
    row: "5, as recorded",
    column: "by 100",
    what: "of the strangers found within 100 strokes",
  },
  {
    modality: "keyboard",
    title: "Live sessions",
    row: "5, as recorded",
    column: "false alarms in 3,000 strokes",
    what: "false alarms in 3,000 strokes of the subject's own",
  },
  {
    modality: "pointer",
    title: "Three minutes enrolled",
    row: "fused",
    column: "AUC",
    what: "area under the curve of the pointer, from 15 s of movement",
  },
] as const;

export function InShort({ report }: { report: Report }) {
  const found = SHORT.flatMap((figure) => {
    const value = cellOf(report, figure, figure.column);
    if (value === undefined) return [];
    const interval = "intervalColumn" in figure
      ? cellOf(report, figure, figure.intervalColumn)
      : undefined;
    return [{ what: figure.what, value, interval }];
  });
  return (
    <section class="panel" aria-labelledby="short-heading">
      <h2 id="short-heading">In short</h2>
      <p class="note">
        Measured on {report.date}{" "}
        on people whom no model had learned from. They sat at one keyboard and copied English; your
        people will differ, and only their verdicts can say how.
      </p>
      <dl class="short">
        {found.map(({ what, value, interval }) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>
              {value}
              {interval && <span class="short-interval">95 % {interval}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function cellOf(
  { tables }: Report,
  { modality, title, row }: (typeof SHORT)[number],
  column: string,
): string | undefined {
  const table = tables[modality]?.find((each) => each.title.startsWith(title));
  const at = table?.columns.indexOf(column) ?? -1;
  return table?.rows.find(([name]) => name === row)?.[at];
}

export function Measured({ report }: { report: Report }) {
  return (
    <>
      {Object.entries(report.tables).map(([modality, tables]) => {
        const name = TITLES[modality] ?? modality;
        return (
          <section class="panel" key={modality} aria-labelledby={`${modality}-heading`}>
            <h2 id={`${modality}-heading`}>{name}</h2>
            <p class="note">
              Each table names the command that prints it. High is strange: a miss lets a stranger
              pass, a false alarm asks the subject to prove who they are.
            </p>
            <img
              class="det"
              src={`/report/${modality}_det.svg`}
              width="680"
              height="560"
              alt="Error curves: strangers let pass against subjects refused, by detector; the table below has the figures"
            />
            {tables.map((table) => <Figures key={table.title} name={name} table={table} />)}
          </section>
        );
      })}
    </>
  );
}

function Figures(
  { name, table: { title, command, columns, rows } }: { name: string; table: Table },
) {
  return (
    <>
      <h3>{title}</h3>
      <div class="scroll" tabindex={0} role="region" aria-label={`${name}: ${title}`}>
        <table class="figures">
          <thead>
            <tr>
              {columns.map((column) =>
                column ? <th key={column} scope="col">{column}</th> : <td key="corner"></td>
              )}
            </tr>
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
