/**
 * Sketches of what was accepted from a subject, and the streams it came by: rings of small blocks, of
 * which a commit rewrites the last one, and a row of streams a session. One list reads it all.
 */
import { z } from "zod";
import {
  BLOCK_SKETCHES,
  BLOCKS_KEPT,
  SKETCH_BYTES,
  type SketchMemories,
  SketchMemory,
} from "../models/replay/sketch_memory.ts";
import { MODALITIES, type Modality } from "../window.ts";
import { sketchKey, sketchStreamsKey } from "./keys.ts";
import { type DataKey, openValue, sealValue } from "./vault.ts";

/**
 * Sketches side by side (SketchMemory.read); block `number` begins at its number times their count. It
 * is sealed for its slot.
 */
const BlockRecord = z.object({
  version: z.literal(1),
  number: z.number().int(),
  sketches: z.instanceof(Uint8Array),
  expiresAtMs: z.number(),
});
const kindOf = (modality: Modality, slot: number) => `sketches ${modality} ${slot}`;
type BlockRecord = z.infer<typeof BlockRecord>;

/** `[stream, last durable sequence]` of one session. */
const StreamsRecord = z.object({
  version: z.literal(1),
  streams: z.array(z.tuple([z.number(), z.number()])),
  updatedAtMs: z.number(),
  expiresAtMs: z.number(),
});

/** What is stored of a subject's earlier input, and what of it waits to be. */
export interface StoredSketches {
  /** Also holds what is not yet stored: from `stored` on. */
  readonly memories: SketchMemories;
  readonly stored: Readonly<Record<Modality, number>>;
  /** Versionstamps of the ring's rows, by modality and slot. */
  readonly stamps: Readonly<Record<Modality, ReadonlyMap<number, string>>>;
  /**
   * Last durable sequence of the latest streams of any session. Their pages may still be there, and
   * are told: what they send again after that is not theirs.
   */
  readonly streams: ReadonlyMap<number, number>;
}

/** Streams are known for this long, ms, and so many of them. */
const STREAMS_KEPT_MS = 30 * 24 * 3600_000;
const MOST_STREAMS = 128;

/**
 * Reads all that is kept of a subject.
 * @throws {GaitkeeperError} `template_unreadable` when it was not sealed here, for this subject.
 */
export async function getSketches(
  kv: Deno.Kv,
  dataKey: DataKey,
  nowMs: number,
): Promise<StoredSketches> {
  const { tenant, subject } = dataKey;
  const blocks: Record<Modality, Promise<BlockRecord>[]> = { keyboard: [], pointer: [] };
  const stamps = { keyboard: new Map<number, string>(), pointer: new Map<number, string>() };
  const sessions: z.infer<typeof StreamsRecord>[] = [];
  const rows = kv.list({ prefix: sketchKey(tenant, subject) }, { batchSize: 500 });
  for await (const { key, value, versionstamp } of rows) {
    const [kind, slot] = key.slice(-2).map(String);
    if (kind === "streams") {
      const row = StreamsRecord.parse(value);
      if (row.expiresAtMs > nowMs) sessions.push(row);
    } else if (isModality(kind)) {
      stamps[kind].set(Number(slot), versionstamp);
      // What a deleted key sealed is gone with it.
      if (dataKey.versionstamp === null) continue;
      const opened = openValue(dataKey, kindOf(kind, Number(slot)), value);
      blocks[kind].push(opened.then((block) => BlockRecord.parse(block)));
    }
  }
  const memories = {
    keyboard: memoryOf(await Promise.all(blocks.keyboard), nowMs),
    pointer: memoryOf(await Promise.all(blocks.pointer), nowMs),
  };
  const stored = { keyboard: memories.keyboard.end, pointer: memories.pointer.end };
  return { memories, stored, stamps, streams: streamsOf(sessions) };
}

/** The newest blocks without a gap; what is past its time is forgotten, and all before it. */
function memoryOf(blocks: BlockRecord[], nowMs: number): SketchMemory {
  blocks.sort((a, b) => b.number - a.number);
  const newest = blocks[0];
  if (!newest) return new SketchMemory();
  let count = 0;
  for (; count < blocks.length; count++) {
    const { number, expiresAtMs, sketches } = blocks[count]!;
    const isWhole = count === 0 || sketches.length === BLOCK_SKETCHES * SKETCH_BYTES;
    if (number !== newest.number - count || expiresAtMs <= nowMs || !isWhole) break;
  }
  const memory = new SketchMemory((newest.number + 1 - count) * BLOCK_SKETCHES);
  for (const { sketches } of blocks.slice(0, count).reverse()) memory.write(sketches);
  return memory;
}

function streamsOf(sessions: z.infer<typeof StreamsRecord>[]): Map<number, number> {
  const streams = new Map<number, number>();
  sessions.sort((a, b) => b.updatedAtMs - a.updatedAtMs);
  for (const row of sessions) {
    for (const [stream, sequence] of row.streams) {
      const last = streams.get(stream);
      if (last === undefined && streams.size === MOST_STREAMS) continue;
      streams.set(stream, Math.max(sequence, last ?? 0));
    }
  }
  return streams;
}

/** Whose sketches are written, and until when they are kept. */
export interface SketchCommit {
  readonly dataKey: DataKey;
  readonly session: string;
  /** `[stream, last applied sequence]` of the session. */
  readonly streams: readonly (readonly [number, number])[];
  readonly nowMs: number;
  readonly keptDays: number;
}

const DAY_MS = 24 * 3600_000;

/**
 * Adds to a commit what is not yet stored; it fails where another session has stored its own
 * meanwhile.
 * @returns what is stored after the commit, by its versionstamp.
 */
export async function setSketches(
  atomic: Deno.AtomicOperation,
  sketches: StoredSketches,
  { dataKey, session, streams, nowMs, keptDays }: SketchCommit,
): Promise<(versionstamp: string) => StoredSketches> {
  const { tenant, subject } = dataKey;
  const expireIn = DAY_MS * keptDays;
  const written: [Modality, number][] = [];
  for (const modality of MODALITIES) {
    const memory = sketches.memories[modality];
    if (dataKey.versionstamp === null) {
      for (const slot of sketches.stamps[modality].keys()) {
        atomic.delete(sketchKey(tenant, subject, modality, slot));
      }
    }
    const from = Math.max(sketches.stored[modality], memory.first);
    if (memory.end <= from) continue;
    const [open, last] = [from, memory.end - 1].map((place) => Math.floor(place / BLOCK_SKETCHES));
    const versionstamp = sketches.stamps[modality].get(open! % BLOCKS_KEPT) ?? null;
    // Whoever goes on from the same place changes this row first.
    atomic.check({ key: sketchKey(tenant, subject, modality, open! % BLOCKS_KEPT), versionstamp });
    for (let number = open!; number <= last!; number++) {
      const start = number * BLOCK_SKETCHES;
      const block: BlockRecord = {
        version: 1,
        number,
        sketches: memory.read(
          Math.max(start, memory.first),
          Math.min(start + BLOCK_SKETCHES, memory.end),
        ),
        expiresAtMs: nowMs + expireIn,
      };
      const slot = number % BLOCKS_KEPT;
      const sealed = await sealValue(dataKey, kindOf(modality, slot), block);
      atomic.set(sketchKey(tenant, subject, modality, slot), sealed, { expireIn });
      written.push([modality, slot]);
    }
  }
  const expiresAtMs = nowMs + STREAMS_KEPT_MS;
  const row = { version: 1, streams, updatedAtMs: nowMs, expiresAtMs };
  atomic.set(sketchStreamsKey(tenant, subject, session), row, { expireIn: STREAMS_KEPT_MS });
  return (versionstamp) => {
    const { memories } = sketches;
    const stamps = {
      keyboard: new Map(sketches.stamps.keyboard),
      pointer: new Map(sketches.stamps.pointer),
    };
    for (const [modality, slot] of written) stamps[modality].set(slot, versionstamp);
    const stored = { keyboard: memories.keyboard.end, pointer: memories.pointer.end };
    return { ...sketches, stored, stamps };
  };
}

/** What waits to be stored, on top of what another session has stored meanwhile. */
export function rebaseSketches(mine: StoredSketches, now: StoredSketches): StoredSketches {
  for (const modality of MODALITIES) {
    const memory = mine.memories[modality];
    const from = Math.max(mine.stored[modality], memory.first);
    now.memories[modality].write(memory.read(from, memory.end));
  }
  return now;
}

function isModality(kind: string | undefined): kind is Modality {
  return kind === "keyboard" || kind === "pointer";
}
