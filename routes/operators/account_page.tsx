/** The page of an operator's own account. */
import { PASSWORD_LENGTH } from "../../core/operator.ts";
import type { OperatorSession } from "../../core/store/operator_sessions.ts";
import type { Operator, Passkey } from "../../core/store/operators.ts";
import { Sessions } from "./sessions_view.tsx";
import {
  CodeField,
  Done,
  Field,
  OperatorsScript,
  PasskeyForm,
  Problem,
  RecoveryCodes,
  Sure,
  Time,
  TotpSecret,
} from "./views.tsx";

const PATH = "/account";

export interface AccountProps {
  readonly account: Operator;
  readonly session: OperatorSession;
  readonly sessions: readonly OperatorSession[];
  /** Whether the operator may change how they sign in without proving again who they are. */
  readonly recent: boolean;
  readonly passkeyOptions: unknown;
  /** For an authenticator app that is to be set up. */
  readonly totpSecret: string;
  readonly sealedTotp: string;
  readonly problem?: string;
  readonly done?: string;
  /** New recovery codes, shown this once. */
  readonly codes?: readonly string[];
}

export function AccountPage(props: AccountProps) {
  const { account, session, recent, problem, done, codes } = props;
  return (
    <div class="account">
      <h1>Your account</h1>
      <Problem>{problem}</Problem>
      <Done>{done}</Done>
      {codes && (
        <section class="panel">
          <h2>Your new recovery codes</h2>
          <RecoveryCodes codes={codes} />
        </section>
      )}
      {!recent && (
        <p class="info">
          To change how you sign in, <a href={`/confirm?next=${PATH}`}>confirm that it is you</a>.
        </p>
      )}
      <section class="panel">
        <h2>You</h2>
        <p class="hint">
          {account.email}, {session.role} of {session.tenant}
        </p>
        <form method="post" action={`${PATH}/name`}>
          <div class="row">
            <Field
              name="name"
              label="Name"
              autocomplete="name"
              value={account.name}
              maxLength={80}
            />
            <button type="submit" class="button">Change</button>
          </div>
        </form>
      </section>
      {Object.keys(account.memberships).length > 1 && <Tenants {...props} />}
      {session.method !== "dev" && <Credentials {...props} />}
      <Sessions {...props} />
      <OperatorsScript />
    </div>
  );
}

function Tenants({ account, session }: AccountProps) {
  return (
    <section class="panel">
      <h2>Tenants</h2>
      <table class="rows-stacked">
        <tbody>
          {Object.entries(account.memberships).map(([tenant, role]) => (
            <tr key={tenant}>
              <td>
                {tenant} {tenant === session.tenant && <span class="chip">this one</span>}
              </td>
              <td>{role}</td>
              <td class="acts">
                {tenant !== session.tenant && (
                  <form method="post" action={`${PATH}/tenant`}>
                    <input type="hidden" name="tenant" value={tenant} />
                    <button type="submit" class="button button-small">
                      Switch<span class="visually-hidden">to {tenant}</span>
                    </button>
                  </form>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Credentials(props: AccountProps) {
  const { account, recent, passkeyOptions } = props;
  return (
    <>
      <section class="panel">
        <h2>Passkeys</h2>
        {account.passkeys.length === 0
          ? <p class="empty">None yet.</p>
          : <Passkeys passkeys={account.passkeys} recent={recent} />}
        {recent && (
          <PasskeyForm
            action={`${PATH}/passkeys`}
            ceremony="create"
            options={passkeyOptions}
            button="Add a passkey"
          >
            <Field
              name="name"
              id="passkey-name"
              label="Name of the new passkey"
              hint="Such as the device that holds it."
              maxLength={60}
            />
          </PasskeyForm>
        )}
      </section>
      <PasswordPanel {...props} />
      <section class="panel">
        <h2>Recovery codes</h2>
        <p>{codesWords(account.recoveryCodes.length)}</p>
        {recent && (
          <Sure
            action={`${PATH}/recovery-codes`}
            what="Make new ones"
            sure="Yes, make ten new ones and end the old"
          />
        )}
      </section>
    </>
  );
}

function codesWords(left: number): string {
  if (left === 0) return "None is left: make new ones.";
  return left === 1 ? "1 is left." : `${left} are left.`;
}

function Passkeys({ passkeys, recent }: { passkeys: readonly Passkey[]; recent: boolean }) {
  return (
    <table class="rows-stacked">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Added</th>
          <th scope="col">Last used</th>
          {recent && (
            <th scope="col">
              <span class="visually-hidden">Remove</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {passkeys.map(({ id, name, createdAtMs, lastUsedAtMs }) => (
          <tr key={id}>
            <td>
              <form method="post" action={`${PATH}/passkeys/${id}/name`}>
                <input
                  type="text"
                  name="name"
                  value={name}
                  maxLength={60}
                  required
                  aria-label={`Name of ${name}`}
                />
                <button type="submit" class="button button-small">Rename</button>
              </form>
            </td>
            <td>
              <span class="narrow-label">Added</span> <Time atMs={createdAtMs} />
            </td>
            <td>
              <span class="narrow-label">Last used</span>{" "}
              {lastUsedAtMs === undefined ? "never" : <Time atMs={lastUsedAtMs} />}
            </td>
            {recent && (
              <td class="acts">
                <Sure
                  action={`${PATH}/passkeys/${id}/remove`}
                  what="Remove"
                  of={name}
                  sure={`Yes, remove ${name}`}
                />
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function PasswordPanel({ account, recent, totpSecret, sealedTotp, problem }: AccountProps) {
  const isSet = account.password !== undefined;
  return (
    <section class="panel">
      <h2>Password and authenticator app</h2>
      <p>
        {isSet
          ? "Both are set. Setting them anew ends your other sessions."
          : "Neither is set. A passkey is the better way; this is a second one."}
      </p>
      {recent && (
        <details open={problem !== undefined}>
          <summary>{isSet ? "Set both anew" : "Set both"}</summary>
          <TotpSecret secret={totpSecret} account={account.email} />
          <form method="post" action={`${PATH}/password`}>
            <input type="hidden" name="totp" value={sealedTotp} />
            <Field
              name="password"
              label="New password"
              type="password"
              autocomplete="new-password"
              minLength={PASSWORD_LENGTH.min}
              hint={`At least ${PASSWORD_LENGTH.min} characters; a few words make a good one.`}
            />
            <CodeField />
            <button type="submit" class="button">Set password and app</button>
          </form>
        </details>
      )}
      {recent && isSet && account.passkeys.length > 0 && (
        <Sure
          action={`${PATH}/password/remove`}
          what="Remove password and app"
          sure="Yes, remove both"
        />
      )}
    </section>
  );
}
