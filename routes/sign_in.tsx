/** `/sign-in`, `/sign-out`: operators come and go. */
import { type Context, Hono } from "hono";
import { DEFAULT_TENANT } from "../core/store/keys.ts";
import { hasOperators } from "../core/store/memberships.ts";
import { requireSameOrigin } from "./middleware/credentials.ts";
import {
  dropOperatorCookie,
  operatorSessionOf,
  readOperatorCookie,
  setOperatorCookie,
} from "./middleware/operator_cookie.ts";
import { type OperatorDeps, placeOf, relyingParty } from "./operators/deps.ts";
import { answerForm, type Form, nextPath, readForm } from "./operators/forms.ts";
import { signInOptions } from "./operators/passkeys.ts";
import {
  type Proof,
  proveByPasskey,
  proveByPassword,
  proveByRecovery,
} from "./operators/proofs.ts";
import { signIn, signOut } from "./operators/sign_in.ts";
import { CodeField, Field, OperatorsScript, PasskeyForm, Problem } from "./operators/views.tsx";
import { renderDocument } from "./views/document.tsx";

const PURPOSE = "sign in";

/** How the three forms of the page prove who somebody is. */
type Prove = (c: Context, form: Form) => Promise<Proof>;

export function createSignIn(deps: OperatorDeps) {
  const details = (form: Form) => ({
    email: form("email"),
    password: form("password"),
    code: form("code"),
  });
  const byPasskey: Prove = (c, form) => {
    const of = { purpose: PURPOSE, response: form("response") };
    return proveByPasskey(deps, relyingParty(deps, c), of, placeOf(deps, c));
  };
  const byPassword: Prove = (c, form) => proveByPassword(deps, details(form), placeOf(deps, c));
  const byRecovery: Prove = (c, form) => proveByRecovery(deps, details(form), placeOf(deps, c));

  /** Signs in with whatever proves it; else the page again. */
  const enter =
    (prove: Prove, Page: typeof SignInPage | typeof RecoveryPage) => async (c: Context) => {
      const form = await readForm(c);
      const next = nextPath(form("next"));
      return await answerForm(c, async () => {
        const proof = await prove(c, form);
        const before = readOperatorCookie(deps, c);
        setOperatorCookie(deps, c, await signIn(deps, proof, placeOf(deps, c), before));
        return c.redirect(proof.method === "recovery" ? "/account?done=recovered" : next, 303);
      }, async (problem) => {
        const options = await signInOptions(relyingParty(deps, c), PURPOSE);
        return page(<Page {...{ problem, next, options, email: form("email") }} />);
      });
    };

  return new Hono()
    .use("/sign-in/*", requireSameOrigin(deps))
    .use("/sign-out", requireSameOrigin(deps))
    .get("/sign-in", async (c) => {
      const next = nextPath(c.req.query("next"));
      if (await operatorSessionOf(deps, c)) return c.redirect(next, 303);
      const options = await signInOptions(relyingParty(deps, c), PURPOSE);
      const isNew = !deps.dev && !await hasOperators(deps.kv, DEFAULT_TENANT);
      return c.html(page(<SignInPage {...{ next, options, isNew, isDev: deps.dev }} />));
    })
    .get("/sign-in/passkey", async (c) => {
      return c.json(await signInOptions(relyingParty(deps, c), PURPOSE));
    })
    .post("/sign-in/passkey", enter(byPasskey, SignInPage))
    .post("/sign-in/password", enter(byPassword, SignInPage))
    .get("/sign-in/recovery", (c) => c.html(page(<RecoveryPage next="/" />)))
    .post("/sign-in/recovery", enter(byRecovery, RecoveryPage))
    .post("/sign-out", async (c) => {
      const session = await operatorSessionOf(deps, c);
      if (session) await signOut(deps, session, placeOf(deps, c));
      dropOperatorCookie(deps, c);
      return c.redirect("/sign-in", 303);
    });
}

function page(children: preact.JSX.Element): string {
  return renderDocument({ title: "Sign in", path: "/sign-in", children });
}

interface PageProps {
  readonly next: string;
  readonly options?: unknown;
  readonly email?: string;
  readonly problem?: string;
  /** Nobody has registered yet. */
  readonly isNew?: boolean;
  readonly isDev?: boolean;
}

function SignInPage({ next, options, email, problem, isNew, isDev }: PageProps) {
  return (
    <div class="account account-narrow">
      <section class="panel">
        <h1>Sign in</h1>
        <Problem>{problem}</Problem>
        {isNew && (
          <p class="info">
            Nobody has registered here yet. The console of the service shows a link for the first
            owner.
          </p>
        )}
        {isDev && (
          <p class="info">
            This is dev: it signs this browser in by itself when you{" "}
            <a href={next}>open the dashboard</a>.
          </p>
        )}
        <PasskeyForm
          action="/sign-in/passkey"
          ceremony="get"
          options={options}
          optionsFrom="/sign-in/passkey"
          button="Sign in with a passkey"
        >
          <input type="hidden" name="next" value={next} />
        </PasskeyForm>
        <p class="or">or</p>
        <form method="post" action="/sign-in/password">
          <input type="hidden" name="next" value={next} />
          <Field
            name="email"
            label="E-mail address"
            type="email"
            autocomplete="username"
            value={email}
          />
          <Field
            name="password"
            label="Password"
            type="password"
            autocomplete="current-password"
          />
          <CodeField />
          <button type="submit" class="button">Sign in with password and code</button>
        </form>
        <p class="hint">
          Lost your device? <a href="/sign-in/recovery">Use a recovery code</a>.
        </p>
      </section>
      <OperatorsScript />
    </div>
  );
}

function RecoveryPage({ email, problem }: PageProps) {
  return (
    <div class="account account-narrow">
      <section class="panel">
        <h1>Sign in with a recovery code</h1>
        <Problem>{problem}</Problem>
        <form method="post" action="/sign-in/recovery">
          <Field
            name="email"
            label="E-mail address"
            type="email"
            autocomplete="username"
            value={email}
          />
          <Field
            name="password"
            label="Password"
            type="password"
            autocomplete="current-password"
            required={false}
            hint="Leave it empty if your account has passkeys alone."
          />
          <Field
            name="code"
            label="Recovery code"
            maxLength={40}
            hint="Such as k3x9-0vqe-7tbn-m2hd; it works once."
          />
          <button type="submit" class="button button-main">Sign in</button>
        </form>
        <p class="hint">
          <a href="/sign-in">Back to sign in</a>
        </p>
      </section>
    </div>
  );
}
