/** The page of a tenant's operators. */
import { type Role, ROLES } from "../../core/permission.ts";
import type { Invitation } from "../../core/store/invitations.ts";
import type { OperatorSession } from "../../core/store/operator_sessions.ts";
import type { Operator } from "../../core/store/operators.ts";
import { Done, Field, Problem, Sure, Time } from "./views.tsx";

const PATH = "/operators";

/** What each role may do, as the page says it. */
const ROLE_WORDS: Readonly<Record<Role, string>> = {
  owner: "runs everything, operators and keys included",
  analyst: "works on alerts and subjects",
  viewer: "looks",
};

/** A link that is shown this once. */
export interface Invited {
  readonly email: string;
  readonly link: string;
}

interface PageProps {
  readonly operators: readonly Operator[];
  readonly invitations: readonly Invitation[];
  readonly self: OperatorSession;
  /** Whether the owner may change anything without proving again who they are. */
  readonly recent: boolean;
  readonly problem?: string;
  readonly done?: string;
  readonly invited?: Invited;
}

export function OperatorsPage({ operators, invitations, self, recent, ...said }: PageProps) {
  const { problem, done, invited } = said;
  return (
    <div class="account">
      <h1>Operators</h1>
      <Problem>{problem}</Problem>
      <Done>{done}</Done>
      {invited && (
        <section class="panel">
          <h2>Send this link to {invited.email}</h2>
          <code class="link-once">{invited.link}</code>
          <p class="hint">It is shown this once, and lets one person register within a week.</p>
        </section>
      )}
      {!recent && (
        <p class="info">
          You can look. To change anything,{" "}
          <a href={`/confirm?next=${PATH}`}>confirm that it is you</a>.
        </p>
      )}
      <section class="panel">
        {operators.length === 0
          ? <p class="empty">Nobody has registered. Invite the first operator below.</p>
          : <Members {...{ operators, self, recent }} />}
      </section>
      {invitations.length > 0 && <Invitations {...{ invitations, recent }} />}
      {recent && <InviteForm />}
    </div>
  );
}

function Members({ operators, self, recent }: Pick<PageProps, "operators" | "self" | "recent">) {
  return (
    <table class="rows-stacked">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Signs in with</th>
          <th scope="col">Role</th>
          {recent && (
            <th scope="col">
              <span class="visually-hidden">Remove</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {operators.map((operator) => {
          const { id, name, email, memberships } = operator;
          const role = memberships[self.tenant]!;
          return (
            <tr key={id}>
              <td>
                {name} {id === self.operator && <span class="chip">you</span>}
                <br />
                <span class="hint">{email}</span>
              </td>
              <td>{waysWords(operator)}</td>
              <td>
                {recent ? <RoleForm id={id} name={name} role={role} /> : role}
              </td>
              {recent && (
                <td class="acts">
                  <Sure
                    action={`${PATH}/${id}/remove`}
                    what="Remove"
                    of={name}
                    sure={`Yes, remove ${name}`}
                  />
                </td>
              )}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function waysWords({ passkeys, password }: Operator): string {
  const keys = passkeys.length === 1 ? "1 passkey" : `${passkeys.length} passkeys`;
  const ways = [...passkeys.length ? [keys] : [], ...password ? ["password and code"] : []];
  return ways.join(", ") || "recovery codes alone";
}

function RoleForm({ id, name, role }: { id: string; name: string; role: Role }) {
  return (
    <form method="post" action={`${PATH}/${id}/role`}>
      <select name="role" aria-label={`Role of ${name}`}>
        {ROLES.map((each) => <option key={each} selected={each === role}>{each}</option>)}
      </select>
      <button type="submit" class="button button-small">
        Change<span class="visually-hidden">role of {name}</span>
      </button>
    </form>
  );
}

function Invitations({ invitations, recent }: Pick<PageProps, "invitations" | "recent">) {
  return (
    <section class="panel">
      <h2>Invited, not yet registered</h2>
      <table class="rows-stacked">
        <thead>
          <tr>
            <th scope="col">E-mail address</th>
            <th scope="col">Role</th>
            <th scope="col">Until</th>
            {recent && (
              <th scope="col">
                <span class="visually-hidden">Take back</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {invitations.map(({ id, email, role, expiresAtMs }) => (
            <tr key={id}>
              <td>{email}</td>
              <td>{role}</td>
              <td>
                <span class="narrow-label">Until</span> <Time atMs={expiresAtMs} />
              </td>
              {recent && (
                <td class="acts">
                  <form method="post" action={`${PATH}/invitations/${id}/revoke`}>
                    <button type="submit" class="button button-small">
                      Take back<span class="visually-hidden">the invitation of {email}</span>
                    </button>
                  </form>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function InviteForm() {
  return (
    <section class="panel">
      <h2>Invite somebody</h2>
      <form method="post" action={`${PATH}/invitations`}>
        <div class="row">
          <Field name="email" label="E-mail address" type="email" />
          <p class="field field-short">
            <label for="role">Role</label>
            <select id="role" name="role">
              {ROLES.map((role) => <option key={role} selected={role === "viewer"}>{role}</option>)}
            </select>
          </p>
          <button type="submit" class="button button-main">Invite</button>
        </div>
        <ul class="hint roles">
          {ROLES.map((role) => (
            <li key={role}>
              <strong>{role}</strong> {ROLE_WORDS[role]}
            </li>
          ))}
        </ul>
      </form>
    </section>
  );
}
