/**
 * Loading and committing a session. One commit writes the checkpoint, what was learned, the session's
 * record, its alert and the bell together, so that an acknowledged frame has had all of its effects
 * or none.
 */
import { GaitkeeperError } from "../error.ts";
import type { Course } from "../course.ts";
import { createProfile, learnFrom, type Lesson } from "../profile.ts";
import { MODALITIES, type Modality } from "../window.ts";
import { type SessionSettings, sessionSettings } from "../tenant.ts";
import { type Checkpoint, openCheckpoint, sealCheckpoint } from "./checkpoint.ts";
import { getConsent, requireConsent } from "./consents.ts";
import { setCourse } from "./courses.ts";
import {
  alertKey,
  bellKey,
  checkpointKey,
  consentKey,
  glanceKey,
  profileKey,
  seenKey,
  sessionKey,
  subjectAlertKey,
  subjectDataKeyKey,
  subjectSessionKey,
  unansweredKey,
} from "./keys.ts";
import { getProfile, sealProfile, type StoredProfile } from "./profiles.ts";
import { GLANCE_LIFE_MS, glanceOf } from "./glances.ts";
import { addNotice, createNotice } from "./notices.ts";
import { getSeen } from "./seen.ts";
import { getSketches, rebaseSketches, setSketches, type StoredSketches } from "./sketches.ts";
import { getTenant } from "./tenants.ts";
import { getUnanswered, setUnanswered, type Unanswered } from "./unanswered.ts";
import { deleteVersions, prepareVersion, versionReason } from "./versions.ts";
import type { DataKey, Vault } from "./vault.ts";
import type { AlertRecord, SessionRecord } from "./sessions.ts";

/** A session that was silent this long is over, and so is its open window. */
export const CHECKPOINT_LIFE_MS = 24 * 3600_000;

const DAY_MS = 24 * 3600_000;

/** What is stored of a session and its subject. */
export interface StoredSession {
  readonly checkpoint: Checkpoint | undefined;
  /** To be checked by the next commit; `null` before the first. */
  readonly versionstamp: string | null;
  readonly profiles: Readonly<Record<Modality, StoredProfile>>;
  /** None of a recording that dev plays, once it was committed. */
  readonly sketches: StoredSketches | undefined;
  /** Seals what is written; its row is made by the first commit and checked by every one. */
  readonly dataKey: DataKey;
  /** Of the consent that the session rests on, to be checked by every commit. */
  readonly consent: string | null;
  readonly settings: SessionSettings;
  /** A step-up that was asked of the subject, in this session or another. */
  readonly unanswered: Unanswered | undefined;
}

/** Versions of the models in use, by modality. */
export type ModelVersions = Readonly<Record<Modality, string>>;

/** Where a session is read from. */
export interface SessionSource {
  readonly kv: Deno.Kv;
  readonly vault: Vault;
  /**
   * Recordings of people who agreed elsewhere: there is no tenant to ask, and no consent on record.
   * Never of a live stream.
   */
  readonly withoutTenant?: SessionSettings | undefined;
}

/**
 * @throws {GaitkeeperError} `ticket_invalid` when the session belongs to another subject,
 *   `consent_missing` when no consent of the subject stands, `paused` while they want no watching.
 */
export async function loadSession(
  { kv, vault, withoutTenant }: SessionSource,
  { tenant, subject, session }: { tenant: string; subject: string; session: string },
  versions: ModelVersions,
  nowMs: number,
): Promise<StoredSession> {
  const dataKey = await vault.dataKey(kv, tenant, subject);
  const [settings, consent, seen, unanswered, entry, sketches, ...profiles] = await Promise.all([
    withoutTenant ?? getTenant(kv, tenant).then((found) => sessionSettings(found)),
    getConsent(kv, tenant, subject),
    getSeen(kv, tenant, subject),
    getUnanswered(kv, tenant, subject, nowMs),
    kv.get(checkpointKey(tenant, session)),
    getSketches(kv, dataKey, nowMs),
    getProfile(kv, dataKey, "keyboard", versions.keyboard),
    getProfile(kv, dataKey, "pointer", versions.pointer),
  ]);
  if (!withoutTenant) requireConsent(consent, nowMs);
  const found = await openCheckpoint(dataKey, session, entry.value);
  const checkpoint = found && found.expiresAtMs > nowMs ? found : undefined;
  const isIdle = nowMs - seen > DAY_MS * settings.retention.idleProfiles;
  const [keyboard, pointer] = isIdle ? profiles.map(withoutProfile) : profiles;
  return {
    checkpoint,
    versionstamp: entry.versionstamp,
    profiles: { keyboard: keyboard!, pointer: pointer! },
    sketches,
    dataKey,
    consent: consent.versionstamp,
    settings,
    unanswered,
  };
}

/** Past its time a profile is as if it were not there; what is learned next replaces it. */
function withoutProfile({ versionstamp, latest }: StoredProfile): StoredProfile {
  return { profile: undefined, versionstamp, latest, isPast: true };
}

/** Everything one commit writes. */
export interface SessionCommit {
  readonly tenant: string;
  readonly versions: ModelVersions;
  readonly checkpoint: Checkpoint;
  readonly versionstamp: string | null;
  readonly dataKey: DataKey;
  readonly consent: string | null;
  readonly record: SessionRecord;
  /** How it went so far; none of what tells nothing of the tenant's subjects. */
  readonly course?: Course | undefined;
  readonly alert: AlertRecord | undefined;
  /** How long an alert's step-up is carried on to other sessions. */
  readonly carryMs: number;
  /** A step-up was passed: none is carried on any more. */
  readonly isVerified: boolean;
  readonly profiles: Readonly<Record<Modality, StoredProfile>>;
  /** With what waits to be stored; none of a recording that dev plays. */
  readonly sketches?: { readonly stored: StoredSketches; readonly keptDays: number } | undefined;
  /** Windows learned since the last commit, with the seed of a profile that these begin. */
  readonly learned: Readonly<Record<Modality, readonly Lesson[]>>;
  readonly seed: number;
  /** Sessions that a ready profile must be spread over. */
  readonly sessions: number;
}

/** The version of a session's checkpoint; `null` while there is none. */
export async function checkpointStamp(
  kv: Deno.Kv,
  tenant: string,
  session: string,
): Promise<string | null> {
  return (await kv.get(checkpointKey(tenant, session))).versionstamp;
}

/** What a commit left in the store. */
export interface CommittedSession {
  readonly sketches: StoredSketches | undefined;
  readonly versionstamp: string;
  readonly dataKey: DataKey;
  readonly consent: string | null;
  readonly profiles: Readonly<Record<Modality, StoredProfile>>;
}

const PROFILE_RACES = 12;

/**
 * Commits. When another session of the subject has changed a profile meanwhile, or it was rolled back,
 * what was learned here since the last commit is learned again on top of it; a session that learned
 * nothing takes it up as well.
 * @throws {GaitkeeperError} `session_superseded` when another process went on with this session, or
 *   the subject was erased,
 *   `consent_missing` when the subject has withdrawn, `paused` when they paused, `store_conflict` when
 *   profiles kept changing.
 */
export async function commitSession(
  source: SessionSource,
  commit: SessionCommit,
): Promise<CommittedSession> {
  const { kv } = source;
  const { tenant, checkpoint, record, alert, versions, learned } = commit;
  const { subject, session } = record;
  let { profiles, consent, dataKey } = commit;
  let sketches = commit.sketches?.stored;
  for (let race = 0; race < PROFILE_RACES; race++) {
    const checkpointAt = checkpointKey(tenant, session);
    const dataKeyAt = subjectDataKeyKey(tenant, subject);
    const sealed = await sealCheckpoint(dataKey, session, checkpoint);
    const atomic = kv.atomic()
      .check({ key: checkpointAt, versionstamp: commit.versionstamp })
      // What a subject has withdrawn from is written no more, by whichever process.
      .check({ key: consentKey(tenant, subject), versionstamp: consent })
      .check({ key: dataKeyAt, versionstamp: dataKey.versionstamp })
      .set(checkpointAt, sealed, { expireIn: checkpoint.expiresAtMs - record.updatedAtMs })
      .set(sessionKey(tenant, session), record, {
        expireIn: record.expiresAtMs - record.updatedAtMs,
      })
      .set(glanceKey(tenant, session), glanceOf(record), { expireIn: GLANCE_LIFE_MS })
      .set(bellKey(tenant), record.updatedAtMs);
    if (dataKey.versionstamp === null) atomic.set(dataKeyAt, dataKey.row);
    if (commit.versionstamp === null) {
      atomic.set(subjectSessionKey(tenant, subject, session), 1)
        .set(seenKey(tenant, subject), record.updatedAtMs);
    }
    if (commit.course) setCourse(atomic, tenant, record, commit.course);
    if (commit.isVerified) atomic.delete(unansweredKey(tenant, subject));
    if (alert) {
      atomic.set(subjectAlertKey(tenant, subject, alert.id), 1);
      const asked = { alert: alert.id, session, atMs: record.updatedAtMs };
      setUnanswered(atomic, { tenant, subject }, asked, commit.carryMs);
      atomic.set(alertKey(tenant, alert.id), alert, { expireIn: alert.expiresAtMs - alert.atMs });
    }
    const updated: Partial<Record<Modality, Omit<StoredProfile, "versionstamp">>> = {};
    for (const modality of MODALITIES) {
      const { profile: before, versionstamp, latest, isPast } = profiles[modality];
      const key = profileKey(tenant, subject, modality);
      // What was learned by a profile that was rolled back since, only the step-up still speaks for.
      const { profile: knew } = commit.profiles[modality];
      const isRolledBack = (before?.rollbacks ?? 0) !== (knew?.rollbacks ?? 0);
      const lessons = learned[modality].filter(({ vouched }) => !isRolledBack || vouched);
      const start = before ?? createProfile(modality, versions[modality], commit.seed);
      const profile = lessons.reduce(learnFrom(session), start);
      if (profile === start) {
        // What was read again a moment ago need not be the newest as well.
        if (race === 0) atomic.check({ key, versionstamp });
        continue;
      }
      const atMs = record.updatedAtMs;
      const change = { before, profile, lessons, latest, sessions: commit.sessions, atMs };
      const reason = versionReason(change);
      if (reason === "enrolled") {
        const what = { kind: "profile_ready", subject, modality } as const;
        addNotice(atomic, tenant, createNotice({ ...what, atMs }));
      }
      if (isPast && latest) deleteVersions(atomic, dataKey, modality, latest);
      const version = reason && await prepareVersion(dataKey, profile, latest, { reason, atMs });
      version?.write(atomic);
      const mark = version?.latest ?? latest;
      updated[modality] = { profile, latest: mark };
      atomic.check({ key, versionstamp }).set(key, await sealProfile(dataKey, profile, mark));
    }
    const stored = sketches && await setSketches(atomic, sketches, {
      ...{ dataKey, session, streams: checkpoint.streams },
      ...{ nowMs: record.updatedAtMs, keptDays: commit.sketches!.keptDays },
    });
    const result = await atomic.commit();
    if (result.ok) {
      const { versionstamp } = result;
      if (dataKey.versionstamp === null) dataKey = { ...dataKey, versionstamp };
      const profilesNow = after(profiles, updated, result);
      const sketchesNow = stored?.(versionstamp);
      return { versionstamp, consent, dataKey, profiles: profilesNow, sketches: sketchesNow };
    }

    const now = await loadSession(
      source,
      { tenant, subject, session },
      versions,
      record.updatedAtMs,
    );
    const { versionstamp } = commit.dataKey;
    const isErased = versionstamp !== null && versionstamp !== now.dataKey.versionstamp;
    // What was known of a subject who was erased must not come back with one who is new.
    if (isErased || now.versionstamp !== commit.versionstamp) {
      throw new GaitkeeperError(
        "session_superseded",
        "Cannot commit session: another connection has gone on with it",
      );
    }
    ({ profiles, consent, dataKey } = now);
    sketches &&= now.sketches && rebaseSketches(sketches, now.sketches);
  }
  throw new GaitkeeperError("store_conflict", "Cannot commit session: its profile keeps changing");
}

function after(
  profiles: SessionCommit["profiles"],
  updated: Partial<Record<Modality, Omit<StoredProfile, "versionstamp">>>,
  { versionstamp }: Deno.KvCommitResult,
): CommittedSession["profiles"] {
  const one = (modality: Modality): StoredProfile => {
    const written = updated[modality];
    return written ? { ...written, versionstamp } : profiles[modality];
  };
  return { keyboard: one("keyboard"), pointer: one("pointer") };
}
