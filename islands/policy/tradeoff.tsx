/** Genuine sessions stepped up against impostors caught, by the risk at which high is entered. */
import type { PolicyTrialView } from "../../routes/policy.ts";

const WIDTH = 420;
const HEIGHT = 240;
const LEFT = 60;
/** The axis goes so far beyond what is asked now or would be, and to this share at least. */
const BEYOND = 2.5;
const LEAST_SHARE = 0.02;
const BOTTOM = 40;
const TOP = 14;
const RIGHT = 14;

interface TradeoffProps {
  readonly trial: PolicyTrialView;
  readonly present: number;
  readonly proposed: number;
  readonly isChanged: boolean;
}

export function Tradeoff({ trial, present, proposed, isChanged }: TradeoffProps) {
  const { genuine, impostor } = trial.proposed;
  return (
    <figure class="tradeoff">
      <figcaption>
        The trade-off, by the risk at which high is entered
      </figcaption>
      {impostor.sessions > 0 && genuine.sessions > 0 && (
        <Curve trial={trial} present={present} proposed={proposed} isChanged={isChanged} />
      )}
      <details>
        <summary>As a table</summary>
        <table class="figures">
          <thead>
            <tr>
              <th scope="col">High at</th>
              <th scope="col">Genuine stepped up</th>
              <th scope="col">Confirmed caught</th>
            </tr>
          </thead>
          <tbody>
            {trial.curve.map((point) => (
              <tr key={point.enter}>
                <th scope="row">{point.enter}</th>
                <td class="number">
                  {point.genuine.toLocaleString("en")} ({percent(point.genuine, genuine.sessions)})
                </td>
                <td class="number">
                  {impostor.sessions ? `${point.caught} of ${impostor.sessions}` : "not known"}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

function Curve({ trial, present, proposed, isChanged }: TradeoffProps) {
  const now = trial.present;
  const draft = trial.proposed;
  const share = (value: number, of: number) => of ? value / of : 0;
  const asked = Math.max(now.genuine.steppedUp, draft.genuine.steppedUp);
  const most = niceShare(Math.max(LEAST_SHARE, BEYOND * share(asked, draft.genuine.sessions)));
  const within = trial.curve.filter(({ genuine }) =>
    share(genuine, draft.genuine.sessions) <= most
  );
  const x = (value: number) =>
    LEFT + (WIDTH - LEFT - RIGHT) * share(value, draft.genuine.sessions) / most;
  const y = (value: number) =>
    HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * share(value, draft.impostor.sessions);
  const line = within.map(({ genuine, caught }, i) =>
    `${i ? "L" : "M"}${x(genuine).toFixed(1)} ${y(caught).toFixed(1)}`
  );
  const [nowX, nowY] = [x(now.genuine.steppedUp), y(now.impostor.steppedUp)];
  const [draftX, draftY] = [x(draft.genuine.steppedUp), y(draft.impostor.steppedUp)];
  const words = `Entered at ${proposed}, ${
    percent(draft.genuine.steppedUp, draft.genuine.sessions)
  } of genuine sessions stepped up and ${
    percent(draft.impostor.steppedUp, draft.impostor.sessions)
  } of confirmed impostors caught; now, at ${present}, ${
    percent(now.genuine.steppedUp, now.genuine.sessions)
  } and ${percent(now.impostor.steppedUp, now.impostor.sessions)}. All points are in the table.`;
  return (
    <>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words}>
        {[0, 0.5, 1].map((at) => (
          <g key={at}>
            <path
              class="tradeoff-grid"
              d={`M${LEFT} ${y(at * draft.impostor.sessions)}H${WIDTH - RIGHT}`}
            />
            <text x={LEFT - 6} y={y(at * draft.impostor.sessions) + 4} text-anchor="end">
              {100 * at} %
            </text>
          </g>
        ))}
        {[0, 0.5, 1].map((at) => (
          <text
            key={at}
            x={x(at * most * draft.genuine.sessions)}
            y={HEIGHT - BOTTOM + 16}
            text-anchor={at === 0 ? "start" : at === 1 ? "end" : "middle"}
          >
            {Number((100 * at * most).toPrecision(2))} %
          </text>
        ))}
        <text x={(LEFT + WIDTH - RIGHT) / 2} y={HEIGHT - 6} text-anchor="middle">
          genuine sessions stepped up
        </text>
        <text
          x="12"
          y={(TOP + HEIGHT - BOTTOM) / 2}
          text-anchor="middle"
          transform={`rotate(-90 12 ${(TOP + HEIGHT - BOTTOM) / 2})`}
        >
          caught
        </text>
        <path class="tradeoff-line" d={line.join("")} />
        {within.map(({ enter, genuine, caught }) => (
          <circle key={enter} class="tradeoff-step" cx={x(genuine)} cy={y(caught)} r="2.5" />
        ))}
        <circle class="tradeoff-now" cx={nowX} cy={nowY} r="6" />
        {isChanged && (
          <path
            class="tradeoff-draft"
            d={`M${draftX} ${draftY - 8}l8 8l-8 8l-8 -8z`}
          />
        )}
      </svg>
      <p class="tradeoff-key">
        <span class="tradeoff-key-now">Now</span>
        {isChanged && <span class="tradeoff-key-draft">These settings</span>}
      </p>
    </>
  );
}

/** The next of 1, 2, 5 × 10ⁿ that holds it. */
function niceShare(share: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(share, 0.001)));
  return Math.min(1, [1, 2, 5, 10].map((step) => step * power).find((nice) => nice >= share)!);
}

function percent(value: number, of: number): string {
  if (!of) return "none";
  const share = 100 * value / of;
  return `${share > 0 && share < 10 ? share.toFixed(1) : Math.round(share)} %`;
}
