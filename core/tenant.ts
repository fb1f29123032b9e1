/** A tenant: a site that uses the service, with what it decided for itself. */
import { z } from "zod";
import { type BeliefPolicy, DEFAULT_BELIEF_POLICY } from "./belief.ts";
import { DEFAULT_DECISION_POLICY } from "./decision.ts";
import { DEFAULT_RISK_POLICY } from "./risk.ts";

/** Short enough for every key of the store, and safe in a path. */
export const TenantId = z.string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, "must be 1 to 40 of a-z, 0-9 and -");

/** Serialised origin (RFC 6454, section 6.1), so that origins can be compared as they stand. */
export const Origin = z.string().max(256).refine(isOrigin, {
  message: "must be an origin such as https://www.example, without a path",
});

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === text &&
    !url.hostname.includes("*");
}

const Band = z.strictObject({
  /** Risk, 0 to 100, at which the level is entered, and below which it is left again. */
  enter: z.number().min(0).max(100),
  leave: z.number().min(0).max(100),
});
const Confidence = z.number().min(0).max(1);
const MINUTE_MS = 60_000;

/** Thresholds, prior, forgetting, and what may be done at which confidence. */
export const TenantPolicy = z.strictObject({
  levels: z.strictObject({ elevated: Band, high: Band, critical: Band }),
  stepUpConfidence: Confidence,
  /** `null` never blocks on behaviour alone. */
  blockConfidence: Confidence.nullable(),
  /** P(someone else) before any evidence. */
  prior: z.number().min(0.0001).max(0.5),
  /** Without new input the evidence halves in this time. */
  halfLifeMs: z.number().int().min(MINUTE_MS).max(24 * 60 * MINUTE_MS),
  /** Decide, record and alert, but ask nothing of anybody: pages are told `allow`. */
  shadow: z.boolean(),
}).refine(({ levels: { elevated, high, critical } }) => {
  const rising = [elevated, high, critical];
  return rising.every(({ enter, leave }) => leave < enter) &&
    elevated.enter < high.enter && high.enter < critical.enter;
}, { message: "levels must rise from elevated to critical, and each leave below its enter" });
export type TenantPolicy = z.infer<typeof TenantPolicy>;

const Days = z.number().int().min(1).max(3650);

/** How long what is kept may be read, days; what is past it is invisible, swept or not. */
export const Retention = z.strictObject({
  sessions: Days,
  alerts: Days,
  /** Profiles of subjects who have not been seen for so long. */
  idleProfiles: Days,
});
export type Retention = z.infer<typeof Retention>;

/** What has to be true before a subject is learned. */
export const Enrolment = z.strictObject({
  /** Sessions over which the windows of a ready profile must be spread. */
  sessions: z.number().int().min(1).max(5),
  /** A ticket must carry one of {@linkcode TenantSettings.strongAcr} for its session to enrol. */
  strong: z.boolean(),
});
export type Enrolment = z.infer<typeof Enrolment>;

/** What bounds a leaked key: how many subjects there may be, and how many new ones a day. */
export const Quota = z.strictObject({
  subjects: z.number().int().min(1).max(10_000_000),
  newSubjectsADay: z.number().int().min(1).max(1_000_000),
});
export type Quota = z.infer<typeof Quota>;

/** What a step-up here is worth. */
const StepUp = z.strictObject({
  /** How long a passed one elevates the session. */
  elevationMs: z.number().int().min(MINUTE_MS).max(24 * 60 * MINUTE_MS),
  /** How long one that was not passed is asked again in the subject's next sessions; 0 is never. */
  carryMs: z.number().int().min(0).max(30 * 24 * 60 * MINUTE_MS),
  /** What passkeys are bound to (WebAuthn RP ID): a registrable suffix of the pages' host; else that host. */
  rpId: z.string().max(253).nullable(),
});

/** What a tenant's owner may change. */
export const TenantSettings = z.strictObject({
  name: z.string().min(1).max(120),
  /** Pages that may open streams, beside this service's own. */
  origins: z.array(Origin).max(100),
  policy: TenantPolicy,
  retention: Retention,
  enrolment: Enrolment,
  /** Authentication context classes that count as a strong sign-in (RFC 9470 `acr`). */
  strongAcr: z.array(z.string().min(1).max(256)).max(20),
  quota: Quota,
  stepUp: StepUp,
});
export type TenantSettings = z.infer<typeof TenantSettings>;

/** What is named is replaced as a whole. */
export const TenantChange = TenantSettings.partial();
export type TenantChange = z.infer<typeof TenantChange>;

/** A policy as it was stored; before there was a shadow mode nobody was in it. */
export const StoredPolicy = z.preprocess(
  (policy) => policy instanceof Object ? { shadow: false, ...policy } : policy,
  TenantPolicy,
);

/** A tenant as it is stored. */
export const Tenant = TenantSettings.extend({
  version: z.literal(1),
  id: TenantId,
  createdAtMs: z.number(),
  policy: StoredPolicy,
});
export type Tenant = z.infer<typeof Tenant>;

/** What a tenant begins with. */
export const DEFAULT_TENANT_SETTINGS: Omit<TenantSettings, "name"> = {
  origins: [],
  policy: {
    levels: DEFAULT_DECISION_POLICY.levels,
    stepUpConfidence: DEFAULT_DECISION_POLICY.stepUpConfidence,
    blockConfidence: DEFAULT_DECISION_POLICY.blockConfidence,
    prior: DEFAULT_RISK_POLICY.prior,
    halfLifeMs: DEFAULT_RISK_POLICY.halfLifeMs,
    shadow: false,
  },
  retention: { sessions: 30, alerts: 30, idleProfiles: 180 },
  enrolment: { sessions: 2, strong: false },
  // NIST SP 800-63B levels, and OpenID's phishing-resistant classes.
  strongAcr: ["aal2", "aal3", "phr", "phrh"],
  quota: { subjects: 100_000, newSubjectsADay: 5000 },
  stepUp: { elevationMs: 15 * MINUTE_MS, carryMs: 24 * 60 * MINUTE_MS, rpId: null },
};

/** What a session goes by. */
export interface SessionSettings {
  readonly policy: BeliefPolicy;
  readonly enrolment: Enrolment;
  readonly retention: Retention;
  readonly strongAcr: readonly string[];
  /** See {@linkcode TenantSettings}. */
  readonly carryMs: number;
}

/** What recordings go by that were made in one sitting, and belong to no tenant. */
export const recordingSettings = (): SessionSettings =>
  sessionSettings({
    ...DEFAULT_TENANT_SETTINGS,
    enrolment: { ...DEFAULT_TENANT_SETTINGS.enrolment, sessions: 1 },
  });

/** What a tenant's settings, or the default ones, mean to a session. */
export function sessionSettings(
  settings: Omit<TenantSettings, "name"> = DEFAULT_TENANT_SETTINGS,
): SessionSettings {
  const { policy, enrolment, retention, strongAcr, stepUp: { carryMs } } = settings;
  const { prior, halfLifeMs, shadow, ...decision } = policy;
  const risk = { ...DEFAULT_BELIEF_POLICY.risk, prior, halfLifeMs };
  return { policy: { risk, decision, shadow }, enrolment, retention, strongAcr, carryMs };
}
