/**
 * One stream of strokes going through the keyboard's embedder: the network's state is carried from
 * stroke to stroke, so that a stroke costs one step however often windows overlap.
 */
import { keystrokeTensor, STROKE_CHANNELS } from "../features/keystroke_tensor.ts";
import type { KeyboardWindow } from "../window.ts";
import type { NamedTensor, OnnxModel } from "./onnx.ts";

/** Rows that the causal convolution looks back on. */
const TAIL_ROWS = 3;
const CHANNELS = STROKE_CHANNELS.length;

/** What the network carries: the rows before, the LSTM's hidden and cell values. */
interface Carried {
  readonly tail: Float32Array;
  readonly hidden: Float32Array;
  readonly cell: Float32Array;
}

/** Strokes that went through in one run. */
interface Block {
  readonly before: Carried;
  /** `[strokes, CHANNELS]` */
  readonly rows: Float32Array;
  /** `[strokes, width]`: the LSTM's output after each stroke. */
  readonly outputs: Float32Array;
}

/**
 * A stream as it is stored: the carried state before the oldest stroke that windows still hold, and
 * the rows since, 32-bit little endian. It holds no more of a person than the open window does.
 */
export interface StrokeStreamRecord {
  readonly carried: Uint8Array<ArrayBuffer>;
  readonly blocks: readonly Uint8Array<ArrayBuffer>[];
}

export class StrokeStream {
  #blocks: Block[] = [];
  #carried: Carried;
  /** Blocks of a stored stream that have not gone through again yet. */
  #stored: readonly Float32Array[] = [];

  /**
   * @param width of the LSTM.
   * @param longest strokes that a window holds at most.
   * @param record a stream that another process left; it goes on exactly as it would have there.
   */
  constructor(
    readonly model: OnnxModel,
    readonly width: number,
    readonly longest: number,
    record?: StrokeStreamRecord,
  ) {
    this.#carried = this.#zero();
    const carried = record && floatsOf(record.carried);
    if (carried?.length !== TAIL_ROWS * CHANNELS + 2 * width) return;
    const at = TAIL_ROWS * CHANNELS;
    this.#carried = {
      tail: carried.slice(0, at),
      hidden: carried.slice(at, at + width),
      cell: carried.slice(at + width),
    };
    this.#stored = record!.blocks.map(floatsOf);
  }

  /**
   * Takes the window's fresh strokes and embeds the whole of it.
   * @returns `[embedding width]`, unit length.
   * @throws {GaitkeeperError} `model_unavailable`; the stream then begins anew.
   */
  async embed({ strokes, fresh = strokes.length }: KeyboardWindow): Promise<Float32Array> {
    try {
      for (const rows of this.#stored) await this.#run(rows, 0);
      this.#stored = [];
      const rows = keystrokeTensor(strokes).slice((strokes.length - fresh) * CHANNELS);
      const embedding = await this.#run(rows, strokes.length - fresh);
      this.#forget();
      return embedding;
    } catch (cause) {
      this.reset();
      throw cause;
    }
  }

  /** What follows has nothing to do with what was. */
  reset(): void {
    this.#carried = this.#zero();
    this.#blocks = [];
    this.#stored = [];
  }

  get record(): StrokeStreamRecord {
    const { tail, hidden, cell } = this.#blocks[0]?.before ?? this.#carried;
    const rows = [...this.#blocks.map((block) => block.rows), ...this.#stored];
    return { carried: bytesOf([tail, hidden, cell]), blocks: rows.map((row) => bytesOf([row])) };
  }

  /** Runs strokes through; the embedding is of them and of `past` strokes before them. */
  async #run(rows: Float32Array, past: number): Promise<Float32Array> {
    const { width } = this;
    const before = this.#carried;
    const steps = rows.length / CHANNELS;
    const held = this.#outputs(past);
    const inputs: readonly NamedTensor[] = [
      { name: "strokes", values: rows, shape: [1, steps, CHANNELS] },
      { name: "tail", values: before.tail, shape: [1, TAIL_ROWS, CHANNELS] },
      { name: "hidden", values: before.hidden, shape: [1, width] },
      { name: "cell", values: before.cell, shape: [1, width] },
      { name: "past", values: held, shape: [1, held.length / width, width] },
    ];
    const found = await this.model.runNamed(inputs);
    const [outputs, hidden, cell, embedding] = found as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    this.#blocks.push({ before, rows, outputs });
    const seen = new Float32Array(before.tail.length + rows.length);
    seen.set(before.tail);
    seen.set(rows, before.tail.length);
    this.#carried = { tail: seen.slice(-TAIL_ROWS * CHANNELS), hidden, cell };
    return embedding;
  }

  /** The newest `count` outputs, or as many as there are. */
  #outputs(count: number): Float32Array {
    const all = this.#blocks.flatMap(({ outputs }) => [...outputs]);
    return Float32Array.from(count ? all.slice(-count * this.width) : []);
  }

  /** Drops blocks that no later window can reach. */
  #forget(): void {
    const strokesOf = ({ rows }: Block) => rows.length / CHANNELS;
    let held = this.#blocks.reduce((sum, block) => sum + strokesOf(block), 0);
    while (held - strokesOf(this.#blocks[0]!) >= this.longest) {
      held -= strokesOf(this.#blocks.shift()!);
    }
  }

  #zero(): Carried {
    return {
      tail: new Float32Array(TAIL_ROWS * CHANNELS),
      hidden: new Float32Array(this.width),
      cell: new Float32Array(this.width),
    };
  }
}

function bytesOf(parts: readonly Float32Array[]): Uint8Array<ArrayBuffer> {
  const values = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    values.set(part, at);
    at += part.length;
  }
  return new Uint8Array(values.buffer);
}

function floatsOf(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.slice().buffer);
}
