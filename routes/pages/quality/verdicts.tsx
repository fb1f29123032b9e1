/** Whether alerts turned out to be what their risk said. */
import {
  ENOUGH,
  type ReliabilityBin,
  type VerdictCalibration,
} from "../../../core/verdict_calibration.ts";

/** Of the plot, in its own units. */
const SIZE = 240;
const EDGE = 34;

export function Verdicts({ calibration }: { calibration: VerdictCalibration }) {
  const { impostors, genuine, bins, cllr } = calibration;
  const told = bins.filter(({ judged }) => judged > 0);
  return (
    <section class="panel" aria-labelledby="verdicts-heading">
      <h2 id="verdicts-heading">On your own site</h2>
      <p class="note">
        What your analysts made of alerts, held against the risk at which they were raised. Sessions
        that raised no alert are not in it, so it says how good an alert is, not how many were
        missed.
      </p>
      {told.length === 0
        ? (
          <p class="empty">
            No verdicts yet. Say of an alert on <a href="/alerts">Alerts</a>{" "}
            whether it was an impostor or the subject, and it is counted here.
          </p>
        )
        : (
          <div class="verdicts">
            <Plot bins={told} />
            <div>
              <table class="figures">
                <caption class="visually-hidden">Verdicts by the risk of the alert</caption>
                <thead>
                  <tr>
                    <th scope="col">Risk</th>
                    <th scope="col">Judged</th>
                    <th scope="col">Impostors</th>
                    <th scope="col">Expected</th>
                    <th scope="col">Observed, 95 %</th>
                  </tr>
                </thead>
                <tbody>
                  {told.map((bin) => (
                    <tr key={bin.from}>
                      <th scope="row">{bin.from} to {bin.to}</th>
                      <td class="number">{bin.judged}</td>
                      <td class="number">{bin.impostors}</td>
                      <td class="number">{percent(bin.expected!)}</td>
                      <td class="number">
                        {percent(bin.observed!)} [{percent(bin.interval![0])},{" "}
                        {percent(bin.interval![1])}]
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
              <p class="verdicts-sum">
                {cllr === undefined
                  ? `Not enough verdicts to say more: ${impostors} of ${ENOUGH} impostors and ${genuine} of ${ENOUGH} genuine.`
                  : `Cllr ${cllr.toFixed(3)} bits over ${
                    impostors + genuine
                  } verdicts; 0 is certain and right, 1 says nothing.`}
              </p>
            </div>
          </div>
        )}
    </section>
  );
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

/** Expected against observed; on the diagonal they agree. */
function Plot({ bins }: { bins: readonly ReliabilityBin[] }) {
  const x = (share: number) => EDGE + share * (SIZE - EDGE - 8);
  const y = (share: number) => SIZE - EDGE - share * (SIZE - EDGE - 8);
  const words = bins.map(({ expected, observed }) =>
    `expected ${percent(expected!)}, observed ${percent(observed!)}`
  );
  return (
    <svg
      class="reliability"
      viewBox={`0 0 ${SIZE} ${SIZE}`}
      role="img"
      aria-label={`Share of impostors among alerts: ${words.join("; ")}`}
    >
      <path class="reliability-frame" d={`M${x(0)} ${y(1)}V${y(0)}H${x(1)}`} />
      <path class="reliability-even" d={`M${x(0)} ${y(0)}L${x(1)} ${y(1)}`} />
      {bins.map(({ from, expected, observed, interval }) => (
        <g key={from}>
          <path
            class="reliability-interval"
            d={`M${x(expected!)} ${y(interval![0])}V${y(interval![1])}`}
          />
          <circle class="reliability-point" cx={x(expected!)} cy={y(observed!)} r="4.5" />
        </g>
      ))}
      <text x={x(0)} y={SIZE - 18}>0</text>
      <text x={x(1)} y={SIZE - 18} text-anchor="end">100 %</text>
      <text x={x(0.5)} y={SIZE - 4} text-anchor="middle">expected</text>
      <text x={x(0) - 6} y={y(1) + 9} text-anchor="end">100</text>
      <text x="10" y={y(0.5)} text-anchor="middle" transform={`rotate(-90 10 ${y(0.5)})`}>
        impostors
      </text>
    </svg>
  );
}
