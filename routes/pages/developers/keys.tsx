/** Secret API keys: what there are, a new one, and the secret of one that was just made. */
import { KEY_SCOPES, type Permission } from "../../../core/permission.ts";
import { type ApiKey, hasEnded } from "../../../core/store/api_keys.ts";
import { Time } from "../../../islands/dashboard/time.tsx";
import { Sure } from "../../operators/views.tsx";
import { Code } from "./code.tsx";
import { Step } from "./origins.tsx";

const PATH = "/developers/keys";

/** What a site's back end needs, and no more. */
const USUAL: ReadonlySet<Permission> = new Set(["tickets:create", "sessions:read", "alerts:read"]);

const SCOPE_WORDS: Readonly<Partial<Record<Permission, string>>> = {
  "tickets:create": "mint tickets",
  "sessions:read": "read sessions and their risk",
  "sessions:verify": "report that a step-up of yours was passed",
  "alerts:read": "read alerts and notices",
  "alerts:write": "handle alerts",
  "subjects:read": "read what is known of subjects",
  "subjects:write": "record consent, roll profiles back",
  "subjects:erase": "erase subjects",
  "subjects:link": "hand out a subject's own page",
  "tenant:read": "read the settings",
  "tenant:manage": "change the settings",
  "keys:manage": "make and revoke keys",
  "audit:read": "read the audit log",
};

/** How long a key goes on beside its successor. */
export const OVERLAPS: readonly (readonly [seconds: number, words: string])[] = [
  [0, "ends at once"],
  [3600, "goes on for an hour"],
  [24 * 3600, "goes on for a day"],
  [7 * 24 * 3600, "goes on for a week"],
];
const USUAL_OVERLAP_S = 24 * 3600;

interface KeysProps {
  /** Absent for who may not see them. */
  readonly keys: readonly ApiKey[] | undefined;
  readonly nowMs: number;
  /** Whether they may be changed without proving again who one is. */
  readonly recent: boolean;
}

export function Keys({ keys, nowMs, recent }: KeysProps) {
  return (
    <section class="panel" aria-labelledby="keys-heading">
      <h2 id="keys-heading">
        <Step n={2} /> Make a key for your back end
      </h2>
      <p>
        A key is a secret: it stays on your server, in{" "}
        <code>GAITKEEPER_SECRET_KEY</code>, never on a page.
      </p>
      {!keys ? <p class="empty">Owners see the keys and make them; your role does not.</p> : (
        <>
          {keys.length === 0
            ? <p class="empty">There is no key yet.</p>
            : <KeyTable {...{ keys, nowMs, recent }} />}
          {recent && <NewKey />}
        </>
      )}
    </section>
  );
}

function KeyTable({ keys, nowMs, recent }: Required<KeysProps> & { keys: readonly ApiKey[] }) {
  const current = keys.filter((key) => !hasEnded(key, nowMs));
  const ended = keys.length - current.length;
  return (
    <>
      <table class="rows-stacked keys">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Allows</th>
            <th scope="col">Last use</th>
            {recent && <th scope="col">Change</th>}
          </tr>
        </thead>
        <tbody>
          {current.map((key) => (
            <tr key={key.id}>
              <th scope="row">
                {key.name}
                <code class="sub">{key.hint}…</code>
                {key.endsAtMs !== undefined && (
                  <span class="sub">
                    replaced; ends <Time ms={key.endsAtMs} />
                  </span>
                )}
              </th>
              <td>
                <Scopes scopes={key.scopes} />
              </td>
              <td>
                <span class="narrow-label">Last use:</span>{" "}
                {key.lastUsedAtMs === undefined ? "never" : <Time ms={key.lastUsedAtMs} />}
              </td>
              {recent && (
                <td class="key-acts">
                  {key.endsAtMs === undefined && <Rotate {...key} />}
                  <Sure
                    action={`${PATH}/${key.id}/revoke`}
                    what="Revoke"
                    of={key.name}
                    sure={`Yes, revoke ${key.name}`}
                  />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {ended > 0 && (
        <p class="more">
          {ended === 1 ? "One key has ended" : `${ended} keys have ended`}; the audit log tells
          when.
        </p>
      )}
    </>
  );
}

function Scopes({ scopes }: { readonly scopes: readonly Permission[] }) {
  if (scopes.length === KEY_SCOPES.length) return <>everything a key can</>;
  return <span class="scopes">{scopes.map((scope) => <code key={scope}>{scope}</code>)}</span>;
}

function Rotate({ id, name }: Pick<ApiKey, "id" | "name">) {
  return (
    <details class="sure">
      <summary class="button button-small">
        Rotate<span class="visually-hidden">{name}</span>
      </summary>
      <form method="post" action={`${PATH}/${id}/rotate`}>
        <label for={`overlap-${id}`}>The old one</label>
        <select id={`overlap-${id}`} name="overlap">
          {OVERLAPS.map(([seconds, words]) => (
            <option key={seconds} value={seconds} selected={seconds === USUAL_OVERLAP_S}>
              {words}
            </option>
          ))}
        </select>
        <button type="submit" class="button button-small">
          Make its successor
        </button>
      </form>
    </details>
  );
}

function NewKey() {
  return (
    <details class="new-key">
      <summary>New key</summary>
      <form method="post" action={PATH}>
        <p class="field">
          <label for="key-name">Name, to tell it apart</label>
          <input id="key-name" name="name" required maxLength={120} autocomplete="off" />
        </p>
        <fieldset class="scope-choice">
          <legend>What it allows</legend>
          {KEY_SCOPES.map((scope) => (
            <label key={scope}>
              <input type="checkbox" name="scope" value={scope} checked={USUAL.has(scope)} />
              <span>
                {SCOPE_WORDS[scope] ?? scope} <code class="sub">{scope}</code>
              </span>
            </label>
          ))}
        </fieldset>
        <button type="submit" class="button button-main">Make the key</button>
      </form>
    </details>
  );
}

/** A secret, this once. */
export function MadeSecret({ name, secret }: { readonly name: string; readonly secret: string }) {
  return (
    <section class="panel made-key" aria-labelledby="made-heading">
      <h2 id="made-heading">The secret of “{name}”</h2>
      <p>It is shown this once. Copy it to where your back end keeps its secrets.</p>
      <Code id="secret" name={`Secret of ${name}`} code={secret} />
    </section>
  );
}
