/** Registering a passkey or an authenticator app. */
import type { PublicKeyCredentialCreationOptionsJSON } from "@simplewebauthn/browser";
import {
  asked,
  browserSupportsWebAuthn,
  createPasskey,
  NoPasskey,
  type Scene,
  wordsOf,
} from "./ceremony.ts";
import { Refusal } from "./service.ts";
import type { EnrolOptions, RegisteredFactor, StepUpTexts } from "./step_up.d.ts";
import { codeView, endView, keyViews, passkeyView } from "./views.ts";

const PATH = "/v1/factors";

/** What is said of a refusal in other words than at a step-up. */
const SPOKEN: Readonly<
  Record<EnrolOptions["kind"], Readonly<Record<string, keyof StepUpTexts>>>
> = {
  totp: { proof_refused: "codeRefused", challenge_invalid: "newKey" },
  passkey: { proof_refused: "passkeyRefused" },
};

interface Asked {
  readonly publicKey?: PublicKeyCredentialCreationOptionsJSON;
  readonly secret?: string;
  readonly uri?: string;
}

/** Resolves once the factor is registered; never, where the person leaves before. */
export async function registered(
  scene: Scene,
  { kind, name }: Pick<EnrolOptions, "kind" | "name">,
): Promise<RegisteredFactor> {
  const { dialog, service, texts } = scene;
  if (kind === "passkey" && !browserSupportsWebAuthn()) {
    service.onProblem({ code: "passkey_unsupported" });
    return await dialog.answer(endView(dialog), texts.passkeyUnsupported);
  }
  const ask = () => asked(scene, () => service.ask<Asked>(PATH, { kind }));
  let challenge = await ask();
  let error: unknown;
  for (;;) {
    const refusal = error instanceof Refusal ? error.code : "";
    const isWrong = refusal === "proof_refused";
    const words = SPOKEN[kind][refusal] ?? "";
    const said = words ? texts[words] : error ? wordsOf(texts, error) : "";
    try {
      let proof;
      if (kind === "totp") {
        const { secret = "", uri = "" } = challenge;
        const above = keyViews(texts, { secret, uri }, qrOf(service.origin, uri));
        const view = codeView(dialog, { submit: texts.add, above, isWrong });
        proof = { totp: (await dialog.answer(view, said)).code };
      } else {
        await dialog.answer(passkeyView(texts.createPasskey), said);
        if (challenge.isStale()) challenge = await ask();
        proof = { passkey: await createPasskey(scene, challenge.publicKey!) };
      }
      dialog.work(texts.working);
      const named = name ? { name } : {};
      return await service.answer<RegisteredFactor>(PATH, challenge, { ...proof, ...named });
    } catch (failure) {
      error = failure;
      // A mistyped code leaves the key as it is; any other answer uses its challenge up.
      const isMistyped = kind === "totp" && failure instanceof Refusal &&
        failure.code === "proof_refused";
      if (!isMistyped && !(failure instanceof NoPasskey)) challenge = await ask();
    }
  }
}

/** Drawn by a file of its own, so that only those who register an app load it. */
async function qrOf(origin: string, uri: string) {
  const { qrPath }: typeof import("./qr.ts") = await import(`${origin}/step-up-qr.js`);
  return qrPath(uri);
}
