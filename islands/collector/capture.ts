/** Listens to a page and turns what its person does into events of the wire. */
import type { MarkName, StreamEvent } from "../../core/wire.ts";
import { guarded } from "./guard.ts";
import { Keyboard } from "./keyboard.ts";
import { Pointer } from "./pointer.ts";
import { ClockMeter } from "./quantum.ts";
import { Secrets } from "./secrets.ts";

/** Time between two looks at strokes that wait and at events that a script made, ms. */
const TICK_MS = 400;

/** Where captured events go. */
export interface CaptureSink {
  push(event: StreamEvent): void;
  /** The page may be gone soon: what there is should leave now. */
  flush(): void;
}

/**
 * Captures from `begin` to `stop`. Listeners are passive, sit on the window, and never throw:
 * whatever goes wrong in one costs the event it was called for.
 */
export class Capture {
  readonly #keyboard: Keyboard;
  readonly #pointer: Pointer;
  readonly #secrets = new Secrets(document);
  readonly #clock = new ClockMeter();
  readonly #listeners = new AbortController();
  /** Whether the pointer is over what is ignored; undefined until it was looked up. */
  #isOverIgnored: boolean | undefined;
  #trusted = 0;
  #untrusted = 0;
  #tick: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly sink: CaptureSink) {
    const push = (event: StreamEvent) => sink.push(event);
    this.#keyboard = new Keyboard({
      stroke: push,
      mark: (mark, timeMs) => push({ kind: "mark", timeMs, mark }),
    });
    this.#pointer = new Pointer(push, epochMs);
  }

  begin(): void {
    this.#on(window, "keydown keyup", this.#key);
    this.#on(window, "pointermove pointerdown pointerup", this.#point);
    this.#on(window, "pointerover", () => this.#isOverIgnored = undefined);
    this.#on(window, "wheel", this.#wheel);
    this.#on(window, "paste drop input", this.#fill);
    this.#on(window, "focusin", this.#focus);
    this.#on(window, "focus blur pageshow pagehide", this.#turn);
    this.#on(document, "visibilitychange", this.#turn);
    this.#on(window, "pointercancel", () => this.#pointer.leave());
    this.#on(document.documentElement, "pointerleave", (event: PointerEvent) => {
      if (event.target === document.documentElement && !event.buttons) this.#pointer.leave();
    });
  }

  /** Ends capturing. Strokes that only waited for their turn are passed on. */
  stop(): void {
    this.#listeners.abort();
    this.#secrets.stop();
    clearTimeout(this.#tick);
    this.#keyboard.letGo();
  }

  #key = (event: KeyboardEvent): void => {
    // In a secret field not even the count is our business: it is the secret's length.
    if (this.#secrets.has(innermost(event)) || !this.#trust(event)) return;
    const timeMs = epochMs(event.timeStamp);
    if (event.type === "keydown") this.#keyboard.press(event, timeMs);
    else this.#keyboard.release(event, timeMs);
    if (this.#keyboard.isWaiting) this.#lookLater();
  };

  #point = (event: PointerEvent): void => {
    if (event.type === "pointerdown") this.#secrets.look(event.composedPath());
    if (!this.#trust(event)) return;
    // Once an element, not once a move: this is the busiest listener.
    this.#isOverIgnored ??= this.#secrets.isIgnored(innermost(event));
    if (this.#isOverIgnored) return this.#pointer.leave();
    const moves = event.getCoalescedEvents?.() ?? [];
    this.#pointer.follow(event, moves.length ? moves : [event]);
  };

  #wheel = (event: WheelEvent): void => {
    if (this.#secrets.isIgnored(innermost(event)) || !this.#trust(event)) return;
    this.#pointer.wheel(event, innerHeight);
  };

  #fill = (event: Event): void => {
    const field = innermost(event);
    const isInput = event.type === "input";
    if (!event.isTrusted || isInput && !isAutofill(event as InputEvent, field)) return;
    if (this.#secrets.has(field)) return;
    this.#mark(isInput ? "autofill" : event.type as MarkName, event);
  };

  #focus = (event: Event): void => {
    this.#secrets.look(event.composedPath());
    // A key that went down before comes up in the secret field.
    if (this.#secrets.has(innermost(event))) this.#keyboard.letGo();
  };

  /** The page is turned to or away from. */
  #turn = (event: Event): void => {
    const { type, target } = event;
    // The window hears of its elements' focus too.
    if (target !== window && target !== document) return;
    if (type === "focus" || type === "blur") this.#mark(type, event);
    if (type === "visibilitychange") this.#mark(document.hidden ? "hidden" : "visible", event);
    if (type === "focus" || type === "pageshow" || !document.hidden && type !== "blur") return;
    this.sink.flush();
  };

  #mark(mark: MarkName, { timeStamp }: Event): void {
    if (mark === "blur" || mark === "hidden") {
      this.#keyboard.letGo();
      this.#pointer.leave();
    }
    this.sink.push({ kind: "mark", timeMs: epochMs(timeStamp), mark });
  }

  /** Counts an event and says whether a person made it. */
  #trust({ isTrusted, timeStamp }: Event): boolean {
    if (isTrusted) {
      this.#trusted++;
      const quantumMs = this.#clock.observe(timeStamp);
      if (quantumMs) this.sink.push({ kind: "clock", timeMs: epochMs(timeStamp), quantumMs });
    } else {
      this.#untrusted++;
      this.#lookLater();
    }
    return isTrusted;
  }

  #lookLater(): void {
    const look = () => {
      this.#tick = undefined;
      const timeMs = epochMs(performance.now());
      this.#keyboard.settle(timeMs);
      if (this.#keyboard.isWaiting) this.#lookLater();
      if (!this.#untrusted) return;
      const counts = { trusted: this.#trusted, untrusted: this.#untrusted };
      this.#trusted = this.#untrusted = 0;
      this.sink.push({ kind: "trust", timeMs, ...counts });
    };
    this.#tick ??= setTimeout(guarded(look), TICK_MS);
  }

  #on<Type extends Event>(target: EventTarget, types: string, listener: (event: Type) => void) {
    const { signal } = this.#listeners;
    for (const type of types.split(" ")) {
      const options = { capture: true, passive: true, signal };
      target.addEventListener(type, guarded(listener) as EventListener, options);
    }
  }
}

/**
 * Whether a browser or an extension wrote into the field: Firefox says so by the input type,
 * Chromium and Safari send an input event without one and mark the field.
 */
export function isAutofill(event: { inputType?: string }, field?: EventTarget): boolean {
  if (event.inputType === "insertReplacementText") return true;
  return !event.inputType && !!(field as Element | undefined)?.matches?.(":autofill");
}

function innermost(event: Event): EventTarget | undefined {
  return event.composedPath()[0];
}

function epochMs(timeStamp: number): number {
  return performance.timeOrigin + timeStamp;
}
