/** What the composition root hands to every route. */
import type { GaitkeeperError } from "../core/error.ts";
import type { AuditLog } from "../core/store/audit.ts";
import type { Vault } from "../core/store/vault.ts";
import type { ModelSet } from "../core/models/model_set.ts";
import type { KeyboardWindowSettings, PointerWindowSettings } from "../core/window.ts";
import type { PasswordHasher } from "./operators/passwords.ts";
import type { OperatorVault } from "./operators/vault.ts";
import type { TraceFolder } from "./trace_folder.ts";

/** The live sessions of this process: what is decided over HTTP reaches them at once. */
export interface LiveSubjects {
  /** Ends every stream of a subject; what was not yet committed is dropped. */
  endSubject(tenant: string, subject: string, why: GaitkeeperError): void;
}

export interface AppDeps {
  readonly kv: Deno.Kv;
  /** Pending while models load: HTTP is up before they are. */
  readonly models: Promise<ModelSet>;
  /** What the models cut input into; known before they are loaded. */
  readonly windows: {
    readonly keyboard: KeyboardWindowSettings;
    readonly pointer: PointerWindowSettings;
  };
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Resolves after `ms`, or at once when the signal aborts. */
  readonly delay: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Where sessions of people who consented are recorded; absent where nothing is. */
  readonly traces?: TraceFolder | undefined;
  /** Seals what is kept of subjects. */
  readonly vault: Vault;
  /** Where acts of operators and API keys are recorded, with what they write. */
  readonly audit: AuditLog;
  /** Absent where no streams are served. */
  readonly live?: LiveSubjects;
  /** Seals and signs what operators' accounts need. */
  readonly operatorVault: OperatorVault;
  readonly passwords: PasswordHasher;
  /** Addresses and networks (CIDR) of proxies that say truly whom they speak for; none by default. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Public origin of this service. */
  readonly origin: string;
  /** In dev the dashboard signs its browser in (on loopback) and recordings may be replayed faster than life. */
  readonly dev: boolean;
  /** Folder of styles, icons and built islands. */
  readonly staticRoot: string;
  /** Folder of what `deno task evaluate report` wrote. */
  readonly reportRoot: string;
}
