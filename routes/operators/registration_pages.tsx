/** The pages on which somebody registers: the link, then how they will sign in, then their codes. */
import { type Context, Hono } from "hono";
import { PASSWORD_LENGTH } from "../../core/operator.ts";
import { requireSameOrigin } from "../middleware/credentials.ts";
import { findOperatorByEmail } from "../../core/store/operators.ts";
import { operatorSessionOf, setOperatorCookie } from "../middleware/operator_cookie.ts";
import { renderDocument } from "../views/document.tsx";
import { type OperatorDeps, placeOf, relyingParty } from "./deps.ts";
import { answerForm, type Form, readForm } from "./forms.ts";
import {
  joinByInvitation,
  type Link,
  type LinkKind,
  type Offer,
  offerRegistration,
  openLink,
  parseRegistrant,
  registerByPasskey,
  registerByPassword,
  type Registered,
  type Registrant,
} from "./registration.ts";
import {
  CodeField,
  Field,
  OperatorsScript,
  PasskeyForm,
  Problem,
  RecoveryCodes,
  TotpSecret,
} from "./views.tsx";

const WORDS: Readonly<Record<LinkKind, { path: string; title: string; link: string }>> = {
  setup: {
    path: "/setup",
    title: "Set up Gaitkeeper",
    link: "Paste it whole. The service has printed it on its console; it works once, within a day.",
  },
  invitation: {
    path: "/invitation",
    title: "Register",
    link: "Paste it whole. Whoever invited you has sent it; it works once, within a week.",
  },
};

/**
 * `GET path` takes the link's secret, from behind its `#` by script or pasted without; `POST path` shows
 * how one may sign in; `POST path/passkey` and `path/password` register.
 */
export function createRegistration(deps: OperatorDeps, kind: LinkKind) {
  const { path, title } = WORDS[kind];
  const page = (children: preact.JSX.Element) => renderDocument({ title, path, children });
  const opened = async (c: Context, form: Form) => {
    const place = placeOf(deps, c);
    const link = await openLink(deps, kind, form("token"), place);
    const id = form("id");
    const given = { email: form("email"), name: form("name"), ...id ? { id } : {} };
    return { place, link, given };
  };
  const entry = (form?: Form) => (problem?: string, link?: Link) =>
    page(
      <EntryPage kind={kind} form={form} problem={problem} email={link?.email} />,
    );
  const offer = async (c: Context, form: Form, problem?: string) => {
    const { place, link, given } = await opened(c, form);
    const known = link.email && await findOperatorByEmail(deps.kv, link.email);
    if (known) {
      const session = await operatorSessionOf(deps, c);
      const isTheirs = session?.operator === known.id;
      const operator = isTheirs ? session : undefined;
      const children = <JoinPage {...{ link, problem, isTheirs }} token={form("token")} />;
      return renderDocument({ title, path, operator, children });
    }
    // Invitations say for whom they are, so only then is the name asked for.
    if (kind === "invitation" && !given.name) return entry(form)(problem, link);
    const who = parseRegistrant(link, given, place.nowMs);
    const made = await offerRegistration(deps, relyingParty(deps, c), link, who, form("totp"));
    return page(<OfferPage {...{ kind, who, problem }} token={form("token")} offer={made} />);
  };
  const register = (by: (c: Context, form: Form) => Promise<Registered>) => async (c: Context) => {
    const form = await readForm(c);
    return await answerForm(c, async () => {
      const { secret, codes } = await by(c, form);
      setOperatorCookie(deps, c, secret);
      return c.html(page(<CodesPage codes={codes} />));
    }, async (problem) => {
      // A link that is used up has no page but the first.
      return await offer(c, form, problem).catch(() => entry()(problem));
    });
  };

  const app = new Hono()
    .use(path, requireSameOrigin(deps))
    .use(`${path}/*`, requireSameOrigin(deps))
    .get(path, (c) => c.html(entry()()))
    .post(path, async (c) => {
      const form = await readForm(c);
      return await answerForm(c, async () => c.html(await offer(c, form)), entry(form));
    })
    .post(
      `${path}/passkey`,
      register(async (c, form) => {
        const { place, link, given } = await opened(c, form);
        const who = parseRegistrant(link, given, place.nowMs);
        const party = relyingParty(deps, c);
        return await registerByPasskey(deps, party, link, who, form("response"), place);
      }),
    )
    .post(
      `${path}/password`,
      register(async (c, form) => {
        const { place, link, given } = await opened(c, form);
        const who = parseRegistrant(link, given, place.nowMs);
        const [password, sealedTotp, code] = [form("password"), form("totp"), form("code")];
        return await registerByPassword(deps, link, who, { password, sealedTotp, code }, place);
      }),
    );
  if (kind === "setup") return app;
  return app.post(`${path}/join`, async (c) => {
    const form = await readForm(c);
    return await answerForm(c, async () => {
      const { place, link } = await opened(c, form);
      const session = await operatorSessionOf(deps, c);
      setOperatorCookie(deps, c, await joinByInvitation(deps, link, session, place));
      return c.redirect("/", 303);
    }, entry(form));
  });
}

interface EntryProps {
  readonly kind: LinkKind;
  readonly form?: Form | undefined;
  readonly problem?: string | undefined;
  /** Of an invitation that was found good. */
  readonly email?: string | undefined;
}

function EntryPage({ kind, form, problem, email }: EntryProps) {
  const { path, title, link } = WORDS[kind];
  return (
    <div class="account account-narrow">
      <section class="panel">
        <h1>{title}</h1>
        <Problem>{problem}</Problem>
        {kind === "setup" && <p>You will be the first owner of this installation.</p>}
        {/* Only a secret that has not been taken up yet comes from behind the link's `#`. */}
        <form method="post" action={path} {...email ? {} : { "data-fragment": true }}>
          {email ? <input type="hidden" name="token" value={form?.("token")} /> : (
            <Field
              name="token"
              label="Your link"
              hint={link}
              value={problem ? undefined : form?.("token")}
            />
          )}
          {(kind === "setup" || email) && (
            <>
              <Field
                name="email"
                label="E-mail address"
                type="email"
                autocomplete="username"
                value={email ?? form?.("email")}
                readOnly={email !== undefined}
              />
              <Field
                name="name"
                label="Your name"
                autocomplete="name"
                maxLength={80}
                value={form?.("name")}
              />
            </>
          )}
          <button type="submit" class="button button-main">Continue</button>
        </form>
      </section>
      <OperatorsScript />
    </div>
  );
}

interface OfferProps {
  readonly kind: LinkKind;
  readonly who: Registrant;
  readonly token: string;
  readonly offer: Offer;
  readonly problem?: string | undefined;
}

function OfferPage({ kind, who, token, offer, problem }: OfferProps) {
  const { path } = WORDS[kind];
  const carried = (
    <>
      {Object.entries({ token, ...who }).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
    </>
  );
  return (
    <div class="account">
      <h1>How will you sign in, {who.name}?</h1>
      <Problem>{problem}</Problem>
      <div class="ways">
        <section class="panel">
          <h2>With a passkey</h2>
          <p>
            Your device asks for your finger, your face or its PIN. There is nothing to remember and
            nothing that a false page could get out of you.
          </p>
          <PasskeyForm
            action={`${path}/passkey`}
            ceremony="create"
            options={offer.passkey}
            button="Make a passkey"
          >
            {carried}
          </PasskeyForm>
        </section>
        <section class="panel">
          <h2>With a password and codes</h2>
          <TotpSecret secret={offer.totpSecret} account={who.email} />
          <form method="post" action={`${path}/password`}>
            {carried}
            <input type="hidden" name="totp" value={offer.sealedTotp} />
            <Field
              name="password"
              label="Password"
              type="password"
              autocomplete="new-password"
              minLength={PASSWORD_LENGTH.min}
              hint={`At least ${PASSWORD_LENGTH.min} characters; a few words make a good one.`}
            />
            <CodeField />
            <button type="submit" class="button">Register with password and code</button>
          </form>
        </section>
      </div>
      <OperatorsScript />
    </div>
  );
}

interface JoinProps {
  readonly link: Link;
  readonly token: string;
  /** Whether the one who is invited is signed in. */
  readonly isTheirs: boolean;
  readonly problem?: string | undefined;
}

function JoinPage({ link: { tenant, role, email }, token, isTheirs, problem }: JoinProps) {
  return (
    <div class="account account-narrow">
      <section class="panel">
        <h1>Join {tenant}</h1>
        <Problem>{problem}</Problem>
        {isTheirs
          ? (
            <form method="post" action="/invitation/join">
              <input type="hidden" name="token" value={token} />
              <p>You will be {role} there, with the account that you have.</p>
              <button type="submit" class="button button-main">Join</button>
            </form>
          )
          : (
            <>
              <p>{email} has an account here already. Sign in, then open the link again.</p>
              <a class="button button-main" href="/sign-in?next=/invitation">Sign in</a>
            </>
          )}
      </section>
    </div>
  );
}

function CodesPage({ codes }: { codes: readonly string[] }) {
  return (
    <div class="account account-narrow">
      <section class="panel">
        <h1>You are registered: keep these codes</h1>
        <RecoveryCodes codes={codes} />
        <p>
          <a class="button button-main" href="/">I have kept them: go on</a>
        </p>
      </section>
    </div>
  );
}
