/** What a step-up and a registration share: asking until a challenge comes, and using a passkey. */
import {
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
  WebAuthnAbortService,
} from "@simplewebauthn/browser";
import type { Dialog } from "./dialog.ts";
import { Refusal, type Service } from "./service.ts";
import type { StepUpTexts } from "./step_up.d.ts";
import { delayView, duration, endView, retryView } from "./views.ts";

export interface Scene {
  readonly dialog: Dialog;
  readonly service: Service;
  readonly texts: StepUpTexts;
}

/** That the person or their device gave no passkey; the challenge is unused. */
export class NoPasskey extends Error {}

export { browserSupportsWebAuthn };

/** Asks until there is a challenge; what stands in the way is shown, and waited for. */
export async function asked<Asked>(
  { dialog, texts }: Scene,
  ask: () => Promise<Asked>,
): Promise<Asked> {
  for (;;) {
    // Nothing is asked for somebody who has left.
    dialog.signal.throwIfAborted();
    dialog.work(texts.working);
    try {
      return await ask();
    } catch (error) {
      const { retryAfterS, isFinal } = error as Refusal;
      const words = wordsOf(texts, error);
      if (retryAfterS) await dialog.answer(delayView(dialog, retryAfterS), words);
      else if (isFinal) await dialog.answer(endView(dialog), words);
      else await dialog.answer(retryView(dialog), words);
    }
  }
}

/** What went wrong, in the dialog's words. */
export function wordsOf(texts: StepUpTexts, error: unknown): string {
  if (error instanceof NoPasskey) {
    const isKnown = error.cause === "InvalidStateError";
    return isKnown ? texts.passkeyKnown : texts.passkeyCancelled;
  }
  const { code, retryAfterS = 0 } = error as Refusal;
  switch (code) {
    case "step_up_delayed":
      return texts.delayed.replace("{time}", duration(texts, retryAfterS));
    case "factor_missing":
      return texts.noFactor;
    case "acr_insufficient":
      return texts.signInAgain;
    case "ticket_spent":
      return texts.beginAgain;
    case "challenge_invalid":
      return texts.tooLate;
    case "connection_failed":
      return texts.unreachable;
    default:
      return texts.failed;
  }
}

/** Uses a passkey. @throws {NoPasskey} */
export function usePasskey(scene: Scene, optionsJSON: PublicKeyCredentialRequestOptionsJSON) {
  return withDevice(scene, () => startAuthentication({ optionsJSON }));
}

/** Makes a passkey. @throws {NoPasskey} */
export function createPasskey(scene: Scene, optionsJSON: PublicKeyCredentialCreationOptionsJSON) {
  return withDevice(scene, () => startRegistration({ optionsJSON }));
}

async function withDevice<Credential>(
  { dialog, texts }: Scene,
  use: () => Promise<Credential>,
): Promise<Credential> {
  const cancel = () => WebAuthnAbortService.cancelCeremony();
  dialog.work(texts.askingDevice);
  dialog.signal.addEventListener("abort", cancel);
  try {
    return await use();
  } catch (error) {
    throw new NoPasskey("", { cause: (error as Error).name });
  } finally {
    dialog.signal.removeEventListener("abort", cancel);
  }
}
