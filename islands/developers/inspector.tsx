/** Shows what this page's own collector captures and sends, in plain words. Off until it is switched on. */
import { useEffect, useMemo } from "preact/hooks";
import { ZONES } from "../../core/zones.ts";
import { CaptureSwitch, PointerSurface } from "../dashboard/capture_panel.tsx";
import { OwnSession } from "../dashboard/own_session.ts";
import { Inspection, type SentFrame, type Totals, ZONE_WORDS } from "./inspection.ts";

export function Inspector() {
  const inspection = useMemo(() => new Inspection(), []);
  const own = useMemo(
    () => new OwnSession({ onSocket: (socket) => inspection.watch(socket) }),
    [],
  );
  useEffect(() => () => own.stop(), []);
  const totals = inspection.totals.value;
  const frames = inspection.frames.value;
  return (
    <section class="panel inspector" aria-labelledby="inspector-heading">
      <h2 id="inspector-heading">See what a page sends</h2>
      <p>
        Your own session, on this page: every frame is read back out of the bytes that leave.
      </p>
      <noscript>
        <p class="notice">This needs JavaScript, as the collector does.</p>
      </noscript>
      <CaptureSwitch
        state={own.state.value}
        onSwitch={(on) => on ? own.capture() : own.rest()}
      />
      <div class="inspector-input">
        <label>
          <span class="visually-hidden">Type anything</span>
          <textarea
            rows={4}
            spellcheck={false}
            autocomplete="off"
            placeholder="Switch it on, then type anything. The text stays here."
          />
        </label>
        <PointerSurface />
      </div>
      <Counts totals={totals} />
      <h3>Strokes by zone</h3>
      <StrokesByZone totals={totals} />
      <h3>Last frames</h3>
      {frames.length === 0
        ? <p class="empty">Nothing was sent yet.</p>
        : <Frames frames={frames} />}
      {own.session.value && (
        <p class="more">
          <a href={`/sessions/${encodeURIComponent(own.session.value)}`}>
            What the service makes of it
          </a>
        </p>
      )}
    </section>
  );
}

function Counts({ totals }: { readonly totals: Totals }) {
  const { frames, bytes, acknowledged, pointerSamples, pointerRateHz } = totals;
  const facts: readonly (readonly [string, string])[] = [
    ["Frames sent", count(frames)],
    ["Acknowledged", count(acknowledged)],
    ["Sent in all", `${count(bytes)} bytes`],
    ["Pointer samples", count(pointerSamples)],
    ["Pointer rate", pointerRateHz === undefined ? "–" : `${Math.round(pointerRateHz)} Hz`],
  ];
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function StrokesByZone({ totals: { strokes } }: { readonly totals: Totals }) {
  const most = Math.max(1, ...ZONES.map((zone) => strokes[zone]));
  return (
    <ul class="zones">
      {ZONES.map((zone) => (
        <li key={zone}>
          <span>{ZONE_WORDS[zone]}</span>
          <svg class="zone-bar" aria-hidden="true">
            <rect width={`${100 * strokes[zone] / most}%`} height="100%" rx="2" />
          </svg>
          <span class="number">{strokes[zone]}</span>
        </li>
      ))}
    </ul>
  );
}

function Frames({ frames }: { readonly frames: readonly SentFrame[] }) {
  return (
    <table class="rows-stacked frames">
      <thead>
        <tr>
          <th scope="col">Frame</th>
          <th scope="col">What it holds</th>
          <th scope="col" class="number">Bytes</th>
          <th scope="col">Acknowledged</th>
        </tr>
      </thead>
      <tbody>
        {frames.map(({ stream, sequence, words, bytes, isAcknowledged }) => (
          <tr key={`${stream} ${sequence}`}>
            <th scope="row">
              <span class="narrow-label">Frame</span> {sequence}
            </th>
            <td>{words}</td>
            <td class="number">
              {count(bytes)} <span class="narrow-label">bytes</span>
            </td>
            <td>{isAcknowledged ? "yes" : "not yet"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function count(value: number): string {
  return value.toLocaleString("en");
}
