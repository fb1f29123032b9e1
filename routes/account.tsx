/** `/account`: what operators see and change of their own. */
import { type Context, Hono } from "hono";
import { getOperator } from "../core/store/operators.ts";
import { listOperatorSessions } from "../core/store/operator_sessions.ts";
import { isRecent, type OperatorEnv, requireRecent } from "./middleware/credentials.ts";
import { dropOperatorCookie, setOperatorCookie } from "./middleware/operator_cookie.ts";
import {
  addPasskey,
  addPasskeyOptions,
  changeName,
  endSession,
  type Own,
  removePasskey,
  removePassword,
  renamePasskey,
  renewRecoveryCodes,
  setPassword,
  totpPurpose,
} from "./operators/account.ts";
import { AccountPage, type AccountProps } from "./operators/account_page.tsx";
import { type OperatorDeps, placeOf, relyingParty } from "./operators/deps.ts";
import { answerForm, type Form, readForm } from "./operators/forms.ts";
import { signOutEverywhere, switchTenant } from "./operators/sign_in.ts";
import { newTotpSecret } from "./operators/totp.ts";
import { renderDocument } from "./views/document.tsx";

type Env = Context<OperatorEnv>;

const PATH = "/account";
const DONE: Readonly<Record<string, string>> = {
  recovered:
    "You are in with a recovery code, which is used up. Add a passkey or set a password now.",
  name: "Your name was changed.",
  added: "The passkey was added.",
  renamed: "The passkey was renamed.",
  removed: "The passkey was removed.",
  password: "Password and authenticator app were set; your other sessions have ended.",
  "no-password": "The password was removed.",
  ended: "The session was ended.",
};

export function createAccount(deps: OperatorDeps) {
  const ownOf = (c: Env): Own => ({ session: c.var.operator, place: placeOf(deps, c) });
  const accountOf = async (c: Env) => (await getOperator(deps.kv, c.var.operator.operator))!;

  const page = async (
    c: Env,
    more: Pick<AccountProps, "problem" | "done" | "codes"> = {},
    sealedTotp = "",
  ) => {
    const { operator: session } = c.var;
    const account = await accountOf(c);
    const { kv, nowMs, operatorVault } = deps;
    const purpose = totpPurpose(session);
    const totpSecret = await operatorVault.unseal(sealedTotp, purpose) ?? newTotpSecret();
    const props = {
      ...more,
      account,
      session,
      sessions: await listOperatorSessions(kv, account, nowMs()),
      recent: isRecent(session, nowMs()),
      passkeyOptions: await addPasskeyOptions(relyingParty(deps, c), ownOf(c), account),
      totpSecret,
      sealedTotp: await operatorVault.seal(totpSecret, purpose),
    };
    return renderDocument({
      title: "Your account",
      path: PATH,
      operator: { ...session, name: account.name },
      children: <AccountPage {...props} />,
    });
  };

  /** Changes something, then shows the page again and says so. */
  const change = (done: string, run: (c: Env, form: Form) => Promise<void>) => async (c: Env) => {
    const form = await readForm(c);
    return await answerForm(c, async () => {
      await run(c, form);
      return c.redirect(`${PATH}?done=${done}`, 303);
    }, (problem) => page(c, { problem }, form("totp")));
  };
  const recent = requireRecent(deps, PATH);

  return new Hono<OperatorEnv>()
    .get(PATH, async (c) => {
      const done = DONE[c.req.query("done") ?? ""];
      return c.html(await page(c, done ? { done } : {}));
    })
    .post(`${PATH}/tenant`, async (c) => {
      const form = await readForm(c);
      return await answerForm(c, async () => {
        const { operator } = c.var;
        const secret = await switchTenant(deps, operator, form("tenant"), placeOf(deps, c));
        setOperatorCookie(deps, c, secret);
        return c.redirect("/", 303);
      }, (problem) => page(c, { problem }));
    })
    .post(`${PATH}/name`, change("name", (c, form) => changeName(deps, ownOf(c), form("name"))))
    .post(
      `${PATH}/passkeys`,
      recent,
      change("added", (c, form) => {
        const made = { response: form("response"), name: form("name") };
        return addPasskey(deps, relyingParty(deps, c), ownOf(c), made);
      }),
    )
    .post(
      `${PATH}/passkeys/:id/name`,
      change(
        "renamed",
        (c, form) => renamePasskey(deps, ownOf(c), c.req.param("id")!, form("name")),
      ),
    )
    .post(
      `${PATH}/passkeys/:id/remove`,
      recent,
      change("removed", (c) => removePasskey(deps, ownOf(c), c.req.param("id")!)),
    )
    .post(
      `${PATH}/password`,
      recent,
      change("password", async (c, form) => {
        const given = {
          password: form("password"),
          sealedTotp: form("totp"),
          code: form("code"),
        };
        setOperatorCookie(deps, c, await setPassword(deps, ownOf(c), given));
      }),
    )
    .post(
      `${PATH}/password/remove`,
      recent,
      change("no-password", (c) => removePassword(deps, ownOf(c))),
    )
    .post(`${PATH}/recovery-codes`, recent, async (c) => {
      const codes = await renewRecoveryCodes(deps, ownOf(c));
      return c.html(await page(c, { codes }));
    })
    .post(
      `${PATH}/sessions/:id/end`,
      change(
        "ended",
        async (c) => endSession(deps, ownOf(c), await accountOf(c), c.req.param("id")!),
      ),
    )
    .post(`${PATH}/sign-out-everywhere`, async (c) => {
      await signOutEverywhere(deps, c.var.operator, placeOf(deps, c));
      dropOperatorCookie(deps, c);
      return c.redirect("/sign-in", 303);
    });
}
