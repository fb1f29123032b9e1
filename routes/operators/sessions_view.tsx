/** The sessions of an operator. */
import type { OperatorSession } from "../../core/store/operator_sessions.ts";
import { Time } from "./views.tsx";

const PATH = "/account";

export interface SessionsProps {
  readonly session: OperatorSession;
  readonly sessions: readonly OperatorSession[];
}

const METHOD_WORDS: Readonly<Record<OperatorSession["method"], string>> = {
  passkey: "with a passkey",
  password: "with password and code",
  recovery: "with a recovery code",
  dev: "by dev",
};

/** Where an operator is signed in, with the ways to end that. */
export function Sessions({ session, sessions }: SessionsProps) {
  return (
    <section class="panel">
      <h2>Where you are signed in</h2>
      <table class="rows-stacked">
        <thead>
          <tr>
            <th scope="col">Browser</th>
            <th scope="col">Signed in</th>
            <th scope="col">Last seen</th>
            <th scope="col">
              <span class="visually-hidden">End</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sessions.map(({ id, browser, address, method, signedInAtMs, seenAtMs }) => (
            <tr key={id}>
              <td>
                {browserWords(browser)} {id === session.id && <span class="chip">this one</span>}
                <br />
                <span class="hint">{address ?? "unknown address"}</span>
              </td>
              <td>
                <Time atMs={signedInAtMs} />
                <br />
                <span class="hint">{METHOD_WORDS[method]}</span>
              </td>
              <td>
                <span class="narrow-label">Last seen</span> <Time atMs={seenAtMs} />
              </td>
              <td class="acts">
                {id !== session.id && (
                  <form method="post" action={`${PATH}/sessions/${id}/end`}>
                    <button type="submit" class="button button-small">End</button>
                  </form>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <form method="post" action={`${PATH}/sign-out-everywhere`}>
        <button type="submit" class="button button-danger">Sign out everywhere</button>
      </form>
    </section>
  );
}

/** Name and system, as far as a browser says them; what it says is not to be relied on. */
function browserWords(browser = ""): string {
  const name = /\b(Edg|OPR|Firefox|Chrome|HeadlessChrome|Version)\/\d+/.exec(browser)?.[1];
  const system = /\b(Windows|Android|iPhone|iPad|Mac OS X|Linux)\b/.exec(browser)?.[1];
  const names: Record<string, string> = { Edg: "Edge", OPR: "Opera", Version: "Safari" };
  const known = name && (names[name] ?? name.replace("Headless", ""));
  return [known ?? "A browser", ...system ? [`on ${system}`] : []].join(" ");
}
