/**
 * Checkpoints: all that a live session needs to go on in another process. One commit writes the
 * checkpoint, what was learned, the session's record, its alert and the bell together, so that an
 * acknowledged frame has had all of its effects or none.
 */
import { z } from "zod";
import { GaitkeeperError } from "../error.ts";
import type { Observation } from "../models/detector.ts";
import type { ObserverRecord } from "../models/model_set.ts";
import { createProfile, learnFrom, type Profile, stageOf } from "../profile.ts";
import { decodeFrame, DEVICES, encodeFrame, type StreamEvent } from "../wire.ts";
import { MODALITIES, type Modality, type OpenWindow } from "../window.ts";
import { type SessionSettings, sessionSettings } from "../tenant.ts";
import { getConsent, requireConsent } from "./consents.ts";
import {
  alertKey,
  bellKey,
  checkpointKey,
  consentKey,
  profileKey,
  seenKey,
  sessionKey,
  subjectAlertKey,
  subjectSessionKey,
} from "./keys.ts";
import {
  fromBlock,
  getProfile,
  ObservationBlock,
  profileRecord,
  type StoredProfile,
  toBlock,
} from "./profiles.ts";
import { addNotice, createNotice } from "./notices.ts";
import { getSeen } from "./seen.ts";
import { getTenant } from "./tenants.ts";
import { ActionName, type AlertRecord, LevelName, type SessionRecord } from "./sessions.ts";

const Part = z.object({ words: z.string(), nats: z.number() });
const SourceState = z.object({
  parts: z.record(z.string(), Part),
  windows: z.number(),
  readiness: z.number(),
  atMs: z.number(),
});

const TrackRecord = z.object({
  /** The open window's events as one wire frame: timings and zones of at most one window. */
  open: z.instanceof(Uint8Array),
  sinceCut: z.number(),
  scored: z.number(),
  sinceLearned: z.number(),
  quarantine: ObservationBlock.optional(),
  confirmed: z.number().optional(),
  /** What the embedder carries from window to window. */
  observer: z.object({
    version: z.string(),
    carried: z.instanceof(Uint8Array),
    blocks: z.array(z.instanceof(Uint8Array)).readonly(),
  }).optional(),
});

/** The movement under way, as sums over its samples; the speed may not be known yet. */
const ReachRecord = z.object({
  startMs: z.number(),
  endMs: z.number(),
  samples: z.number(),
  lengthPx: z.number(),
  x: z.number(),
  y: z.number(),
  sumX: z.number(),
  sumY: z.number(),
  sumXX: z.number(),
  sumYY: z.number(),
  sumXY: z.number(),
  speeds: z.number(),
  sumSpeed: z.number(),
  sumSpeedSquare: z.number(),
  lastSpeed: z.number().or(z.nan()),
});

/** What the automation rules remember: of movements and clicks, that they were so or not. */
const WatchRecord = z.object({
  habits: z.record(
    z.string(),
    z.object({ times: z.array(z.boolean()).readonly(), fresh: z.number() }),
  ),
  apart: z.number(),
  hidden: z.array(z.tuple([z.number(), z.number()]).readonly()).readonly(),
  hiddenInputs: z.number(),
  releaseMs: z.number().optional(),
  device: z.enum(DEVICES).optional(),
  reach: ReachRecord.optional(),
  pressMs: z.number().optional(),
  travelPx: z.number(),
});

export const Checkpoint = z.object({
  version: z.literal(1),
  subject: z.string(),
  startedAtMs: z.number(),
  expiresAtMs: z.number(),
  /** `[stream, last applied sequence]`, most recent last. */
  streams: z.array(z.tuple([z.number(), z.number()])),
  keyboard: TrackRecord,
  pointer: TrackRecord,
  belief: z.object({
    risk: z.object({
      keyboard: SourceState.optional(),
      pointer: SourceState.optional(),
      automation: SourceState.optional(),
    }),
    decision: z.object({ level: LevelName, action: ActionName }),
    incident: z.object({ id: z.string(), atMs: z.number(), from: LevelName, level: LevelName })
      .optional(),
    history: z.array(z.tuple([z.number(), z.number()]).readonly()).readonly(),
  }),
  watch: WatchRecord.optional(),
  quantumMs: z.number(),
  strokes: z.number(),
  /** Newest event time, and how far events may run ahead of the server's clock, ms. */
  lastEventMs: z.number(),
  clockOffsetMs: z.number().optional(),
});
export type Checkpoint = z.infer<typeof Checkpoint>;
export type TrackRecord = z.infer<typeof TrackRecord>;

/** A session that was silent this long is over, and so is its open window. */
export const CHECKPOINT_LIFE_MS = 24 * 3600_000;

const DAY_MS = 24 * 3600_000;

/** What is stored of a session and its subject. */
export interface StoredSession {
  readonly checkpoint: Checkpoint | undefined;
  /** To be checked by the next commit; `null` before the first. */
  readonly versionstamp: string | null;
  readonly profiles: Readonly<Record<Modality, StoredProfile>>;
  /** Of the consent that the session rests on, to be checked by every commit. */
  readonly consent: string | null;
  readonly settings: SessionSettings;
}

/** Versions of the models in use, by modality. */
export type ModelVersions = Readonly<Record<Modality, string>>;

/** Where a session is read from. */
export interface SessionSource {
  readonly kv: Deno.Kv;
  /**
   * Recordings of people who agreed elsewhere: there is no tenant to ask, and no consent on record.
   * Never of a live stream.
   */
  readonly withoutTenant?: SessionSettings | undefined;
}

/**
 * @throws {GaitkeeperError} `ticket_invalid` when the session belongs to another subject,
 *   `consent_missing` when no consent of the subject stands.
 */
export async function loadSession(
  { kv, withoutTenant }: SessionSource,
  { tenant, subject, session }: { tenant: string; subject: string; session: string },
  versions: ModelVersions,
  nowMs: number,
): Promise<StoredSession> {
  const [settings, consent, seen, entry, ...profiles] = await Promise.all([
    withoutTenant ?? getTenant(kv, tenant).then((found) => sessionSettings(found)),
    getConsent(kv, tenant, subject),
    getSeen(kv, tenant, subject),
    kv.get(checkpointKey(tenant, session)),
    getProfile(kv, tenant, subject, "keyboard", versions.keyboard),
    getProfile(kv, tenant, subject, "pointer", versions.pointer),
  ]);
  if (!withoutTenant) requireConsent(consent);
  const found = entry.value === null ? undefined : Checkpoint.parse(entry.value);
  if (found && found.subject !== subject) {
    throw new GaitkeeperError(
      "ticket_invalid",
      "Cannot open session: it must belong to the ticket's subject",
    );
  }
  const checkpoint = found && found.expiresAtMs > nowMs ? found : undefined;
  const isIdle = nowMs - seen > DAY_MS * settings.retention.idleProfiles;
  const [keyboard, pointer] = isIdle ? profiles.map(withoutProfile) : profiles;
  return {
    checkpoint,
    versionstamp: entry.versionstamp,
    profiles: { keyboard: keyboard!, pointer: pointer! },
    consent: consent.versionstamp,
    settings,
  };
}

/** Past its time a profile is as if it were not there; what is learned next replaces it. */
function withoutProfile({ versionstamp }: StoredProfile): StoredProfile {
  return { profile: undefined, versionstamp };
}

/** Everything one commit writes. */
export interface SessionCommit {
  readonly tenant: string;
  readonly versions: ModelVersions;
  readonly checkpoint: Checkpoint;
  readonly versionstamp: string | null;
  readonly consent: string | null;
  readonly record: SessionRecord;
  readonly alert: AlertRecord | undefined;
  readonly profiles: Readonly<Record<Modality, StoredProfile>>;
  /** Windows learned since the last commit, with the seed of a profile that these begin. */
  readonly learned: Readonly<Record<Modality, readonly Observation[]>>;
  readonly seed: number;
  /** Sessions that a ready profile must be spread over. */
  readonly sessions: number;
}

/** What a commit left in the store. */
export interface CommittedSession {
  readonly versionstamp: string;
  readonly consent: string | null;
  readonly profiles: Readonly<Record<Modality, StoredProfile>>;
}

const PROFILE_RACES = 5;

/**
 * Commits. When another session of the subject has changed a profile meanwhile, what was learned
 * here is learned again on top of it.
 * @throws {GaitkeeperError} `session_superseded` when another process went on with this session,
 *   `consent_missing` when the subject has withdrawn, `store_conflict` when profiles kept changing.
 */
export async function commitSession(
  source: SessionSource,
  commit: SessionCommit,
): Promise<CommittedSession> {
  const { kv } = source;
  const { tenant, checkpoint, record, alert, versions, learned } = commit;
  const { subject, session } = record;
  let { profiles, consent } = commit;
  for (let race = 0; race < PROFILE_RACES; race++) {
    const checkpointAt = checkpointKey(tenant, session);
    const atomic = kv.atomic()
      .check({ key: checkpointAt, versionstamp: commit.versionstamp })
      // What a subject has withdrawn from is written no more, by whichever process.
      .check({ key: consentKey(tenant, subject), versionstamp: consent })
      .set(checkpointAt, checkpoint, { expireIn: checkpoint.expiresAtMs - record.updatedAtMs })
      .set(sessionKey(tenant, session), record, {
        expireIn: record.expiresAtMs - record.updatedAtMs,
      })
      .set(bellKey(tenant), record.updatedAtMs);
    if (commit.versionstamp === null) {
      atomic.set(subjectSessionKey(tenant, subject, session), 1)
        .set(seenKey(tenant, subject), record.updatedAtMs);
    }
    if (alert) {
      atomic.set(subjectAlertKey(tenant, subject, alert.id), 1);
      atomic.set(alertKey(tenant, alert.id), alert, { expireIn: alert.expiresAtMs - alert.atMs });
    }
    const updated: Partial<Record<Modality, Profile>> = {};
    for (const modality of MODALITIES) {
      if (!learned[modality].length) continue;
      const { profile: before, versionstamp } = profiles[modality];
      const start = before ?? createProfile(modality, versions[modality], commit.seed);
      const profile = updated[modality] = learned[modality].reduce(learnFrom(session), start);
      const isReady = (of: Profile) => stageOf(of, commit.sessions) === "ready";
      if (isReady(profile) && !isReady(start)) {
        const what = { kind: "profile_ready", subject, modality } as const;
        addNotice(atomic, tenant, createNotice({ ...what, atMs: record.updatedAtMs }));
      }
      const key = profileKey(tenant, subject, modality);
      atomic.check({ key, versionstamp }).set(key, profileRecord(profile));
    }
    const result = await atomic.commit();
    if (result.ok) {
      const { versionstamp } = result;
      return { versionstamp, consent, profiles: after(profiles, updated, result) };
    }

    const now = await loadSession(
      source,
      { tenant, subject, session },
      versions,
      record.updatedAtMs,
    );
    if (now.versionstamp !== commit.versionstamp) {
      throw new GaitkeeperError(
        "session_superseded",
        "Cannot commit session: another connection has gone on with it",
      );
    }
    ({ profiles, consent } = now);
  }
  throw new GaitkeeperError("store_conflict", "Cannot commit session: its profile keeps changing");
}

function after(
  profiles: SessionCommit["profiles"],
  updated: Partial<Record<Modality, Profile>>,
  { versionstamp }: Deno.KvCommitResult,
): CommittedSession["profiles"] {
  const one = (modality: Modality): StoredProfile => {
    const profile = updated[modality];
    return profile ? { profile, versionstamp } : profiles[modality];
  };
  return { keyboard: one("keyboard"), pointer: one("pointer") };
}

/** No hand fills this between two windows; a flood that does must not stop the session's commits. */
const OPEN_WINDOW_BYTES = 36 * 1024;
const NOTHING = { open: encodeFrame({ stream: 0, sequence: 0, events: [] }), sinceCut: 0 };

/** A track's open window and quarantine as they are stored. */
export function trackRecord<Event extends StreamEvent>(
  open: OpenWindow<Event>,
  { scored, sinceLearned, quarantine, confirmed, observer }: {
    readonly scored: number;
    readonly sinceLearned: number;
    readonly confirmed?: number;
    readonly quarantine: Observation | undefined;
    readonly observer?: ObserverRecord | undefined;
  },
): TrackRecord {
  const bytes = encodeFrame({ stream: 0, sequence: 0, events: open.events });
  const kept = bytes.length <= OPEN_WINDOW_BYTES
    ? { open: bytes, sinceCut: open.sinceCut }
    : NOTHING;
  return {
    ...kept,
    scored,
    sinceLearned,
    ...confirmed ? { confirmed } : {},
    ...quarantine ? { quarantine: toBlock([quarantine]) } : {},
    // Without the open window there is nothing to go on with.
    ...observer && kept !== NOTHING ? { observer } : {},
  };
}

/** The open window's events; the track wrote them, so they are of its own kinds. */
export function openWindowOf<Event extends StreamEvent>(record: TrackRecord): OpenWindow<Event> {
  const events = decodeFrame(record.open).events as readonly Event[];
  return { events, sinceCut: record.sinceCut };
}

export function quarantineOf(record: TrackRecord): Observation | undefined {
  return record.quarantine ? fromBlock(record.quarantine)[0] : undefined;
}
