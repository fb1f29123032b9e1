/**
 * The checkpoint itself: all that a live session needs to go on in another process, as plain data. It
 * holds the timings and zones of the open window, at most one.
 */
import { z } from "zod";
import { Assurance } from "../assurance.ts";
import type { Observation } from "../models/detector.ts";
import type { ObserverRecord } from "../models/model_set.ts";
import type { OpenWindow } from "../window.ts";
import { decodeFrame, DEVICES, encodeFrame, type StreamEvent } from "../wire.ts";
import { GaitkeeperError } from "../error.ts";
import { fromBlock, ObservationBlock, toBlock } from "./profiles.ts";
import {
  ActionName,
  DetectorsRecord,
  LevelName,
  ReadingRecord,
  SourcesRecord,
  TurnRecord,
} from "./sessions.ts";
import { InputRecord } from "./input_record.ts";
import { type DataKey, openValue, sealValue } from "./vault.ts";

const Part = z.object({ words: z.string(), nats: z.number(), reading: ReadingRecord.optional() });
const SourceState = z.object({
  parts: z.record(z.string(), Part),
  detectors: DetectorsRecord.optional(),
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
  /** Of the profile that the quarantined window was held against. */
  rollbacks: z.number().int().optional(),
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

const Link = z.object({ place: z.number(), length: z.number(), exact: z.number() });
const Links = z.array(z.array(Link).readonly()).readonly();
/** What the replay guard needs to know a copy that goes on here. */
const GuardRecord = z.object({
  open: z.instanceof(Uint8Array),
  keyboard: Links,
  pointer: Links,
  refused: z.array(z.number()).readonly(),
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
    sources: SourcesRecord.optional(),
    turns: z.array(TurnRecord).readonly().optional(),
    demanded: z.enum(["step_up", "block"]).optional(),
    course: z.object({ lastMs: z.number(), points: z.instanceof(Uint8Array) }).optional(),
  }),
  assurance: Assurance.optional(),
  watch: WatchRecord.optional(),
  input: InputRecord.optional(),
  guard: GuardRecord.optional(),
  quantumMs: z.number(),
  strokes: z.number(),
  /** Newest event time, and how far events may run ahead of the server's clock, ms. */
  lastEventMs: z.number(),
  clockOffsetMs: z.number().optional(),
});
export type Checkpoint = z.infer<typeof Checkpoint>;

/** How it lies in the store. The subject is in the session's own record too. */
const CheckpointRow = z.object({
  version: z.literal(2),
  subject: z.string(),
  sealed: z.instanceof(Uint8Array),
});
export type CheckpointRow = z.infer<typeof CheckpointRow>;

const kindOf = (session: string) => `checkpoint ${session}`;

export async function sealCheckpoint(
  dataKey: DataKey,
  session: string,
  checkpoint: Checkpoint,
): Promise<CheckpointRow> {
  const sealed = await sealValue(dataKey, kindOf(session), checkpoint);
  return { version: 2, subject: checkpoint.subject, sealed };
}

/**
 * @throws {GaitkeeperError} `ticket_invalid` when the session belongs to another subject,
 *   `template_unreadable` when it was not sealed here, for this session.
 */
export async function openCheckpoint(
  dataKey: DataKey,
  session: string,
  value: unknown,
): Promise<Checkpoint | undefined> {
  if (value === null) return undefined;
  const row = CheckpointRow.parse(value);
  if (row.subject !== dataKey.subject) {
    throw new GaitkeeperError(
      "ticket_invalid",
      "Cannot open session: it must belong to the ticket's subject",
    );
  }
  // What a deleted key sealed is gone with it.
  if (dataKey.versionstamp === null) return undefined;
  return Checkpoint.parse(await openValue(dataKey, kindOf(session), row.sealed));
}

export type TrackRecord = z.infer<typeof TrackRecord>;

/** No hand fills this between two windows; a flood that does must not stop the session's commits. */
const OPEN_WINDOW_BYTES = 28 * 1024;
const NOTHING = { open: encodeFrame({ stream: 0, sequence: 0, events: [] }), sinceCut: 0 };

/** A track's open window and quarantine as they are stored. */
export function trackRecord<Event extends StreamEvent>(
  open: OpenWindow<Event>,
  { scored, sinceLearned, quarantine, confirmed, observer, rollbacks }: {
    readonly scored: number;
    readonly sinceLearned: number;
    readonly confirmed?: number;
    readonly quarantine: Observation | undefined;
    readonly observer?: ObserverRecord | undefined;
    readonly rollbacks?: number;
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
    ...rollbacks ? { rollbacks } : {},
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
