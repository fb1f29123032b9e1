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
import type { EnrolOptions, RegisteredFactor } from "./step_up.d.ts";
import { codeView, endView, keyViews, passkeyView } from "./views.ts";

const PATH = "/v1/factors";

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
    const isWrong = error instanceof Refusal && error.code === "proof_refused";
    const words = isWrong
      ? kind === "totp" ? texts.newKey : texts.passkeyRefused
      : error
      ? wordsOf(texts, error)
      : "";
    try {
      let proof;
      if (kind === "totp") {
        const { secret = "", uri = "" } = challenge;
        const above = keyViews(texts, { secret, uri }, qrOf(service.origin, uri));
        const view = codeView(dialog, { submit: texts.add, above, isWrong });
        proof = { totp: (await dialog.answer(view, words)).code };
      } else {
        await dialog.answer(passkeyView(texts.createPasskey), words);
        if (challenge.isStale()) challenge = await ask();
        proof = { passkey: await createPasskey(scene, challenge.publicKey!) };
      }
      dialog.work(texts.working);
      const named = name ? { name } : {};
      return await service.answer<RegisteredFactor>(PATH, challenge, { ...proof, ...named });
    } catch (refusal) {
      error = refusal;
      // An answer uses its challenge up, and a key with it.
      if (!(refusal instanceof NoPasskey)) challenge = await ask();
    }
  }
}

/** Drawn by a file of its own, so that only those who register an app load it. */
async function qrOf(origin: string, uri: string) {
  const { qrPath }: typeof import("./qr.ts") = await import(`${origin}/step-up-qr.js`);
  return qrPath(uri);
}
