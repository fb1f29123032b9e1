/** `/v1/factors`: a subject registers what they can prove themselves with; their site lists and removes. */
import { ulid } from "@std/ulid";
import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { z } from "zod";
import { GaitkeeperError } from "../core/error.ts";
import {
  type Challenge,
  createChallenge,
  findChallenge,
  forgiveFailures,
  useChallenge,
} from "../core/store/challenges.ts";
import { getConsent, requireConsent } from "../core/store/consents.ts";
import { type Factor, FACTORS_LIMIT, listFactors, putFactor } from "../core/store/factors.ts";
import { factorKey, subjectDataKeyKey } from "../core/store/keys.ts";
import { getSession } from "../core/store/sessions.ts";
import { getTenant } from "../core/store/tenants.ts";
import type { Ticket } from "../core/store/tickets.ts";
import { openValue, sealValue } from "../core/store/vault.ts";
import type { Tenant } from "../core/tenant.ts";
import type { AppDeps } from "./deps.ts";
import { says } from "./described.ts";
import { creationOptions, registered, rpIdOf } from "./factors/passkeys.ts";
import { actBy, CREDENTIALS, requirePermission } from "./middleware/principal.ts";
import { openToPages, requireOrigin, ticketOf } from "./middleware/site_page.ts";
import { matchingStep, newTotpSecret, totpUri } from "./operators/totp.ts";
import { problemResponse } from "./problem.ts";
import { OpaqueId, SubjectPath, validated } from "./validation.ts";

const Kind = z.enum(["passkey", "totp"]);
const FactorRequest = z.strictObject({
  ticket: z.string().max(128).meta({ description: "A new one, with a strong `acr`" }),
  kind: Kind,
});
const AskedResponse = z.object({
  challenge: z.string(),
  publicKey: z.unknown().optional()
    .meta({ description: "PublicKeyCredentialCreationOptionsJSON, for a passkey" }),
  secret: z.string().optional().meta({ description: "Base32, for an authenticator app" }),
  uri: z.string().optional().meta({ description: "The same as an otpauth URI, to be shown as QR" }),
  expiresAt: z.iso.datetime(),
});
const ChallengePath = z.object({ challenge: z.string().max(64) });
const Name = z.string().min(1).max(60).optional();
const Registration = z.union([
  z.strictObject({ passkey: z.looseObject({ id: z.string().max(1400) }), name: Name }),
  z.strictObject({ totp: z.string().max(16), name: Name }),
]);
const FactorResponse = z.object({
  id: z.string(),
  kind: Kind,
  name: z.string(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().optional(),
});
const FactorsResponse = z.object({ factors: z.array(FactorResponse) });
const FactorPath = SubjectPath.extend({ factor: OpaqueId });

const DEFAULT_NAMES = { passkey: "Passkey", totp: "Authenticator app" } as const;
/** Kind of the row under which a TOTP secret waits for its first code. */
const WAITING = "factor to be";

export function createFactors(deps: AppDeps) {
  const { kv, nowMs, vault } = deps;
  return new Hono()
    .use("/v1/factors/*", openToPages())
    .post(
      "/v1/factors",
      describeRoute({
        summary: "Ask to register a factor",
        description:
          "From a page of the ticket's origin, soon after a strong sign-in that the ticket's `acr` tells of.",
        ...says("What to register", AskedResponse, { status: 201, security: [] }),
      }),
      validated("json", FactorRequest),
      async (c) => {
        const { ticket: secret, kind } = c.req.valid("json");
        const ticket = await ticketOf(deps, c, secret);
        const { tenant: id, subject, session, origin } = ticket;
        requireConsent(await getConsent(kv, id, subject), deps.nowMs());
        const tenant = (await getTenant(kv, id))!;
        await requireStrong(deps, tenant, ticket);
        const dataKey = await keptDataKey(deps, id, subject);
        const factors = await listFactors(kv, dataKey);
        if (factors.length >= FACTORS_LIMIT) throw tooMany();
        const asked = { purpose: kind, tenant: id, subject, session, origin };
        if (kind === "totp") {
          const totpSecret = newTotpSecret();
          const sealed = await sealValue(dataKey, WAITING, { secret: totpSecret });
          const made = await createChallenge(kv, { ...asked, sealed }, nowMs());
          const uri = totpUri(totpSecret, tenant.name);
          return c.json({ ...told(made), secret: totpSecret, uri }, 201);
        }
        const made = await createChallenge(kv, asked, nowMs());
        const ceremony = {
          challenge: made.id,
          origin,
          rpId: rpIdOf(origin, tenant.stepUp.rpId),
        };
        const publicKey = await creationOptions(ceremony, {
          handle: await deps.audit.pseudonymOf(id, subject),
          site: tenant.name,
          passkeys: factors.flatMap(({ factor: { proof } }) =>
            proof.kind === "passkey" ? [proof] : []
          ),
        });
        return c.json({ ...told(made), publicKey }, 201);
      },
    )
    .post(
      "/v1/factors/:challenge",
      describeRoute({
        summary: "Register a factor",
        ...says("Registered", FactorResponse, { status: 201, security: [] }),
      }),
      validated("param", ChallengePath),
      validated("json", Registration),
      async (c) => {
        const id = c.req.valid("param").challenge;
        const body = c.req.valid("json");
        const found = await findChallenge(kv, id, nowMs());
        requireOrigin(c, found.origin);
        const kind = "passkey" in body ? "passkey" : "totp";
        if (found.purpose !== kind) throw wrongChallenge();
        // The page was shown the secret: a mistyped code gives nothing away, and costs no new one.
        if (kind === "totp" && !await proven(deps, found, id, body)) throw refused();
        const { challenge } = await useChallenge(kv, id, nowMs());
        const proof = await proven(deps, challenge, id, body);
        if (!proof) throw refused();
        const atMs = nowMs();
        const factor: Factor = {
          version: 1,
          id: ulid(atMs) as string,
          name: body.name ?? DEFAULT_NAMES[kind],
          createdAtMs: atMs,
          proof,
        };
        const { tenant, subject } = challenge;
        const dataKey = await vault.dataKey(kv, tenant, subject);
        const atomic = kv.atomic();
        await putFactor(atomic, dataKey, factor, null);
        if (!(await forgiveFailures(atomic, challenge).commit()).ok) throw refused();
        return c.json(factorResponse(factor), 201);
      },
    )
    .get(
      "/v1/subjects/:subject/factors",
      describeRoute({
        summary: "List a subject's factors",
        ...says("Oldest first; nothing of what they prove by", FactorsResponse),
      }),
      requirePermission(deps, "subjects:read"),
      validated("param", SubjectPath),
      async (c) => {
        const { subject } = c.req.valid("param");
        const dataKey = await vault.dataKey(kv, c.var.principal.tenant.id, subject);
        const factors = await listFactors(kv, dataKey);
        return c.json({ factors: factors.map(({ factor }) => factorResponse(factor)) });
      },
    )
    .delete(
      "/v1/subjects/:subject/factors/:factor",
      describeRoute({
        summary: "Remove a factor",
        security: CREDENTIALS,
        responses: { 204: { description: "It proves nothing any more" }, ...problemResponse },
      }),
      requirePermission(deps, "subjects:write"),
      validated("param", FactorPath),
      async (c) => {
        const { subject, factor } = c.req.valid("param");
        const { id } = c.var.principal.tenant;
        const entry = await kv.get(factorKey(id, subject, factor));
        const act = {
          ...actBy(c),
          action: "factor.removed",
          target: { kind: "subject", id: subject },
          before: { factor },
        };
        const removed = entry.versionstamp !== null &&
          await deps.audit.record(id, act, (atomic) => atomic.check(entry).delete(entry.key));
        if (!removed) {
          throw new GaitkeeperError("not_found", "Cannot remove factor: there is none of this id");
        }
        return c.body(null, 204);
      },
    );
}

/**
 * Whoever registers a factor can prove themselves by it from then on, so it takes a strong sign-in, and
 * no doubt about who sits there.
 * @throws {GaitkeeperError} `acr_insufficient`
 */
async function requireStrong(
  { kv, nowMs }: AppDeps,
  { strongAcr }: Tenant,
  { tenant, session, acr }: Ticket,
): Promise<void> {
  const record = await getSession(kv, tenant, session, nowMs());
  const isDoubted = record !== undefined && record.action !== "allow";
  if (acr !== undefined && strongAcr.includes(acr) && !isDoubted) return;
  throw new GaitkeeperError(
    "acr_insufficient",
    "Cannot register factor: the ticket's acr must be one of the tenant's strongAcr, and its session not in doubt",
  );
}

/** The subject's data key, which a subject without a profile may not have yet. */
async function keptDataKey({ kv, vault }: AppDeps, tenant: string, subject: string) {
  const made = await vault.dataKey(kv, tenant, subject);
  if (made.versionstamp !== null) return made;
  const key = subjectDataKeyKey(tenant, subject);
  await kv.atomic().check({ key, versionstamp: null }).set(key, made.row).commit();
  return await vault.dataKey(kv, tenant, subject);
}

async function proven(
  { kv, nowMs, vault }: AppDeps,
  challenge: Challenge,
  id: string,
  body: z.infer<typeof Registration>,
): Promise<Factor["proof"] | undefined> {
  const { tenant, subject, origin, sealed } = challenge;
  if ("passkey" in body) {
    const rpId = rpIdOf(origin, (await getTenant(kv, tenant))!.stepUp.rpId);
    return await registered({ challenge: id, origin, rpId }, body.passkey);
  }
  const waiting = await openValue(await vault.dataKey(kv, tenant, subject), WAITING, sealed);
  const { secret } = z.object({ secret: z.string() }).parse(waiting);
  const lastStep = matchingStep(secret, body.totp, nowMs());
  return lastStep === undefined ? undefined : { kind: "totp", secret, lastStep };
}

function told({ id, expiresAtMs }: { readonly id: string; readonly expiresAtMs: number }) {
  return { challenge: id, expiresAt: new Date(expiresAtMs).toISOString() };
}

function factorResponse({ id, name, createdAtMs, lastUsedAtMs, proof }: Factor) {
  const time = (atMs: number) => new Date(atMs).toISOString();
  const used = lastUsedAtMs === undefined ? {} : { lastUsedAt: time(lastUsedAtMs) };
  return { id, kind: proof.kind, name, createdAt: time(createdAtMs), ...used };
}

function tooMany(): GaitkeeperError {
  return new GaitkeeperError(
    "request_invalid",
    `Cannot register factor: a subject must have fewer than ${FACTORS_LIMIT}`,
  );
}

function wrongChallenge(): GaitkeeperError {
  return new GaitkeeperError(
    "challenge_invalid",
    "Cannot take answer: its challenge must be one to register this kind of factor",
  );
}

function refused(): GaitkeeperError {
  return new GaitkeeperError(
    "proof_refused",
    "Cannot register factor: the answer must be what was asked for",
  );
}
