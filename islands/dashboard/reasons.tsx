/**
 * Why the risk is what it is: from the odds before any evidence, reason by reason, to the odds now.
 * Every bar begins where the one above ended, on a scale of log-odds labelled with risks.
 */
import type { ReasonView, SessionDetail } from "../../routes/live/feed.ts";
import { chanceWords, factorWords, riskWords, SOURCE_WORDS } from "./words.ts";

/** Reasons told one by one; the rest is one row. */
const SHOWN = 8;
/** Reasons weaker than this do not change the odds by a twentieth. */
const FAINT_NATS = 0.05;
const SCALE_RISKS = [0.1, 1, 10, 50, 90, 99, 99.9];

export function Reasons({ detail }: { detail: SessionDetail | undefined }) {
  if (!detail || detail.reasons.length === 0) {
    return (
      <p class="empty">
        No evidence yet. Once a profile is ready, every window of strokes or movement adds its
        reasons here.
      </p>
    );
  }
  const rows = rowsOf(detail.reasons);
  const scale = scaleOf(detail.priorNats, rows);
  const logOdds = rows.reduce((sum, { nats }) => sum + nats, detail.priorNats);
  let running = detail.priorNats;
  return (
    <>
      <p class="reasons-lead">
        Every bar begins where the one above ended, on a scale of risk. To the right it speaks for
        someone else, to the left for the person themselves.
      </p>
      <table class="reasons">
        <caption class="visually-hidden">
          Reasons, from the odds before any evidence to the risk now
        </caption>
        <thead>
          <tr>
            <th scope="col">Reason</th>
            <th scope="col" class="reasons-scale">
              <span class="visually-hidden">Risk after it</span>
              <Scale scale={scale} />
            </th>
            <th scope="col" class="number">Odds</th>
          </tr>
        </thead>
        <tbody>
          <tr class="reasons-prior">
            <th scope="row">
              Before any evidence, {chanceWords(detail.priorNats)} sessions is someone else's
            </th>
            <td>
              <Bar scale={scale} from={detail.priorNats} to={detail.priorNats} />
            </td>
            <td class="number"></td>
          </tr>
          {rows.map((row) => {
            const from = running;
            running += row.nats;
            return (
              <tr key={`${row.source} ${row.key}`}>
                <th scope="row">
                  <span class="reasons-source">{SOURCE_WORDS[row.source]}</span> {row.words}
                </th>
                <td>
                  <Bar scale={scale} from={from} to={running} />
                </td>
                <td class={`number ${row.nats < 0 ? "towards-subject" : "towards-other"}`}>
                  {factorWords(row.nats)}
                </td>
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">
              Together: {chanceWords(logOdds)}, risk {riskWords(detail.risk, detail.level)}
            </th>
            <td>
              <Bar scale={scale} from={logOdds} to={logOdds} />
            </td>
            <td class="number"></td>
          </tr>
        </tfoot>
      </table>
    </>
  );
}

/** The strongest reasons, and the others as one row a source, so that the sum stays. */
function rowsOf(reasons: readonly ReasonView[]): ReasonView[] {
  const named = reasons.filter(({ key, nats }) => key !== "rest" && Math.abs(nats) >= FAINT_NATS)
    .slice(0, SHOWN);
  const rest = new Map<ReasonView["source"], number>();
  for (const reason of reasons) {
    if (named.includes(reason)) continue;
    rest.set(reason.source, (rest.get(reason.source) ?? 0) + reason.nats);
  }
  const others = [...rest].map(([source, nats]) => {
    return { source, key: "rest", words: "everything else together", nats };
  });
  return [...named, ...others.filter(({ nats }) => Math.abs(nats) >= 1e-9)];
}

interface LogOddsScale {
  readonly low: number;
  readonly high: number;
}

function scaleOf(prior: number, rows: readonly ReasonView[]): LogOddsScale {
  let [running, low, high] = [prior, prior, prior];
  for (const { nats } of rows) {
    running += nats;
    low = Math.min(low, running);
    high = Math.max(high, running);
  }
  // Even odds always in sight: a bar means nothing without them.
  return { low: Math.min(low, -5) - 0.6, high: Math.max(high, 0) + 0.8 };
}

function shareOf({ low, high }: LogOddsScale, logOdds: number): number {
  return 100 * (logOdds - low) / (high - low);
}

function marksOf(scale: LogOddsScale) {
  return SCALE_RISKS.map((risk) => {
    return { risk, share: shareOf(scale, Math.log(risk / (100 - risk))) };
  }).filter(({ share }) => share > 4 && share < 94);
}

function Scale({ scale }: { scale: LogOddsScale }) {
  return (
    <svg class="reasons-svg" aria-hidden="true">
      {marksOf(scale).map(({ risk, share }) => (
        <text key={risk} x={`${share}%`} y="13" text-anchor="middle">{risk}</text>
      ))}
    </svg>
  );
}

function Bar({ scale, from, to }: { scale: LogOddsScale; from: number; to: number }) {
  const left = shareOf(scale, Math.min(from, to));
  const width = shareOf(scale, Math.max(from, to)) - left;
  const end = `${shareOf(scale, to)}%`;
  return (
    <svg class="reasons-svg" aria-hidden="true">
      {marksOf(scale).map(({ risk, share }) => (
        <line
          key={risk}
          class={risk === 50 ? "reasons-even" : "reasons-grid"}
          x1={`${share}%`}
          x2={`${share}%`}
          y1="0"
          y2="100%"
        />
      ))}
      <rect
        class={to < from ? "bar-subject" : "bar-other"}
        x={`${left}%`}
        width={`${width}%`}
        y="5"
        height="10"
        rx="1.5"
      />
      <line class="reasons-end" x1={end} x2={end} y1="2" y2="18" />
    </svg>
  );
}
