/** `/v1/step-up`: a page of the site asks its person to prove who they are, and hears whether they did. */
import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { z } from "zod";
import type { Assurance } from "../core/assurance.ts";
import { GaitkeeperError } from "../core/error.ts";
import {
  type Challenge,
  createChallenge,
  findChallenge,
  forgiveFailures,
  FREE_FAILURES,
  refuseDelayed,
  useChallenge,
} from "../core/store/challenges.ts";
import { getConsent, requireConsent } from "../core/store/consents.ts";
import { type Factor, listFactors, putFactor, type StoredFactor } from "../core/store/factors.ts";
import { getSession } from "../core/store/sessions.ts";
import { getTenant } from "../core/store/tenants.ts";
import { blockSession, verifySession } from "../core/verification.ts";
import type { AppDeps } from "./deps.ts";
import { says } from "./described.ts";
import { type Passkey, requestOptions, rpIdOf, signed } from "./factors/passkeys.ts";
import { openToPages, requireOrigin, ticketOf } from "./middleware/site_page.ts";
import { matchingStep } from "./operators/totp.ts";
import { validated } from "./validation.ts";

const StepUpRequest = z.strictObject({
  ticket: z.string().max(128).meta({ description: "A new one; it is used up" }),
});
const StepUpResponse = z.object({
  challenge: z.string(),
  methods: z.array(z.enum(["passkey", "totp"])),
  publicKey: z.unknown().optional()
    .meta({ description: "PublicKeyCredentialRequestOptionsJSON, where there is a passkey" }),
  expiresAt: z.iso.datetime(),
});
const ChallengePath = z.object({ challenge: z.string().max(64) });
const Proof = z.union([
  z.strictObject({ passkey: z.looseObject({ id: z.string().max(1400) }) }),
  z.strictObject({ totp: z.string().max(16) }),
]);
const PassedResponse = z.object({
  session: z.string(),
  level: z.string(),
  action: z.string(),
  acr: z.string(),
  amr: z.array(z.string()),
  elevatedUntil: z.iso.datetime(),
});

/**
 * What a passed proof is worth: a passkey with user verification is phishing-resistant (OpenID EAP
 * ACR values), a code is one more factor; methods by RFC 8176.
 */
const WORTH: Readonly<Record<Factor["proof"]["kind"], Pick<Assurance, "acr" | "amr">>> = {
  passkey: { acr: "phr", amr: ["pop", "mfa"] },
  totp: { acr: "otp", amr: ["otp"] },
};

export function createStepUp(deps: AppDeps) {
  const { kv, nowMs, vault } = deps;
  return new Hono()
    .use("/v1/step-up/*", openToPages())
    .post(
      "/v1/step-up",
      describeRoute({
        summary: "Ask for a step-up",
        description: "From a page of the ticket's origin. One answer is taken, within two minutes.",
        ...says("What may be answered with", StepUpResponse, { status: 201, security: [] }),
      }),
      validated("json", StepUpRequest),
      async (c) => {
        const { tenant, subject, session, origin } = await ticketOf(
          deps,
          c,
          c.req.valid("json").ticket,
        );
        requireConsent(await getConsent(kv, tenant, subject), nowMs());
        await refuseDelayed(kv, { tenant, subject }, nowMs());
        const record = await getSession(kv, tenant, session, nowMs());
        if (!record || record.subject !== subject) throw noSession();
        const factors = await listFactors(kv, await vault.dataKey(kv, tenant, subject));
        if (!factors.length) throw noFactor();
        const { alert } = record;
        const purpose = "step_up" as const;
        const asked = { purpose, tenant, subject, session, origin, ...alert ? { alert } : {} };
        const { id, expiresAtMs } = await createChallenge(kv, asked, nowMs());
        const passkeys = factors.flatMap(({ factor: { proof } }) =>
          proof.kind === "passkey" ? [proof] : []
        );
        const rpId = rpIdOf(origin, (await getTenant(kv, tenant))!.stepUp.rpId);
        const publicKey = passkeys.length &&
          await requestOptions({ challenge: id, origin, rpId }, passkeys);
        return c.json({
          challenge: id,
          // Passkeys first: no page that is not the site's can ask for them.
          methods: (["passkey", "totp"] as const).filter((kind) =>
            factors.some(({ factor }) => factor.proof.kind === kind)
          ),
          ...publicKey ? { publicKey } : {},
          expiresAt: new Date(expiresAtMs).toISOString(),
        }, 201);
      },
    )
    .post(
      "/v1/step-up/:challenge",
      describeRoute({
        summary: "Answer a step-up",
        description:
          "The first answer counts. Five that are wrong block the session and cost a delay of 30 s, which doubles (`Retry-After`).",
        ...says("Passed: the session as it is now", PassedResponse, { security: [] }),
      }),
      validated("param", ChallengePath),
      validated("json", Proof),
      async (c) => {
        const id = c.req.valid("param").challenge;
        const found = await findChallenge(kv, id, nowMs());
        requireOrigin(c, found.origin);
        if (found.purpose !== "step_up") throw wrongChallenge();
        const { challenge, failures } = await useChallenge(kv, id, nowMs());
        const kind = await prove(deps, challenge, id, c.req.valid("json"));
        const which = { tenant: challenge.tenant, session: challenge.session };
        const models = await deps.models;
        if (!kind) {
          if (failures >= FREE_FAILURES) await blockSession({ ...deps, models }, which);
          throw refused();
        }
        const { elevationMs } = (await getTenant(kv, challenge.tenant))!.stepUp;
        const atMs = nowMs();
        const proof = { ...WORTH[kind], atMs, untilMs: atMs + elevationMs };
        const { level, action } = await verifySession({ ...deps, models }, which, proof);
        const elevatedUntil = new Date(proof.untilMs).toISOString();
        const { acr, amr } = proof;
        return c.json({ session: which.session, level, action, acr, amr, elevatedUntil });
      },
    );
}

/** The kind of the factor that the proof is of, written down as used; `undefined` for a wrong one. */
async function prove(
  { kv, vault, nowMs }: AppDeps,
  challenge: Challenge,
  id: string,
  proof: z.infer<typeof Proof>,
): Promise<Factor["proof"]["kind"] | undefined> {
  const { tenant, subject, origin } = challenge;
  const dataKey = await vault.dataKey(kv, tenant, subject);
  const rpId = rpIdOf(origin, (await getTenant(kv, tenant))!.stepUp.rpId);
  for (const { factor, versionstamp } of await listFactors(kv, dataKey)) {
    const used = "passkey" in proof
      ? await bySignature(factor, proof.passkey, { challenge: id, origin, rpId })
      : byCode(factor, proof.totp, nowMs());
    if (!used) continue;
    const after: Factor = { ...factor, lastUsedAtMs: nowMs(), proof: used };
    const atomic = kv.atomic();
    await putFactor(atomic, dataKey, after, versionstamp);
    // A code or a counter that was used meanwhile is used up.
    const { ok } = await forgiveFailures(atomic, challenge).commit();
    return ok ? used.kind : undefined;
  }
  return undefined;
}

async function bySignature(
  { proof }: Factor,
  response: { readonly id: string },
  ceremony: Parameters<typeof signed>[0],
): Promise<Passkey | undefined> {
  if (proof.kind !== "passkey" || proof.credential !== response.id) return undefined;
  return await signed(ceremony, response, proof);
}

function byCode({ proof }: StoredFactor["factor"], code: string, atMs: number) {
  if (proof.kind !== "totp") return undefined;
  const step = matchingStep(proof.secret, code, atMs);
  return step !== undefined && step > proof.lastStep ? { ...proof, lastStep: step } : undefined;
}

function noSession(): GaitkeeperError {
  return new GaitkeeperError(
    "session_not_found",
    "Cannot step up: the ticket's session must have begun",
  );
}

function noFactor(): GaitkeeperError {
  return new GaitkeeperError(
    "factor_missing",
    "Cannot step up: the subject must have registered a passkey or an authenticator app",
  );
}

function wrongChallenge(): GaitkeeperError {
  return new GaitkeeperError(
    "challenge_invalid",
    "Cannot take answer: its challenge must be one of a step-up",
  );
}

/** One sentence for all that may be wrong. */
function refused(): GaitkeeperError {
  return new GaitkeeperError(
    "proof_refused",
    "Cannot step up: the proof must be of one of the subject's factors, and new",
  );
}
