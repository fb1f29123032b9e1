/**
 * Gaitkeeper's collector, as a host page sees it. Load it by
 * `<script type="module" src="https://host/collector.js">`, which also sets `gaitkeeper.start`, or
 * `import { start } from "https://host/collector.js"`. Both give the same module.
 */

/** What the service asks the host page to do. */
export type Action = "allow" | "step_up" | "block";

/**
 * - `connecting`: a socket is being opened.
 * - `open`: the service has said where it stands; what is captured is sent.
 * - `waiting`: no socket for now: between two tries, hidden with nothing to send, or another page of
 *   the session has taken over.
 * - `paused`: nothing is captured; what was captured is still delivered.
 * - `stopped`: by `stop()`, for good.
 * - `failed`: given up, for good; `code` says why. Nothing is captured.
 */
export type CollectorState = "connecting" | "open" | "waiting" | "paused" | "stopped" | "failed";

/** Detail of an `action` event. `level` is low, elevated, high or critical. */
export interface ActionDetail {
  readonly action: Action;
  readonly level: string;
  /** The alert that was raised, where one was. */
  readonly alert?: string;
}

/** Detail of a `state` event; `code` is one of the service's stable error codes or the collector's. */
export interface StateDetail {
  readonly state: CollectorState;
  readonly code?: string;
}

export interface CollectorEventMap {
  action: CustomEvent<ActionDetail>;
  state: CustomEvent<StateDetail>;
}

export interface StartOptions {
  /** The service's origin (`https://host`) or the stream itself (`wss://host/v1/stream`). */
  readonly endpoint: string | URL;
  /**
   * A ticket that the site's back end has minted, or a function that fetches one. A ticket serves
   * one connection, so only a function lets the collector come back after a dropped connection.
   */
  readonly ticket: string | (() => string | Promise<string>);
  /** Time between two frames, 250 to 500 ms. Default 400. */
  readonly flushMs?: number;
  /** What may wait for the service, bytes; beyond it the oldest is dropped. Default 512 KiB. */
  readonly bufferBytes?: number;
}

/** One run of the collector. None of its methods throws. */
export interface Collector extends EventTarget {
  readonly state: CollectorState;
  /** Stops capturing; delivers what was captured, then closes the connection. */
  pause(): void;
  /** Captures again after `pause()`. */
  resume(): void;
  /** Ends for good: nothing is captured or sent any more, what was not yet sent is dropped. */
  stop(): void;
  addEventListener<Type extends keyof CollectorEventMap>(
    type: Type,
    listener: (this: Collector, event: CollectorEventMap[Type]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

/**
 * Starts capturing how this page is typed into and pointed at. Before this call nothing is captured
 * or sent: ask for consent first where the law wants it. A later call stops the run before it. It
 * never throws: whatever is wrong ends in the state `failed`.
 */
export declare function start(options: StartOptions): Collector;

declare global {
  /** Set by the script tag, for pages that cannot import. */
  var gaitkeeper: { readonly start: typeof start } | undefined;
}
