/** `/confirm`: an operator proves again who they are, before what is dangerous. */
import { type Context, Hono } from "hono";
import { getOperator, type Operator } from "../core/store/operators.ts";
import type { OperatorEnv } from "./middleware/credentials.ts";
import { setOperatorCookie } from "./middleware/operator_cookie.ts";
import { type OperatorDeps, placeOf, relyingParty } from "./operators/deps.ts";
import { answerForm, type Form, nextPath, readForm } from "./operators/forms.ts";
import { signInOptions } from "./operators/passkeys.ts";
import { type Proof, proveByPasskey, proveByPassword } from "./operators/proofs.ts";
import { stepUp } from "./operators/sign_in.ts";
import { CodeField, Field, OperatorsScript, PasskeyForm, Problem } from "./operators/views.tsx";
import { renderDocument } from "./views/document.tsx";

type Env = Context<OperatorEnv>;

export function createConfirm(deps: OperatorDeps) {
  const purposeOf = (c: Env) => `step up ${c.var.operator.id}`;
  const page = async (c: Env, next: string, problem?: string) => {
    const account = (await getOperator(deps.kv, c.var.operator.operator))!;
    const options = await signInOptions(relyingParty(deps, c), purposeOf(c), account.passkeys);
    return renderDocument({
      title: "Confirm it is you",
      path: c.req.path,
      operator: c.var.operator,
      children: <ConfirmPage {...{ account, options, next, problem }} />,
    });
  };
  const confirm = (prove: (c: Env, form: Form) => Promise<Proof>) => async (c: Env) => {
    const form = await readForm(c);
    const next = nextPath(form("next"));
    return await answerForm(c, async () => {
      const proof = await prove(c, form);
      setOperatorCookie(deps, c, await stepUp(deps, proof, c.var.operator, placeOf(deps, c)));
      return c.redirect(next, 303);
    }, (problem) => page(c, next, problem));
  };
  return new Hono<OperatorEnv>()
    .get("/confirm", async (c) => c.html(await page(c, nextPath(c.req.query("next")))))
    .post(
      "/confirm/passkey",
      confirm((c, form) => {
        const of = { purpose: purposeOf(c), response: form("response") };
        return proveByPasskey(deps, relyingParty(deps, c), of, placeOf(deps, c));
      }),
    )
    .post(
      "/confirm/password",
      confirm((c, form) => {
        const { email } = c.var.operator;
        const given = { email, password: form("password"), code: form("code") };
        return proveByPassword(deps, given, placeOf(deps, c));
      }),
    );
}

interface ConfirmProps {
  readonly account: Operator;
  readonly options: unknown;
  readonly next: string;
  readonly problem?: string | undefined;
}

function ConfirmPage({ account, options, next, problem }: ConfirmProps) {
  const hasPasskeys = account.passkeys.length > 0;
  const hasPassword = account.password !== undefined && account.totp !== undefined;
  const where = <input type="hidden" name="next" value={next} />;
  return (
    <div class="account account-narrow">
      <section class="panel">
        <h1>Confirm it is you</h1>
        <Problem>{problem}</Problem>
        <p>What you are about to do wants a proof from the last 10 minutes.</p>
        {hasPasskeys && (
          <PasskeyForm
            action="/confirm/passkey"
            ceremony="get"
            options={options}
            button="Confirm with a passkey"
          >
            {where}
          </PasskeyForm>
        )}
        {hasPasskeys && hasPassword && <p class="or">or</p>}
        {hasPassword && (
          <form method="post" action="/confirm/password">
            {where}
            <Field
              name="password"
              label="Password"
              type="password"
              autocomplete="current-password"
            />
            <CodeField />
            <button type="submit" class="button">Confirm with password and code</button>
          </form>
        )}
        {!hasPasskeys && !hasPassword && (
          <p>
            Your account has nothing to confirm with. Sign out, sign in with another recovery code,
            and add a passkey at once.
          </p>
        )}
      </section>
      <OperatorsScript />
    </div>
  );
}
