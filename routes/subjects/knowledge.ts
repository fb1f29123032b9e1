/** What is known of a subject, as their pages tell it. */
import { GaitkeeperError } from "../../core/error.ts";
import { type Portrait, portraitOf } from "../../core/portrait.ts";
import {
  type Missing,
  type Profile,
  PROFILE_SIZE,
  sessionsOf,
  stageOf,
} from "../../core/profile.ts";
import type { Stage } from "../../core/profile.ts";
import { type Consent, getConsent } from "../../core/store/consents.ts";
import { type Factor, listFactors } from "../../core/store/factors.ts";
import { getSubjectActivity, type SubjectActivity } from "../../core/store/subject_activity.ts";
import { isKnownSubject } from "../../core/store/subject_list.ts";
import { subjectDataKeyKey } from "../../core/store/keys.ts";
import { getTemplate, type TemplateVersion } from "../../core/store/versions.ts";
import type { Tenant } from "../../core/tenant.ts";
import type { Modality } from "../../core/window.ts";
import type { AppDeps } from "../deps.ts";
import { sourceOf } from "./template_source.ts";

export interface ModalityKnowledge {
  readonly modality: Modality;
  readonly stage: Stage;
  /** Windows learned, ever. */
  readonly learned: number;
  /** Windows that are kept of those. */
  readonly kept: number;
  /** About what is missing until it is ready. */
  readonly missing: Missing | undefined;
  /** End of the oldest window that is kept, ms, by the clock of the page that it came from. */
  readonly sinceMs: number | undefined;
  /** Newest first. */
  readonly versions: readonly TemplateVersion[];
  /** There are versions, and all of them are of other models than those in use. */
  readonly isOutdated: boolean;
  readonly portrait: Portrait;
}

export interface SubjectKnowledge extends SubjectActivity {
  readonly subject: string;
  readonly consent: Consent | undefined;
  readonly factors: readonly Factor[];
  /** `undefined` where profiles cannot be read. */
  readonly modalities: Readonly<Record<Modality, ModalityKnowledge>> | undefined;
  /** What is sealed was altered, moved, or sealed under another key; else the models are missing. */
  readonly isUnreadable: boolean;
}

type KnowledgeDeps = Pick<AppDeps, "kv" | "vault" | "models" | "nowMs" | "windows">;

/**
 * What cannot be opened is told as such, so that it can still be erased.
 * @throws {GaitkeeperError} `not_found` for who is nobody in this tenant.
 */
export async function readKnowledge(
  deps: KnowledgeDeps,
  tenant: Tenant,
  subject: string,
): Promise<SubjectKnowledge> {
  const { kv, nowMs } = deps;
  if (!await isKnownSubject(kv, tenant.id, subject)) {
    throw new GaitkeeperError("not_found", "Cannot show subject: there is nothing of this id");
  }
  const sealed = Promise.all([
    readFactors(deps, tenant.id, subject),
    readModalities(deps, tenant, subject),
  ]).catch((error) => {
    if (error instanceof GaitkeeperError && error.code === "template_unreadable") return undefined;
    throw error;
  });
  const [{ consent }, activity, opened] = await Promise.all([
    getConsent(kv, tenant.id, subject),
    getSubjectActivity(kv, tenant.id, subject, nowMs()),
    sealed,
  ]);
  const [factors, modalities] = opened ?? [[], undefined];
  return { subject, consent, ...activity, factors, modalities, isUnreadable: !opened };
}

async function readFactors({ kv, vault }: KnowledgeDeps, tenant: string, subject: string) {
  // Only who has something sealed has a key to open it with.
  if ((await kv.get(subjectDataKeyKey(tenant, subject))).versionstamp === null) return [];
  const factors = await listFactors(kv, await vault.dataKey(kv, tenant, subject));
  return factors.map(({ factor }) => factor);
}

async function readModalities(
  deps: KnowledgeDeps,
  tenant: Tenant,
  subject: string,
): Promise<SubjectKnowledge["modalities"]> {
  const models = await deps.models.catch(() => undefined);
  if (!models) return undefined;
  const read = async (modality: Modality): Promise<ModalityKnowledge> => {
    const template = await getTemplate(await sourceOf(deps, tenant, subject, modality));
    const { profile, versions = [] } = template ?? {};
    const { sessions } = tenant.enrolment;
    return {
      modality,
      stage: profile ? stageOf(profile, sessions) : "cold",
      learned: profile?.learned ?? 0,
      kept: profile?.references.length ?? 0,
      missing: missingOf(deps, modality, profile, sessions),
      sinceMs: profile?.references.length
        ? Math.min(...profile.references.map(({ endMs }) => endMs))
        : undefined,
      versions,
      isOutdated: template !== undefined && !profile,
      portrait: profile ? portraitOf(profile, models[modality].features) : new Map(),
    };
  };
  const [keyboard, pointer] = await Promise.all([read("keyboard"), read("pointer")]);
  return { keyboard, pointer };
}

/** A window more for each that is missing, a first one being longer; then sessions to spread them over. */
function missingOf(
  { windows }: KnowledgeDeps,
  modality: Modality,
  profile: Profile | undefined,
  sessions: number,
): Missing | undefined {
  if (profile && stageOf(profile, sessions) === "ready") return undefined;
  const learned = profile?.learned ?? 0;
  const left = PROFILE_SIZE[modality].ready - learned;
  if (left <= 0) {
    return { amount: Math.max(1, sessions - sessionsOf(profile!)), unit: "sessions" };
  }
  const { keyboard: { least, hop }, pointer: { activeMs, hopMs } } = windows;
  if (modality === "keyboard") {
    return { amount: learned ? left * hop : least + (left - 1) * hop, unit: "strokes" };
  }
  const ms = learned ? left * hopMs : activeMs + (left - 1) * hopMs;
  return { amount: Math.ceil(ms / 1000), unit: "seconds of movement" };
}
