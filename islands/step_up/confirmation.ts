/** A step-up: passkey first, code second, until one is right. */
import type { PublicKeyCredentialRequestOptionsJSON } from "@simplewebauthn/browser";
import { asked, browserSupportsWebAuthn, NoPasskey, usePasskey, wordsOf } from "./ceremony.ts";
import type { Scene } from "./ceremony.ts";
import { Refusal } from "./service.ts";
import type { Passed } from "./step_up.d.ts";
import { codeView, endView, passkeyView } from "./views.ts";

const PATH = "/v1/step-up";

type Method = "passkey" | "totp";
interface Asked {
  readonly methods: readonly Method[];
  readonly publicKey?: PublicKeyCredentialRequestOptionsJSON;
}

/** Resolves once a proof was right; never, where the person leaves before. */
export async function confirmed(scene: Scene): Promise<Passed> {
  const { dialog, service, texts } = scene;
  const ask = () => asked(scene, () => service.ask<Asked>(PATH));
  let challenge = await ask();
  let method: Method | undefined;
  let error: unknown;
  for (;;) {
    const methods = challenge.methods.filter((name) =>
      name !== "passkey" || browserSupportsWebAuthn()
    );
    if (!method || !methods.includes(method)) method = methods[0];
    if (!method) {
      service.onProblem({ code: "passkey_unsupported" });
      return await dialog.answer(endView(dialog), texts.passkeyUnsupported);
    }
    const words = error ? proofWords(scene, error, method) : "";
    const other = methods.find((name) => name !== method);
    const otherWords = other && (other === "totp" ? texts.useCodeInstead : texts.usePasskeyInstead);
    const isWrong = !!error;
    const view = method === "passkey"
      ? passkeyView(texts.usePasskey, otherWords)
      : codeView(dialog, { submit: texts.confirm, other: otherWords, isWrong });
    const { isOther, code } = await dialog.answer(view, words);
    error = undefined;
    if (isOther) {
      method = other;
      continue;
    }
    try {
      if (challenge.isStale()) challenge = await ask();
      const proof = method === "totp"
        ? { totp: code }
        : { passkey: await usePasskey(scene, challenge.publicKey!) };
      dialog.work(texts.working);
      return await service.answer<Passed>(PATH, challenge, proof);
    } catch (refusal) {
      error = refusal;
      if (!(refusal instanceof NoPasskey)) challenge = await ask();
    }
  }
}

function proofWords({ texts }: Scene, error: unknown, method: Method): string {
  const isRefused = error instanceof Refusal && error.code === "proof_refused";
  if (!isRefused) return wordsOf(texts, error);
  return method === "totp" ? texts.codeRefused : texts.passkeyRefused;
}
