/** Every failure Gaitkeeper reports by name. Codes are stable: clients may branch on them. */
export type ErrorCode =
  | "acr_insufficient"
  | "alert_not_found"
  | "attempts_exceeded"
  | "challenge_invalid"
  | "consent_missing"
  | "credential_invalid"
  | "email_taken"
  | "factor_missing"
  | "frame_malformed"
  | "frame_too_large"
  | "internal"
  | "last_owner"
  | "link_invalid"
  | "model_invalid"
  | "model_unavailable"
  | "not_found"
  | "origin_refused"
  | "paused"
  | "permission_denied"
  | "precondition_failed"
  | "queue_full"
  | "proof_refused"
  | "quota_exceeded"
  | "rate_exceeded"
  | "reauthentication_required"
  | "replay_detected"
  | "request_invalid"
  | "request_too_large"
  | "service_unreachable"
  | "session_not_found"
  | "session_superseded"
  | "settings_invalid"
  | "step_up_delayed"
  | "step_up_unanswered"
  | "store_conflict"
  | "store_unavailable"
  | "template_outdated"
  | "template_unreadable"
  | "tenant_exists"
  | "ticket_invalid"
  | "time_implausible"
  | "trace_invalid"
  | "traces_disabled"
  | "unsupported_version";

/**
 * The one error class of the project. The code is the contract; the message is for the developer
 * who reads it and has the form "Cannot X: Y must be Z, got W".
 */
export class GaitkeeperError extends Error {
  override readonly name = "GaitkeeperError";

  /** When to come back (RFC 9110, section 10.2.3), where that is known. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: ErrorOptions & { readonly retryAfterSeconds?: number } = {},
  ) {
    super(message, options);
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
