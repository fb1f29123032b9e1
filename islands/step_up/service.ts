/** What the dialog asks of the service, with tickets from the page, and what the service refuses. */
import type { ServiceOptions, StepUpProblem } from "./step_up.d.ts";

/** No answer for so long is none, ms. */
const PATIENCE_MS = 20_000;
/** An asked challenge is asked anew after this, ms: the service forgets it after 2 minutes. */
const FRESH_MS = 90_000;
/** Where a delay is not told, s. */
const DELAY_S = 30;

const FINAL =
  /^(acr_insufficient|consent_missing|origin_refused|factor_missing|request_invalid|ticket_spent)$/;

/** A refusal, by the service's code or one of our own. */
export class Refusal extends Error {
  constructor(readonly code: string, readonly retryAfterS?: number) {
    super(code);
  }

  /** Whether asking again cannot go better. */
  get isFinal(): boolean {
    return FINAL.test(this.code);
  }
}

/** A challenge to be answered once. */
export interface Challenge {
  readonly challenge: string;
  /** Whether it is too old to begin answering it. */
  readonly isStale: () => boolean;
}

/** Origin of the service. @throws {TypeError} when the endpoint is no URL of one. */
export function originOf(endpoint: ServiceOptions["endpoint"]): string {
  const url = new URL(endpoint, location.href);
  url.protocol = url.protocol.replace("ws", "http");
  if (!endpoint || !/^https?:$/.test(url.protocol)) {
    throw new TypeError(`Cannot step up: endpoint must be an http or ws URL, got "${endpoint}"`);
  }
  return url.origin;
}

export class Service {
  /** Whether a proof is on its way. */
  isAnswering = false;
  #ticketSpent = false;

  constructor(
    /** Serialised origin of the service. */
    readonly origin: string,
    readonly ticket: ServiceOptions["ticket"],
    readonly signal: AbortSignal,
    readonly onProblem: (problem: StepUpProblem) => void,
  ) {}

  /** Asks for a challenge. @throws {Refusal} */
  async ask<Asked>(path: string, body: object = {}): Promise<Asked & Challenge> {
    const ticket = await this.#ticket();
    const asked = await this.#post<Asked & Challenge>(path, { ...body, ticket });
    const staleMs = Date.now() + FRESH_MS;
    return { ...asked, isStale: () => Date.now() > staleMs };
  }

  /** Answers a challenge, which is used up. @throws {Refusal} */
  async answer<Answer>(path: string, { challenge }: Challenge, proof: object): Promise<Answer> {
    this.isAnswering = true;
    try {
      return await this.#post<Answer>(`${path}/${challenge}`, proof);
    } finally {
      this.isAnswering = false;
    }
  }

  /** @throws {Refusal} always, having told the page. */
  refuse(code: string, retryAfterS?: number): never {
    if (!this.signal.aborted) {
      this.onProblem({ code, ...retryAfterS === undefined ? {} : { retryAfterS } });
    }
    throw new Refusal(code, retryAfterS);
  }

  async #ticket(): Promise<string> {
    const { ticket } = this;
    if (typeof ticket === "string") {
      if (this.#ticketSpent) this.refuse("ticket_spent");
      this.#ticketSpent = true;
      return ticket;
    }
    try {
      return await ticket();
    } catch {
      return this.refuse("ticket_failed");
    }
  }

  async #post<Answer>(path: string, body: object): Promise<Answer> {
    let response: Response, answer: Answer & { code?: string };
    const controller = new AbortController();
    const giveUp = () => controller.abort();
    const timer = setTimeout(giveUp, PATIENCE_MS);
    this.signal.addEventListener("abort", giveUp, { once: true });
    try {
      response = await fetch(this.origin + path, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
        credentials: "omit",
        referrerPolicy: "no-referrer",
        signal: controller.signal,
      });
      answer = await response.json();
    } catch {
      return this.refuse("connection_failed");
    } finally {
      clearTimeout(timer);
      this.signal.removeEventListener("abort", giveUp);
    }
    if (response.ok) return answer;
    const { code = "internal" } = answer;
    const delayS = Number(response.headers.get("Retry-After")) || DELAY_S;
    return this.refuse(code, code === "step_up_delayed" ? delayS : undefined);
  }
}
