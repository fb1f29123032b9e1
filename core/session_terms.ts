/** What a live session is handed, whose it is, and what follows from that. */
import type { ModelSet } from "./models/model_set.ts";
import type { Vault } from "./store/vault.ts";
import type { SessionSettings } from "./tenant.ts";
import type { TrackStart } from "./track_settings.ts";

/** What a session is handed from outside. */
export interface SessionDeps {
  readonly kv: Deno.Kv;
  /** Seals what is kept of the subject. */
  readonly vault: Vault;
  readonly models: ModelSet;
  /** The server's clock, ms since the epoch. */
  readonly nowMs: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** See {@linkcode SessionSource}. */
  readonly withoutTenant?: SessionSettings | undefined;
}

export interface SessionIdentity {
  readonly tenant: string;
  readonly subject: string;
  readonly session: string;
  /** A recording played faster than it was typed: its time span is not held against the clock. */
  readonly replay?: boolean;
  /** Authentication context class under which the subject signed in. */
  readonly acr?: string | undefined;
  /** A profile may be made in this session alone: who is in front of it is told that it is one. */
  readonly oneSitting?: boolean | undefined;
}

/** How the tenant lets a profile be begun, in a session of this kind. */
export function enrolmentOf(
  { acr, oneSitting, replay }: SessionIdentity,
  { enrolment: { sessions, strong }, strongAcr }: SessionSettings,
): TrackStart["enrolment"] {
  const isStrong = acr !== undefined && strongAcr.includes(acr);
  return { sessions: oneSitting || replay ? 1 : sessions, mayEnrol: !strong || isStrong };
}

/** Recordings, and sessions of the dashboard's own page, begin anew each time. */
export function carriesOn({ oneSitting, replay }: SessionIdentity): boolean {
  return !oneSitting && !replay;
}
