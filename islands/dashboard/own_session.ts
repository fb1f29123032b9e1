/** The session of this very page: its ticket, its transport, and the collector that runs on it. */
import { type Signal, signal } from "@preact/signals";
import type { StreamEvent } from "../../core/wire.ts";
import type { ActionDetail, Collector, CollectorState } from "../collector/collector.d.ts";
import { start, Transport } from "../collector/mod.ts";
import { PAGE_ENVIRONMENT } from "../collector/transport.ts";

interface TicketAnswer {
  readonly ticket: string;
  readonly session: string;
  readonly subject: string;
}

/** What a page may look at of its own session; it sees what leaves, and changes nothing of it. */
export interface SessionTap {
  /** An event that was captured, or pushed beside, before it is sent. */
  readonly onEvent?: (event: StreamEvent) => void;
  /** Every socket that is opened to the service. */
  readonly onSocket?: (socket: WebSocket) => WebSocket;
}

/** A reload goes on with the session of its tab. */
const STORED_SESSION = "gaitkeeper.session";

export class OwnSession {
  /** Known from the first ticket on. */
  readonly session: Signal<string | undefined> = signal(undefined);
  readonly subject: Signal<string | undefined> = signal(undefined);
  readonly state: Signal<CollectorState | "off"> = signal("off");
  /** The last thing the service asked of this page. */
  readonly action: Signal<ActionDetail | undefined> = signal(undefined);
  #transport: Transport | undefined;
  #collector: Collector | undefined;
  #fresh = false;

  constructor(readonly tap: SessionTap = {}) {}

  /** Captures from now on; the person has agreed to it. */
  capture(): void {
    if (this.state.peek() === "failed") this.stop();
    const transport = this.#transport ??= this.#createTransport();
    transport.open();
    if (this.#collector) return this.#collector.resume();
    const collector = this.#collector = start({ transport });
    this.state.value = collector.state;
    collector.addEventListener("state", ({ detail }) => {
      if (collector === this.#collector) this.state.value = detail.state;
    });
    collector.addEventListener("action", ({ detail }) => this.action.value = detail);
  }

  /** Captures nothing; what was captured is still delivered and {@linkcode push} still works. */
  pause(): void {
    this.#collector?.pause();
  }

  /** Pauses, and closes the connection once everything is delivered. */
  rest(): void {
    this.pause();
    this.#transport?.rest();
  }

  /** Sends an event that nobody on this page made, over the same socket and in the same session. */
  push(event: StreamEvent): void {
    this.#transport?.push(event);
  }

  stop(): void {
    this.#collector?.stop();
    this.#transport?.close();
    this.#collector = undefined;
    this.#transport = undefined;
    this.state.value = "off";
  }

  /** Stops, and the next ticket is for somebody new, of whom nothing is known. */
  forget(): void {
    this.stop();
    this.#fresh = true;
    sessionStorage.removeItem(STORED_SESSION);
    this.session.value = undefined;
    this.subject.value = undefined;
    this.action.value = undefined;
  }

  #createTransport(): Transport {
    const { onEvent, onSocket } = this.tap;
    const options = { endpoint: location.origin, ticket: () => this.#fetchTicket() };
    const openSocket = (url: string, protocols: string[]) => {
      const socket = PAGE_ENVIRONMENT.openSocket(url, protocols);
      return onSocket ? onSocket(socket) : socket;
    };
    const transport = new Transport(options, { ...PAGE_ENVIRONMENT, openSocket });
    if (!onEvent) return transport;
    const push = transport.push.bind(transport);
    transport.push = (event) => {
      onEvent(event);
      push(event);
    };
    return transport;
  }

  /**
   * A ticket for this page's session; the first call begins the session, or goes on with the one
   * this tab had before it was reloaded.
   * @throws {Error} when the service gives none.
   */
  async #fetchTicket(): Promise<string> {
    const session = this.session.peek() ?? sessionStorage.getItem(STORED_SESSION);
    const response = await fetch("/live/ticket", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...session ? { session } : {}, fresh: this.#fresh }),
    });
    if (!response.ok) throw new Error(`Cannot get a ticket: got status ${response.status}`);
    const answer: TicketAnswer = await response.json();
    this.#fresh = false;
    sessionStorage.setItem(STORED_SESSION, answer.session);
    this.session.value = answer.session;
    this.subject.value = answer.subject;
    return answer.ticket;
  }
}
