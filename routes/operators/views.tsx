/** Parts of operators' pages. */
import type { ComponentChildren } from "preact";
import { qrPath, totpUri } from "./totp.ts";

/** What went wrong, first on the page and said to those who hear it. */
export function Problem({ children }: { children?: string | undefined }) {
  return children ? <p class="problem" role="alert">{children}.</p> : null;
}

/** What has just been done. */
export function Done({ children }: { children?: ComponentChildren }) {
  return children ? <p class="done" role="status">{children}</p> : null;
}

export interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly type?: "text" | "email" | "password";
  readonly value?: string | undefined;
  readonly hint?: ComponentChildren;
  readonly autocomplete?:
    | "off"
    | "name"
    | "username"
    | "current-password"
    | "new-password"
    | "one-time-code";
  readonly required?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly readOnly?: boolean;
  /** A number that is typed from another device. */
  readonly numeric?: boolean;
  /** Told apart from another field of this name on the page. */
  readonly id?: string;
}

export function Field({ name, label, hint, numeric, id = name, ...input }: FieldProps) {
  const { required = true, type = "text", autocomplete = "off", ...others } = input;
  return (
    <p class="field">
      <label for={id}>{label}</label>
      <input
        {...others}
        {...numeric ? { inputMode: "numeric", class: "code" } : {}}
        id={id}
        name={name}
        // The types tell apart what inputs of each type may have; all of these may have all of it.
        type={type as "text"}
        required={required}
        autocomplete={autocomplete}
        spellcheck={false}
        autocapitalize="none"
        aria-describedby={hint ? `${id}-hint` : undefined}
      />
      {hint && <span class="hint" id={`${id}-hint`}>{hint}</span>}
    </p>
  );
}

export function CodeField({ id }: { id?: string }) {
  return (
    <Field
      name="code"
      label="Code of your authenticator app"
      autocomplete="one-time-code"
      maxLength={9}
      numeric
      {...id ? { id } : {}}
    />
  );
}

export interface PasskeyFormProps {
  readonly action: string;
  /** Make a passkey, or show one. */
  readonly ceremony: "create" | "get";
  /** Options of the ceremony, as JSON allows. */
  readonly options: unknown;
  /** Where fresh options come from, for a page that may be open for long. */
  readonly optionsFrom?: string;
  readonly button: string;
  readonly children?: ComponentChildren;
}

/** A form that the browser fills in by asking an authenticator; islands/operators.tsx does. */
export function PasskeyForm({ action, ceremony, options, button, ...props }: PasskeyFormProps) {
  return (
    <form
      method="post"
      action={action}
      class="passkey"
      data-passkey={ceremony}
      data-options={JSON.stringify(options)}
      data-options-from={props.optionsFrom}
    >
      {props.children}
      <input type="hidden" name="response" />
      <button type="submit" class="button button-main">{button}</button>
      <p class="passkey-status" role="status" data-passkey-status></p>
      <noscript>
        <p class="hint">A passkey needs JavaScript; the other way works without.</p>
      </noscript>
    </form>
  );
}

/** A shared secret for an authenticator app, to be scanned or typed. */
export function TotpSecret({ secret, account }: { secret: string; account: string }) {
  const { size, path } = qrPath(totpUri(secret, account));
  return (
    <div class="totp">
      <svg
        class="qr"
        viewBox={`0 0 ${size} ${size}`}
        shape-rendering="crispEdges"
        role="img"
        aria-label="QR code of the secret; the same secret stands beside it as text"
      >
        <path d={path} />
      </svg>
      <p>
        Scan this with an authenticator app, or type the secret into it:{" "}
        <code class="secret">{secret.replace(/.{4}(?=.)/g, "$& ")}</code>
      </p>
    </div>
  );
}

/** Recovery codes, this once. */
export function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  return (
    <>
      <p>
        Each of these codes lets you in once when you have lost your passkey or your authenticator.
        They are shown this once: print them, or keep them in a password manager.
      </p>
      <ul class="codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Scripts of these pages; they only make more comfortable what forms do, passkeys aside. */
export function OperatorsScript() {
  return <script type="module" src="/build/operators.js"></script>;
}

/** Something that cannot be taken back: asked for, then asked for again. Works without script. */
export function Sure({ action, what, of, small = true, sure }: {
  readonly action: string;
  readonly what: string;
  /** What it is done to, for those who hear the page. */
  readonly of?: string;
  readonly small?: boolean;
  readonly sure: string;
}) {
  const size = small ? "button-small" : "";
  return (
    <details class="sure">
      <summary class={`button ${size} button-danger`}>
        {what}
        {of && <span class="visually-hidden">{of}</span>}
      </summary>
      <form method="post" action={action}>
        <button type="submit" class={`button ${size} button-danger`}>{sure}</button>
      </form>
    </details>
  );
}

/** A point in time, the same for every reader. */
export function Time({ atMs }: { atMs: number }) {
  const iso = new Date(atMs).toISOString();
  return <time dateTime={iso}>{`${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`}</time>;
}
