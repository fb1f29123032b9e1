/** Pointer events to samples, presses and wheel steps. */
import type { Device, StreamEvent } from "../../core/wire.ts";

/** Least time between two samples, ms: 125 Hz. */
const SAMPLE_MS = 8;
/** What a wheel that counts in lines moves for one, CSS pixels. */
const LINE_PX = 16;
/** `MouseEvent.button` of each bit of `MouseEvent.buttons` (Pointer Events, "button property"). */
const BUTTON_OF_BIT = [0, 2, 1, 3, 4];

/** What is read of a `PointerEvent`. */
export type PointerFacts = Pick<
  PointerEvent,
  "clientX" | "clientY" | "buttons" | "button" | "pointerType" | "isPrimary" | "timeStamp" | "type"
>;

/**
 * Follows the primary pointer. Positions are rounded and then differenced, so that the samples' sum
 * never drifts from where the pointer is.
 */
export class Pointer {
  #device: Device | undefined;
  #at: { readonly x: number; readonly y: number } | undefined;
  #sampledMs = -Infinity;
  #buttons = 0;
  /** Press times by bit. */
  #pressedMs: (number | undefined)[] = [];
  #wheelX = 0;
  #wheelY = 0;

  /** `timeOf` turns an event's timestamp into ms since the epoch. */
  constructor(
    readonly push: (event: StreamEvent) => void,
    readonly timeOf: (timeStamp: number) => number,
  ) {}

  /** A `pointermove`, `pointerdown` or `pointerup`; `moves` are the positions it stands for. */
  follow(event: PointerFacts, moves: readonly PointerFacts[]): void {
    if (!event.isPrimary) return;
    this.#know(event);
    const isMove = event.type === "pointermove";
    // A finger comes down where it likes: the way there is no movement.
    if (!isMove && event.pointerType !== "mouse") this.#at = undefined;
    for (const move of moves) this.#sample(move);
    this.#turn(event, !isMove || event.button >= 0);
  }

  /** The pointer left what the page sees: where it comes back is no movement, a release not seen. */
  leave(): void {
    this.#at = undefined;
    this.#buttons = 0;
    this.#pressedMs = [];
  }

  wheel(event: Pick<WheelEvent, "deltaX" | "deltaY" | "deltaMode" | "timeStamp">, pagePx: number) {
    const scale = [1, LINE_PX, pagePx][event.deltaMode] ?? 1;
    this.#wheelX += event.deltaX * scale;
    this.#wheelY += event.deltaY * scale;
    const [dx, dy] = [Math.trunc(this.#wheelX), Math.trunc(this.#wheelY)];
    if (!dx && !dy) return;
    this.#wheelX -= dx;
    this.#wheelY -= dy;
    this.push({ kind: "wheel", timeMs: this.timeOf(event.timeStamp), dx, dy });
  }

  #know({ pointerType, timeStamp }: PointerFacts): void {
    const device = ["mouse", "touch", "pen"].includes(pointerType)
      ? pointerType as Device
      : "unknown";
    if (device === this.#device) return;
    this.#device = device;
    this.#at = undefined;
    this.push({ kind: "device", timeMs: this.timeOf(timeStamp), device });
  }

  #sample({ clientX, clientY, buttons, timeStamp }: PointerFacts): void {
    const [x, y] = [Math.round(clientX), Math.round(clientY)];
    const from = this.#at;
    if (!from) {
      this.#at = { x, y };
      return;
    }
    if (timeStamp - this.#sampledMs < SAMPLE_MS || x === from.x && y === from.y) return;
    this.#at = { x, y };
    this.#sampledMs = timeStamp;
    this.push({
      kind: "pointer",
      timeMs: this.timeOf(timeStamp),
      dx: x - from.x,
      dy: y - from.y,
      dragging: buttons > 0,
    });
  }

  /** Buttons that changed; `isTurn`: this very event is the change. */
  #turn({ buttons, timeStamp }: PointerFacts, isTurn: boolean): void {
    const changed = buttons ^ this.#buttons;
    this.#buttons = buttons;
    if (!changed) return;
    BUTTON_OF_BIT.forEach((button, bit) => {
      if (!(changed >> bit & 1)) return;
      const pressedMs = this.#pressedMs[bit];
      const isDown = isTurn && buttons >> bit & 1;
      this.#pressedMs[bit] = isDown ? timeStamp : undefined;
      if (isDown || !isTurn || pressedMs === undefined) return;
      const dwellMs = Math.max(0, timeStamp - pressedMs);
      this.push({ kind: "button", timeMs: this.timeOf(pressedMs), dwellMs, button });
    });
  }
}
