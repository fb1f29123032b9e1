/** The dialog itself: a native one in a closed shadow tree, with a heading, a body and two voices. */
import type { Closed, StepUpTexts } from "./step_up.d.ts";
import { button, element } from "./elements.ts";
import { pending } from "./pending.ts";
import { STYLES } from "./styles.ts";

/** Events of typing that are the dialog's own: a page's shortcuts are not meant by them. */
const OWN_EVENTS = ["keydown", "keypress", "keyup", "beforeinput", "input", "paste", "focusin"];

/** Why a dialog ended. */
export type DialogEnd = Closed["reason"] | "answered";

/** What is shown at a time; `answer` comes when the person gives it, which may be never. */
export interface View<Answer> {
  readonly body: HTMLElement;
  readonly answer: Promise<Answer>;
  /** What has the focus first; the dialog itself if not said. */
  readonly focus?: HTMLElement;
  /**
   * What the way out is called where it is all that is left. It does not get the focus: whoever types
   * on would close the dialog before it was read.
   */
  readonly leave?: string;
}

export class Dialog {
  readonly #host = document.createElement("gaitkeeper-step-up");
  readonly #dialog: HTMLDialogElement;
  readonly #alert = element("p", { role: "alert", id: "alert" });
  readonly #status = element("p", { role: "status" });
  readonly #body = element("div", { class: "body" });
  readonly #leave: HTMLButtonElement;
  readonly #ended = new AbortController();
  readonly #closed = pending<DialogEnd>();

  /** Opens it. @throws {TypeError} in a browser that has no such dialogs. */
  constructor(readonly texts: StepUpTexts, title: string, lead: string) {
    this.#leave = button(texts.notNow, () => this.close("person"), "quiet");
    this.#dialog = element(
      "dialog",
      { lang: texts.lang, "aria-labelledby": "title", "aria-describedby": "lead", tabindex: "-1" },
      element("h2", { id: "title" }, title),
      element("p", { id: "lead", class: "lead" }, lead),
      this.#alert,
      this.#body,
      this.#status,
      element("div", { class: "foot" }, this.#leave),
    );
    // What is typed here belongs to the proof, not to the behaviour that is watched.
    this.#host.setAttribute("data-gaitkeeper-ignore", "");
    const root = this.#host.attachShadow({ mode: "closed" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    root.adoptedStyleSheets = [sheet];
    root.append(this.#dialog);
    for (const type of OWN_EVENTS) root.addEventListener(type, (event) => event.stopPropagation());
    this.#dialog.addEventListener("close", () => this.close("person"));
    (document.body ?? document.documentElement).append(this.#host);
    this.#dialog.showModal();
    this.#dialog.focus();
  }

  /** Aborted when it closes. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /** Why it was closed, once it is. */
  get closed(): Promise<DialogEnd> {
    return this.#closed.promise;
  }

  /** Whether the page has taken it away, which no event tells of. */
  get isLost(): boolean {
    return !this.#host.isConnected;
  }

  /** Replaces what is shown, under an error where there is one, and waits for the answer. */
  answer<Answer>(view: View<Answer>, error = ""): Promise<Answer> {
    // It may have been closed while an answer was on its way.
    this.signal.throwIfAborted();
    this.#dialog.setAttribute("aria-busy", "false");
    this.#body.replaceChildren(view.body);
    this.#leave.textContent = view.leave ?? this.texts.notNow;
    this.say("");
    this.alarm(error);
    (view.focus ?? this.#dialog).focus();
    return view.answer;
  }

  /** Says that the person has to wait, over what is shown. */
  work(what: string): void {
    this.#dialog.setAttribute("aria-busy", "true");
    this.alarm("");
    this.say(what);
  }

  /** Says something in passing. */
  say(what: string): void {
    this.#status.textContent = what;
  }

  /** Says what went wrong. */
  alarm(what: string): void {
    this.#alert.textContent = what;
  }

  /** Closes it, for good; the focus goes back to where it was. */
  close(reason: DialogEnd): void {
    if (this.signal.aborted) return;
    this.#ended.abort();
    this.#closed.resolve(reason);
    this.#dialog.close();
    this.#host.remove();
  }
}
