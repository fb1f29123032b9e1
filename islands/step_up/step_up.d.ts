/**
 * Gaitkeeper's step-up dialog, as a host page sees it: it asks the person for a passkey or a code.
 * Load it by `<script type="module" src="https://host/step-up.js">`, which also sets
 * `gaitkeeperStepUp`, or `import { offerStepUp } from "https://host/step-up.js"`.
 *
 * The page's policy must allow the service's origin in `script-src` and `connect-src`; nothing else.
 */

/** Where the service is, and how the page gets tickets. */
export interface ServiceOptions {
  /** The service's origin (`https://host`), or the stream's URL as the collector takes it. */
  readonly endpoint: string | URL;
  /**
   * A ticket that the site's back end has minted, or a function that fetches one. Every challenge
   * uses one up, so only with a function can the person try again after a wrong code.
   */
  readonly ticket: string | (() => string | Promise<string>);
  /** What the dialog says, where it is not to be English. */
  readonly texts?: Partial<StepUpTexts>;
}

/** Detail of a `passed` event: the session as it is now. */
export interface Passed {
  readonly session: string;
  /** low, elevated, high, critical or unknown. */
  readonly level: string;
  readonly action: string;
  /** What the proof is worth: `phr` for a passkey, `otp` for a code. */
  readonly acr: string;
  /** Methods by RFC 8176. */
  readonly amr: readonly string[];
  /** Until when it is worth that (RFC 3339). */
  readonly elevatedUntil: string;
}

/** Detail of a `closed` event: by the person, by `stop()`, or since nothing is asked any more. */
export interface Closed {
  readonly reason: "person" | "stopped" | "allowed";
}

/**
 * Detail of a `problem` event: one of the service's stable codes, such as `factor_missing` (the person
 * has registered nothing to prove themselves with), `proof_refused` (a wrong code or passkey) or
 * `step_up_delayed`; or `connection_failed`, `ticket_failed` (the page's function threw),
 * `ticket_spent` (there was but one), `passkey_unsupported`, or `internal` (this browser has no dialogs, say).
 */
export interface StepUpProblem {
  readonly code: string;
  /** With `step_up_delayed`, s. */
  readonly retryAfterS?: number;
}

export interface StepUpEventMap {
  passed: CustomEvent<Passed>;
  closed: CustomEvent<Closed>;
  problem: CustomEvent<StepUpProblem>;
}

/** A standing offer to ask the person. None of its methods throws. */
export interface StepUpOffer extends EventTarget {
  /** Asks now. Resolves with `undefined` when the dialog was closed without a proof. */
  open(): Promise<Passed | undefined>;
  /** Closes the dialog and listens no more. */
  stop(): void;
  addEventListener<Type extends keyof StepUpEventMap>(
    type: Type,
    listener: (this: StepUpOffer, event: StepUpEventMap[Type]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

/**
 * Opens the dialog whenever `collector` (what its `start` returned) is told to step up, and closes it
 * when that is over. Call it right after `start`, so that no action is missed. It never throws.
 */
export declare function offerStepUp(collector: EventTarget, options: ServiceOptions): StepUpOffer;

export interface EnrolOptions extends ServiceOptions {
  readonly kind: "passkey" | "totp";
  /** What the person will know the factor by, 1 to 60 characters. */
  readonly name?: string;
  /** Is told what went wrong, as the person is in words. */
  readonly onProblem?: (problem: StepUpProblem) => void;
}

export interface RegisteredFactor {
  readonly id: string;
  readonly kind: "passkey" | "totp";
  readonly name: string;
  readonly createdAt: string;
}

/**
 * Lets the person register a passkey or an authenticator app in the dialog. Its tickets must carry
 * the strong `acr` of a sign-in that has just been. Resolves with `undefined` when the dialog was
 * closed before that. It never throws or rejects.
 */
export declare function enrolFactor(options: EnrolOptions): Promise<RegisteredFactor | undefined>;

/** All that the dialog says. */
export interface StepUpTexts {
  /** Language of the texts (BCP 47): times are spelled in it. */
  readonly lang: string;
  readonly confirmTitle: string;
  readonly confirmLead: string;
  readonly addPasskeyTitle: string;
  readonly addPasskeyLead: string;
  readonly addAppTitle: string;
  readonly addAppLead: string;
  readonly usePasskey: string;
  readonly usePasskeyInstead: string;
  readonly useCodeInstead: string;
  readonly createPasskey: string;
  readonly codeLabel: string;
  readonly confirm: string;
  readonly add: string;
  readonly qrLabel: string;
  readonly keyLabel: string;
  readonly openApp: string;
  readonly tryAgain: string;
  readonly notNow: string;
  readonly close: string;
  readonly working: string;
  readonly askingDevice: string;
  readonly codeMalformed: string;
  readonly codeRefused: string;
  readonly newKey: string;
  readonly passkeyRefused: string;
  readonly passkeyCancelled: string;
  readonly passkeyKnown: string;
  readonly passkeyUnsupported: string;
  readonly tooLate: string;
  /** `{time}` stands for how long. */
  readonly delayed: string;
  readonly delayOver: string;
  readonly noFactor: string;
  readonly signInAgain: string;
  readonly beginAgain: string;
  readonly unreachable: string;
  readonly failed: string;
}

declare global {
  /** Set by the script tag, for pages that cannot import. */
  var gaitkeeperStepUp:
    | { readonly offerStepUp: typeof offerStepUp; readonly enrolFactor: typeof enrolFactor }
    | undefined;
}
