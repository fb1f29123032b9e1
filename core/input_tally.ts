/** What a session was given to judge by, counted: what is missing is seen here, and is never evidence. */
import type { Device, MarkName, StreamEvent } from "./wire.ts";

/** What the session is worked with; `keyboard`: keys and no pointer at all. */
export const DEVICE_CLASSES = ["mouse", "touch", "pen", "keyboard"] as const;
export type DeviceClass = typeof DEVICE_CLASSES[number];

/** Marks that say what was put in without being typed, or was lost on the way. */
export const COUNTED_MARKS = ["paste", "drop", "autofill", "composition", "lost"] as const;
type CountedMark = typeof COUNTED_MARKS[number];

export interface InputTallyRecord {
  readonly strokes: number;
  readonly pointerSamples: number;
  readonly presses: number;
  readonly wheelSteps: number;
  readonly marks: { readonly [Mark in CountedMark]?: number | undefined };
  /** Of the pointer last heard of. */
  readonly device?: Device | undefined;
}

/** A session that typed so much and never moved a pointer has none, strokes. */
const ENOUGH_STROKES = 30;

export class InputTally {
  #strokes = 0;
  #pointerSamples = 0;
  #presses = 0;
  #wheelSteps = 0;
  #marks: { [Mark in CountedMark]?: number | undefined } = {};
  #device: Device | undefined;

  constructor(record?: InputTallyRecord) {
    if (!record) return;
    this.#strokes = record.strokes;
    this.#pointerSamples = record.pointerSamples;
    this.#presses = record.presses;
    this.#wheelSteps = record.wheelSteps;
    this.#marks = { ...record.marks };
    this.#device = record.device;
  }

  take(event: StreamEvent): void {
    if (event.kind === "stroke") this.#strokes++;
    else if (event.kind === "pointer") this.#pointerSamples++;
    else if (event.kind === "button") this.#presses++;
    else if (event.kind === "wheel") this.#wheelSteps++;
    else if (event.kind === "device") this.#device = event.device;
    else if (event.kind === "mark" && isCounted(event.mark)) {
      this.#marks[event.mark] = (this.#marks[event.mark] ?? 0) + 1;
    }
  }

  get record(): InputTallyRecord {
    return {
      strokes: this.#strokes,
      pointerSamples: this.#pointerSamples,
      presses: this.#presses,
      wheelSteps: this.#wheelSteps,
      marks: { ...this.#marks },
      ...this.#device ? { device: this.#device } : {},
    };
  }
}

/** `undefined` while too little was heard to tell. */
export function deviceClassOf(
  { strokes, pointerSamples, presses, device }: InputTallyRecord,
): DeviceClass | undefined {
  if (device && device !== "unknown") return device;
  const hasPointer = pointerSamples > 0 || presses > 0 || device !== undefined;
  return !hasPointer && strokes >= ENOUGH_STROKES ? "keyboard" : undefined;
}

function isCounted(mark: MarkName): mark is CountedMark {
  return (COUNTED_MARKS as readonly MarkName[]).includes(mark);
}
