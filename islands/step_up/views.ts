/** What the dialog shows: a passkey to use, a code to type, a time to wait, a last word. */
import type { Dialog, View } from "./dialog.ts";
import { button, drawing, element } from "./elements.ts";
import { pending } from "./pending.ts";
import type { StepUpTexts } from "./step_up.d.ts";

/** A code that was typed, or another way that was chosen. */
export type Choice = { readonly code?: string; readonly isOther?: boolean };

/** A key, in a square of 24. */
const KEY_MARK =
  "M15 2a7 7 0 0 0-6.7 9L2 17.3V22h4.7l1-1v-2h2v-2h2l1.3-1.3A7 7 0 1 0 15 2m2 7a2 2 0 1 1 0-4 2 2 0 0 1 0 4";
const DIGITS = 6;
/** The time to wait is said this often, s; it is shown every second. */
const SAID_EVERY_S = 30;

/** A passkey, by the press of a button: browsers want one before they ask. */
export function passkeyView(label: string, other?: string): View<Choice> {
  const { promise, resolve } = pending<Choice>();
  const main = button(label, () => resolve({}), "main");
  main.prepend(drawing(24, KEY_MARK, { class: "mark", "aria-hidden": "true" }));
  const body = element("div", { class: "stack" }, main);
  if (other) body.append(button(other, () => resolve({ isOther: true })));
  return { body, answer: promise, focus: main };
}

/** A code of an authenticator app, under what is to be known before it is typed. */
export function codeView(
  dialog: Dialog,
  { submit, other, above = [], isWrong }: {
    readonly submit: string;
    readonly other?: string | undefined;
    readonly above?: readonly Node[];
    /** Whether the one before was. */
    readonly isWrong: boolean;
  },
): View<Choice> {
  const { codeLabel, codeMalformed } = dialog.texts;
  const { promise, resolve } = pending<Choice>();
  const field = element("input", {
    id: "code",
    autocomplete: "one-time-code",
    inputmode: "numeric",
    autocapitalize: "off",
    spellcheck: "false",
    // Apps show them in two groups, and so they are pasted.
    maxlength: String(DIGITS + 3),
    "aria-describedby": "alert",
  });
  const mark = (isInvalid: boolean) => {
    if (isInvalid) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  };
  mark(isWrong);
  const form = element(
    "form",
    { novalidate: "" },
    ...above,
    element("div", { class: "field" }, element("label", { for: "code" }, codeLabel), field),
    element("button", { class: "main" }, submit),
  );
  if (other) form.append(button(other, () => resolve({ isOther: true })));
  field.addEventListener("input", () => mark(false));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const code = field.value.replace(/\D/g, "");
    if (code.length === DIGITS) return resolve({ code });
    mark(true);
    dialog.alarm(codeMalformed);
    field.focus();
  });
  // Whoever has something to do first is not sent past it.
  return { body: form, answer: promise, ...above.length ? {} : { focus: field } };
}

/** A key for an authenticator app, as a picture (which may come later), as text and as a link. */
export function keyViews(
  { qrLabel, keyLabel, openApp }: StepUpTexts,
  { secret, uri }: { readonly secret: string; readonly uri: string },
  qr: Promise<{ readonly size: number; readonly path: string }>,
): Node[] {
  const picture = element("div", { class: "qr" });
  qr.then(({ size, path }) => {
    const whole = { class: "qr", role: "img", "aria-label": qrLabel, color: "#000" };
    // Whole pixels a module: anything else is harder to scan.
    const side = { width: String(4 * size), height: String(4 * size) };
    picture.replaceWith(
      drawing(size, path, { ...whole, ...side, "shape-rendering": "crispEdges" }),
    );
  }, () => picture.remove());
  const key = element("span", { class: "key" }, secret.replace(/.{4}(?=.)/g, "$& "));
  return [
    picture,
    element("p", {}, keyLabel, key),
    element("a", { href: uri }, openApp),
  ];
}

/** A time to wait, and then a button. */
export function delayView(dialog: Dialog, delayS: number): View<void> {
  const { texts } = dialog;
  const { promise, resolve } = pending<void>();
  const count = element("p", { class: "count", "aria-hidden": "true" });
  const again = button(texts.tryAgain, resolve, "main");
  const endMs = Date.now() + 1000 * delayS;
  const tick = () => {
    const leftS = Math.max(0, Math.ceil((endMs - Date.now()) / 1000));
    count.textContent = `${Math.floor(leftS / 60)}:${String(leftS % 60).padStart(2, "0")}`;
    again.hidden = leftS > 0;
    count.hidden = leftS === 0;
    if (leftS && leftS < delayS && leftS % SAID_EVERY_S === 0) dialog.say(duration(texts, leftS));
    if (leftS) return;
    clearInterval(timer);
    dialog.alarm("");
    dialog.say(texts.delayOver);
  };
  const timer = setInterval(tick, 1000);
  dialog.signal.addEventListener("abort", () => clearInterval(timer));
  const body = element("div", { class: "stack" }, count, again);
  tick();
  return { body, answer: promise };
}

/** How long, in words: "90 seconds", "4 minutes". */
export function duration({ lang }: StepUpTexts, seconds: number): string {
  const isLong = seconds >= 120;
  const unit = isLong ? "minute" : "second";
  const format = { style: "unit", unit, unitDisplay: "long" } as const;
  return new Intl.NumberFormat(lang, format).format(isLong ? Math.ceil(seconds / 60) : seconds);
}

/** An error after which one may try again. */
export function retryView({ texts }: Dialog): View<void> {
  const { promise, resolve } = pending<void>();
  const again = button(texts.tryAgain, resolve, "main");
  return { body: element("div", { class: "stack" }, again), answer: promise, focus: again };
}

/** An error after which one may only leave. */
export function endView({ texts }: Dialog): View<never> {
  return { body: element("div"), answer: new Promise(() => {}), leave: texts.close };
}
