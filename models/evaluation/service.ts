/** A running service as a site's back end sees it: tickets, sessions and alerts over HTTP. */
import { type ErrorCode, GaitkeeperError } from "../../core/error.ts";
import { z } from "zod";

export interface Service {
  /** The service's origin, e.g. `http://localhost:3000`. */
  readonly origin: URL;
  /** The tenant's secret key. */
  readonly secretKey: string;
}

const MintedTicket = z.object({ ticket: z.string(), session: z.string() });

const Reason = z.object({ feature: z.string(), words: z.string(), nats: z.number() });
const Modality = z.object({
  stage: z.string(),
  windowsLearned: z.number(),
  windowsScored: z.number(),
});

/** What an evaluation reads of a session. */
export const SessionView = z.object({
  id: z.string(),
  subject: z.string(),
  risk: z.number(),
  confidence: z.number(),
  level: z.string(),
  action: z.string(),
  strokes: z.number(),
  keyboard: Modality,
  pointer: Modality,
  reasons: z.array(Reason),
  evidenceNats: z.number(),
});
export type SessionView = z.infer<typeof SessionView>;

const AlertView = z.object({ id: z.string(), session: z.string(), level: z.string() });
export type AlertView = z.infer<typeof AlertView>;
const AlertPage = z.object({ alerts: z.array(AlertView) });

export interface TicketRequest {
  readonly subject: string;
  readonly session?: string;
  /** Events may run ahead of the clock. */
  readonly replay?: boolean;
  /** The subject consented to being recorded. */
  readonly traces?: boolean;
}

/** Recordings are of people who agreed to theirs. */
const RECORDED = { policyVersion: "recording", how: "recorded before" };

/** Mints a ticket; without a session it begins one. */
export function mintTicket(service: Service, request: TicketRequest) {
  return ask(service, "/v1/tickets", MintedTicket, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ origin: service.origin.origin, consent: RECORDED, ...request }),
  });
}

export function readSession(service: Service, session: string): Promise<SessionView> {
  return ask(service, `/v1/sessions/${encodeURIComponent(session)}`, SessionView);
}

/** Alerts of one session, among the tenant's newest. */
export async function readAlerts(service: Service, session: string): Promise<AlertView[]> {
  const { alerts } = await ask(service, "/v1/alerts?limit=100", AlertPage);
  return alerts.filter((alert) => alert.session === session);
}

async function ask<Answer>(
  { origin, secretKey }: Service,
  path: string,
  schema: z.ZodType<Answer>,
  init: RequestInit = {},
): Promise<Answer> {
  const headers = new Headers(init.headers);
  headers.set("authorization", `Bearer ${secretKey}`);
  let response: Response;
  try {
    response = await fetch(new URL(path, origin), { ...init, headers });
  } catch (cause) {
    throw new GaitkeeperError(
      "service_unreachable",
      `Cannot reach service: ${origin.origin} must be a running service`,
      { cause },
    );
  }
  const answer = await response.json().catch(() => undefined);
  if (!response.ok) {
    const code = (answer?.code ?? "internal") as ErrorCode;
    throw new GaitkeeperError(
      code,
      `Cannot ask service: ${path} must succeed, got ${response.status} ${code}`,
    );
  }
  return schema.parse(answer);
}
