/** Consent, and what a subject may ask their site for: all of it, or that it be gone. */
import { can, type Role } from "../../../core/permission.ts";
import { type Consent, isStanding, standingPause } from "../../../core/store/consents.ts";
import { Time } from "../../../islands/dashboard/time.tsx";
import { Field, Sure } from "../../operators/views.tsx";
import type { Receipt } from "../../subjects/acts.ts";

/** The operator who looks. */
export interface Self {
  readonly role: Role;
  /** They proved who they are a short while ago. */
  readonly recent: boolean;
}

/** Where what is dangerous stands, for who has first to prove who they are. */
export function ConfirmFirst({ path }: { path: string }) {
  return (
    <p class="hint">
      What cannot be taken back wants a proof from the last 10 minutes:{" "}
      <a href={`/confirm?next=${encodeURIComponent(path)}`}>confirm it is you</a>.
    </p>
  );
}

export interface RightsProps {
  readonly subject: string;
  readonly path: string;
  readonly self: Self;
  readonly nowMs: number;
  readonly consent: Consent | undefined;
}

export function ConsentPanel({ path, self: { role }, nowMs, consent }: RightsProps) {
  const mayChange = can(role, "subjects:write");
  return (
    <section class="panel">
      <h2>Consent</h2>
      <ConsentWords consent={consent} nowMs={nowMs} />
      {mayChange && isStanding(consent) && (
        <Sure
          action={`${path}/consent/withdraw`}
          what="Withdraw"
          of=" the consent"
          sure="End their streams and watch them no more"
        />
      )}
      {mayChange && !isStanding(consent) && (
        <form method="post" action={`${path}/consent`} class="stacked">
          <Field
            name="policyVersion"
            label="Version of the text they agreed to"
            maxLength={64}
            id="consent-version"
          />
          <Field
            name="how"
            label="How they agreed"
            hint="Such as “paper form 12”; it is on record with your name."
            maxLength={200}
            id="consent-how"
          />
          <button type="submit" class="button">Record consent</button>
        </form>
      )}
    </section>
  );
}

function ConsentWords({ consent, nowMs }: Pick<RightsProps, "consent" | "nowMs">) {
  if (!consent) return <p>None is on record, so nobody watches this subject.</p>;
  const { policyVersion, how, givenAtMs, withdrawnAtMs } = consent;
  const pause = standingPause(consent, nowMs);
  return (
    <>
      <p>
        Given <Time ms={givenAtMs} /> to version {policyVersion} of your text: {how}.
      </p>
      {withdrawnAtMs !== undefined && (
        <p>
          <strong>Withdrawn</strong>{" "}
          <Time ms={withdrawnAtMs} />. Nobody watches this subject; what was learned stays, unread,
          until it is erased.
        </p>
      )}
      {pause && (
        <p>
          <strong>Paused</strong> by the subject <Time ms={pause.atMs} />,{" "}
          {pause.untilMs === undefined ? "until they end it" : (
            <>
              until <Time ms={pause.untilMs} />
            </>
          )}. Streams are refused meanwhile.
        </p>
      )}
    </>
  );
}

export function RightsPanel({ subject, path, self: { role, recent } }: RightsProps) {
  return (
    <section class="panel">
      <h2>Export and erasure</h2>
      <p>Everything that is kept of this subject, with words for each part; the log notes it.</p>
      <form method="post" action={`${path}/export`}>
        <button type="submit" class="button">Download everything (JSON)</button>
      </form>
      {can(role, "subjects:erase") && !recent && <ConfirmFirst path={path} />}
      {can(role, "subjects:erase") && recent && (
        <details class="sure erase">
          <summary class="button button-danger">Erase this subject</summary>
          <form method="post" action={`${path}/erase`} class="stacked">
            <p>
              Ends their streams, and deletes consent, profiles with the key that opens them,
              sessions, alerts, factors and recordings. It cannot be taken back.
            </p>
            <Field name="subject" label={`To go on, type the id: ${subject}`} id="erase-subject" />
            <button type="submit" class="button button-danger">Erase for good</button>
          </form>
        </details>
      )}
      {!can(role, "subjects:erase") && (
        <p class="hint">Erasing a subject is an owner's: ask one of yours.</p>
      )}
    </section>
  );
}

export function ReceiptPage({ receipt }: { receipt: Receipt }) {
  const { id, pseudonym, erasedAtMs, rows, traces } = receipt;
  return (
    <div class="account account-narrow">
      <section class="panel">
        <h1>The subject was erased</h1>
        <p class="done" role="status">Nothing of theirs is left but this in the audit log.</p>
        <dl class="receipt">
          <dt>Receipt</dt>
          <dd>
            <code>{id}</code>
          </dd>
          <dt>Erased</dt>
          <dd>
            <Time ms={erasedAtMs} />
          </dd>
          <dt>Pseudonym in the log</dt>
          <dd>
            <code>{pseudonym}</code>
          </dd>
          <dt>Records deleted</dt>
          <dd>{rows}</dd>
          <dt>Recordings deleted</dt>
          <dd>{traces}</dd>
        </dl>
        <p>
          Keep the receipt with their request. What was exported, or trained on before, is not here
          to be deleted.
        </p>
        <p>
          <a href="/subjects">To the subjects</a>
        </p>
      </section>
    </div>
  );
}
