/**
 * The step-up dialog for pages of other sites: `confirmation.ts` and `enrolment.ts` say what happens
 * in which order, `dialog.ts` and `views.ts` show it, `service.ts` asks the service.
 */
import type { ActionDetail } from "../collector/collector.d.ts";
import { guarded } from "../collector/guard.ts";
import type { Scene } from "./ceremony.ts";
import { confirmed } from "./confirmation.ts";
import { Dialog } from "./dialog.ts";
import { registered } from "./enrolment.ts";
import { originOf, Service } from "./service.ts";
import type {
  Closed,
  EnrolOptions,
  Passed,
  RegisteredFactor,
  ServiceOptions,
  StepUpOffer,
  StepUpProblem,
} from "./step_up.d.ts";
import { ENGLISH } from "./texts.ts";

export type * from "./step_up.d.ts";

/** See {@linkcode StepUpOffer}. */
export function offerStepUp(collector: EventTarget, options: ServiceOptions): StepUpOffer {
  const offer = new Offer(collector, options);
  guarded(() => offer.follow())();
  return offer as StepUpOffer;
}

/** Registers a factor; see `step_up.d.ts`. */
export async function enrolFactor(options: EnrolOptions): Promise<RegisteredFactor | undefined> {
  const report = guarded((problem: StepUpProblem) => options.onProblem?.(problem));
  try {
    const texts = { ...ENGLISH, ...options.texts };
    const isPasskey = options.kind === "passkey";
    const scene = openScene(options, {
      title: isPasskey ? texts.addPasskeyTitle : texts.addAppTitle,
      lead: isPasskey ? texts.addPasskeyLead : texts.addAppLead,
      report,
    });
    const ended = await end(scene, registered(scene, options));
    return "answer" in ended ? ended.answer : undefined;
  } catch {
    report({ code: "internal" });
    return undefined;
  }
}

class Offer extends EventTarget {
  #scene: Scene | undefined;
  #outcome: Promise<Passed | undefined> | undefined;
  readonly #listeners = new AbortController();

  constructor(readonly collector: EventTarget, readonly options: ServiceOptions) {
    super();
  }

  follow(): void {
    const { signal } = this.#listeners;
    const act = (event: Event) => {
      const { action } = (event as CustomEvent<ActionDetail>).detail;
      if (action === "step_up") void this.open();
      // Of an answer that is on its way the dialog hears itself.
      else if (action === "allow" && !this.#scene?.service.isAnswering) this.#close("allowed");
    };
    this.collector.addEventListener("action", guarded(act), { signal });
  }

  open(): Promise<Passed | undefined> {
    if (this.#scene?.dialog.isLost) this.#close("person");
    if (this.#outcome) return this.#outcome;
    const outcome = this.#ask();
    // Without a scene it has come to nothing already.
    if (this.#scene) this.#outcome = outcome;
    return outcome;
  }

  stop(): void {
    this.#listeners.abort();
    this.#close("stopped");
  }

  #close(reason: Closed["reason"]): void {
    const dialog = this.#scene?.dialog;
    this.#scene = this.#outcome = undefined;
    dialog?.close(reason);
  }

  async #ask(): Promise<Passed | undefined> {
    let scene: Scene | undefined;
    try {
      const texts = { ...ENGLISH, ...this.options.texts };
      scene = this.#scene = openScene(this.options, {
        title: texts.confirmTitle,
        lead: texts.confirmLead,
        report: (problem) => this.#tell("problem", problem),
      });
      const ended = await end(scene, confirmed(scene));
      this.#forget(scene);
      if (!("answer" in ended)) {
        this.#tell("closed", { reason: ended.reason });
        return undefined;
      }
      const passed = ended.answer;
      this.#tell("passed", passed);
      this.#pass(passed);
      return passed;
    } catch {
      this.#forget(scene);
      this.#tell("problem", { code: "internal" });
      return undefined;
    }
  }

  /** The stream says so too, once there is something to send: who listens there knows at once. */
  #pass({ action, level }: Passed): void {
    const told = guarded(() => {
      this.collector.dispatchEvent(new CustomEvent("action", { detail: { action, level } }));
    });
    if (!this.#listeners.signal.aborted) told();
  }

  /** Ready to ask again. */
  #forget(scene: Scene | undefined): void {
    if (this.#scene === scene) this.#scene = this.#outcome = undefined;
  }

  #tell(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** @throws {TypeError} when there is no such service, or in a browser without dialogs. */
function openScene(
  options: ServiceOptions,
  { title, lead, report }: {
    readonly title: string;
    readonly lead: string;
    readonly report: (problem: StepUpProblem) => void;
  },
): Scene {
  const texts = { ...ENGLISH, ...options.texts };
  const origin = originOf(options.endpoint);
  const dialog = new Dialog(texts, title, lead);
  const service = new Service(origin, options.ticket, dialog.signal, report);
  return { dialog, service, texts };
}

/** The answer, or why there is none; the dialog is closed then. */
async function end<Answer>({ dialog }: Scene, flow: Promise<Answer>) {
  try {
    return await Promise.race([
      flow.then((answer) => ({ answer })),
      dialog.closed.then((reason) => ({ reason })),
    ]);
  } finally {
    dialog.close("answered");
  }
}
