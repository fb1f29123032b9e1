/**
 * Watches a session's strokes and movement for copies of what its subject did before: a recording
 * that is played again, shifted, faster, slower, or with a little jitter. Retyping is none: a person
 * who types the same words again is off by more than any jitter that keeps their manner.
 */
import type { Modality } from "../../window.ts";
import { decodeFrame, encodeFrame, type StreamEvent } from "../../wire.ts";
import type { AutomationFinding } from "../automation/finding.ts";
import { Chains, type Link } from "./chains.ts";
import { createEmbedding } from "./embedding.ts";
import { POINTER_DIMENSIONS, PointerShingles } from "./pointer_shingles.ts";
import { SKETCH_WORDS, type SketchMemories } from "./sketch_memory.ts";
import { type Shingle, STROKE_DIMENSIONS, StrokeShingles } from "./stroke_shingles.ts";

/** What a watch needs to go on in another process; plain data, so it can be stored. */
export interface ReplayRecord {
  /** Input of the shingles under way, as one wire frame. */
  readonly open: Uint8Array<ArrayBuffer>;
  readonly keyboard: readonly (readonly Link[])[];
  readonly pointer: readonly (readonly Link[])[];
}

export interface ReplaySettings {
  /** Width of the embedding's steps, in the shingles' unit. */
  readonly step: number;
  /** Of 96 bits: a copy differs in no more; one of what was often done; an exact one. */
  readonly nearBits: number;
  readonly wornBits: number;
  readonly exactBits: number;
  /** Shingles in a chain from which on it is reported, and refused where they are exact. */
  readonly reported: number;
  readonly refused: number;
}

/**
 * Of typing: the widest that let the people who train and calibrate retype a password 400 times with
 * at most 0.5 % of their windows flagged (`deno task evaluate replays --cmu FILE --part train`). Of
 * movement, where half as wide again flags nobody real: narrow enough for generated hands, which repeat
 * themselves more than people do.
 */
export const REPLAY_SETTINGS: Readonly<Record<Modality, ReplaySettings>> = {
  keyboard: { step: 1, nearBits: 32, wornBits: 20, exactBits: 2, reported: 3, refused: 2 },
  pointer: { step: 0.4, nearBits: 12, wornBits: 12, exactBits: 2, reported: 5, refused: 3 },
};

/** Near sketches that are too many to all have been copied from. */
const WORN = 2;
/**
 * What a replay weighs: all that findings may. A good copy of the subject speaks for itself in every
 * other way, and what is found in the windows between two pieces of it must not let it pass.
 */
export const REPLAY_NATS = 45;

const EMBEDDINGS = {
  keyboard: createEmbedding({
    dimensions: STROKE_DIMENSIONS,
    words: SKETCH_WORDS,
    step: REPLAY_SETTINGS.keyboard.step,
    seed: 1,
  }),
  pointer: createEmbedding({
    dimensions: POINTER_DIMENSIONS,
    words: SKETCH_WORDS,
    step: REPLAY_SETTINGS.pointer.step,
    seed: 2,
  }),
} as const;

/** What was found; `exact` where the input is a recording beyond doubt, to be refused. */
export interface ReplayFinding extends AutomationFinding {
  readonly exact: boolean;
}

export class ReplayWatch {
  readonly #strokes: StrokeShingles;
  readonly #samples: PointerShingles;
  readonly #chains: Record<Modality, Chains>;
  readonly #sketch = new Uint32Array(SKETCH_WORDS);

  /** What comes is compared with `memories`, and added to them where it is to be remembered. */
  constructor(public memories: SketchMemories, record?: ReplayRecord) {
    this.#chains = {
      keyboard: new Chains(record?.keyboard),
      pointer: new Chains(record?.pointer),
    };
    const open = record ? decodeFrame(record.open).events : [];
    this.#strokes = new StrokeShingles(open.filter((event) => event.kind === "stroke"));
    this.#samples = new PointerShingles(open.filter((event) => event.kind === "pointer"));
  }

  get record(): ReplayRecord {
    const events = [...this.#strokes.open, ...this.#samples.open];
    return {
      open: encodeFrame({ stream: 0, sequence: 0, events }),
      keyboard: this.#chains.keyboard.recent,
      pointer: this.#chains.pointer.recent,
    };
  }

  /** Takes an event; what it shows to be a copy. */
  push(event: StreamEvent, isRemembered: boolean): ReplayFinding | undefined {
    const shingle = this.#shingle(event);
    if (!shingle) return undefined;
    const modality = event.kind === "stroke" ? "keyboard" : "pointer";
    const { nearBits, wornBits, exactBits, reported, refused } = REPLAY_SETTINGS[modality];
    EMBEDDINGS[modality].sketch(shingle.vector, this.#sketch, 0);
    const memory = this.memories[modality];
    const around = memory.near(shingle.tag, this.#sketch, nearBits);
    // What is typed every day is near to many of its likes: a copy is nearer to one.
    const near = around.length > WORN ? around.filter(({ bits }) => bits <= wornBits) : around;
    const link = this.#chains[modality].push(near, exactBits);
    // What is known already need not be remembered again.
    if (isRemembered && !link?.exact) memory.add(shingle.tag, this.#sketch);
    if (!link) return undefined;
    const exact = link.exact >= refused;
    if (!exact && link.length < reported) return undefined;
    return { ...WORDS[modality](Math.max(link.length, link.exact)), nats: REPLAY_NATS, exact };
  }

  /** A step-up was passed: what was suspected before is settled. */
  forgive(): void {
    this.#chains.keyboard = new Chains();
    this.#chains.pointer = new Chains();
  }

  #shingle(event: StreamEvent): Shingle | undefined {
    if (event.kind === "stroke") return this.#strokes.push(event);
    if (event.kind === "pointer") return this.#samples.push(event);
    if (event.kind === "mark" && event.mark === "lost") {
      this.#strokes.reset();
      this.#samples.reset();
    }
    return undefined;
  }
}

const WORDS = {
  keyboard: (length: number) => {
    const words = `typed as once before, to a few milliseconds: ${length} stretches in a row`;
    return { rule: "replayedTyping", words } as const;
  },
  pointer: (length: number) => {
    const words = `the pointer goes a way that it went before: ${length} movements in a row`;
    return { rule: "replayedMovement", words } as const;
  },
} as const;
