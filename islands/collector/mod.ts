/**
 * The collector: captures how a page is typed into and pointed at, and streams it. `capture.ts`
 * listens, `transport.ts` delivers; this file joins them into one run that a page can steer.
 */
import { Capture } from "./capture.ts";
import type { Collector, CollectorState, StartOptions, StateDetail } from "./collector.d.ts";
import { guarded } from "./guard.ts";
import { Transport } from "./transport.ts";

export type * from "./collector.d.ts";
export { Transport };

/** A run over a transport of the caller's, who opens, feeds and closes it beside the run. */
export interface SharedTransport {
  readonly transport: Transport;
}

let running: Run | undefined;

/** See {@linkcode Collector}; with `transport` what is captured joins what else is pushed there. */
export function start(options: StartOptions | SharedTransport): Collector {
  running?.stop();
  running = new Run();
  running.begin(options);
  return running as Collector;
}

class Run extends EventTarget {
  #state: CollectorState = "waiting";
  #transport: Transport | undefined;
  #capture: Capture | undefined;
  #ownsTransport = true;
  readonly #listeners = new AbortController();

  get state(): CollectorState {
    return this.#state;
  }

  begin(options: StartOptions | SharedTransport): void {
    this.#safely("request_invalid", () => {
      this.#ownsTransport = !("transport" in options);
      const transport = "transport" in options ? options.transport : new Transport(options);
      this.#transport = transport;
      const { signal } = this.#listeners;
      transport.addEventListener("state", (event) => {
        this.#follow((event as CustomEvent<StateDetail>).detail);
      }, { signal });
      transport.addEventListener("action", (event) => {
        this.#tell("action", (event as CustomEvent).detail);
      }, { signal });
      const refused = ({ blockedURI, disposition }: SecurityPolicyViolationEvent) => {
        // A policy of the page: connecting again would be refused again, and reported again.
        const isOurs = disposition === "enforce" && blockedURI.includes(transport.url.host);
        if (isOurs && this.#state === "connecting") this.#end("failed", "connection_refused");
      };
      document.addEventListener("securitypolicyviolation", guarded(refused), { signal });
      document.addEventListener("visibilitychange", guarded(() => transport.wake()), { signal });
      this.#follow({ state: transport.state });
      if (!this.#hasEnded) this.#resume(transport);
    });
  }

  pause(): void {
    if (!this.#capture) return;
    this.#safely("internal", () => {
      this.#setState({ state: "paused" });
      this.#endCapture();
      if (this.#ownsTransport) this.#transport?.rest();
      else this.#transport?.flush();
    });
  }

  resume(): void {
    const transport = this.#transport;
    if (this.#state !== "paused" || !transport) return;
    this.#safely("internal", () => {
      this.#setState({ state: transport.state });
      this.#resume(transport);
    });
  }

  stop(): void {
    this.#safely("internal", () => this.#end("stopped"));
  }

  #resume(transport: Transport): void {
    this.#capture = new Capture(transport);
    this.#capture.begin();
    // Once the caller has had the chance to listen.
    if (this.#ownsTransport) queueMicrotask(() => this.#capture && transport.open());
  }

  get #hasEnded(): boolean {
    return this.#state === "stopped" || this.#state === "failed";
  }

  #follow(detail: StateDetail): void {
    if (detail.state === "failed" || detail.state === "stopped") {
      this.#end(detail.state, detail.code);
    } else if (this.#state !== "paused") this.#setState(detail);
  }

  #end(state: "stopped" | "failed", code?: string): void {
    if (this.#hasEnded) return;
    this.#listeners.abort();
    this.#setState({ state, ...(code ? { code } : {}) });
    if (this.#ownsTransport) this.#transport?.close();
    this.#endCapture();
  }

  #endCapture(): void {
    const capture = this.#capture;
    this.#capture = undefined;
    capture?.stop();
  }

  #safely(code: string, run: () => void): void {
    try {
      run();
    } catch {
      // After the caller has had the chance to listen.
      queueMicrotask(() => this.#end("failed", code));
    }
  }

  #setState(detail: StateDetail): void {
    this.#state = detail.state;
    this.#tell("state", detail);
  }

  #tell(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
