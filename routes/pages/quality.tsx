/** `GET /quality`: what the models are worth, as measured before, and as the site's own verdicts tell. */
import { Hono } from "hono";
import { listQueue } from "../../core/store/alert_queue.ts";
import { calibrateVerdicts, type Judged } from "../../core/verdict_calibration.ts";
import type { AppDeps } from "../deps.ts";
import { type OperatorEnv, requireRole } from "../middleware/credentials.ts";
import { readReport, type Report } from "../model_report.ts";
import { page } from "./page.tsx";
import { InShort, Measured } from "./quality/measured.tsx";
import { Verdicts } from "./quality/verdicts.tsx";

/** Alerts looked through for verdicts, newest first. */
const LOOKED_THROUGH = 5000;
const READ_AT_ONCE = 200;

type QualityDeps = Pick<AppDeps, "kv" | "nowMs" | "reportRoot">;

export function createQualityPage(deps: QualityDeps) {
  return new Hono<OperatorEnv>()
    .get("/models", (c) => c.redirect("/quality", 301))
    .get("/quality", requireRole("tenant:read"), async (c) => {
      const [report, judged] = await Promise.all([
        readReport(`${deps.reportRoot}/report.json`),
        readVerdicts(deps, c.var.operator.tenant),
      ]);
      const children = <QualityPage report={report} judged={judged} />;
      return page(c, { title: "Quality", children });
    });
}

async function readVerdicts({ kv, nowMs }: QualityDeps, tenant: string): Promise<Judged[]> {
  const judged: Judged[] = [];
  let cursor: string | undefined;
  for (let read = 0; read < LOOKED_THROUGH; read += READ_AT_ONCE) {
    const page = await listQueue(kv, tenant, nowMs(), { limit: READ_AT_ONCE, cursor });
    for (const { alert: { risk }, handling } of page.items) {
      const verdict = handling?.verdict;
      if (verdict && verdict !== "unsure") judged.push({ risk, verdict });
    }
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  return judged;
}

interface QualityProps {
  readonly report: Report | undefined;
  readonly judged: readonly Judged[];
}

function QualityPage({ report, judged }: QualityProps) {
  return (
    <div class="quality">
      <h1>Quality</h1>
      {report ? <InShort report={report} /> : (
        <section class="panel">
          <h2>Nothing was measured yet</h2>
          <p>
            <code>deno task evaluate report</code> does.
          </p>
        </section>
      )}
      <Verdicts calibration={calibrateVerdicts(judged)} />
      {report && <Measured report={report} />}
    </div>
  );
}
