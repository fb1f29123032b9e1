/** Settings from the environment, refused clearly at start. */
import { z } from "zod";
import { GaitkeeperError } from "../core/error.ts";
import { networkList } from "./middleware/address.ts";

const Environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  GAITKEEPER_DATA: z.string().min(1).default(".data"),
  GAITKEEPER_KV: z.string().min(1).optional(),
  GAITKEEPER_ORIGIN: z.url({ protocol: /^https?$/ }).optional(),
  GAITKEEPER_TRACES: z.string().min(1).optional(),
  GAITKEEPER_TRUSTED_PROXY: z.string().transform((text) =>
    text.split(",").map((part) => part.trim())
  )
    .refine(areNetworks, "must be addresses or networks such as 10.0.0.0/8, set apart by commas")
    .optional(),
  GAITKEEPER_MASTER_KEY: z.string().regex(/^[0-9a-f]{64}$/, "must be 64 hex digits").optional(),
});

function areNetworks(networks: readonly string[]): boolean {
  try {
    networkList(networks);
    return true;
  } catch {
    return false;
  }
}

/** Every variable there is. */
export const SETTING_NAMES: readonly string[] = Object.keys(Environment.shape);

export interface Settings {
  readonly dev: boolean;
  readonly port: number;
  /** Folder of the embedded store and, in dev, of generated secrets. */
  readonly data: string;
  /** Path or KV Connect URL of the store. */
  readonly kv: string;
  /** Public origin, no trailing slash. */
  readonly origin: string;
  /** Folder of the traces of people who consented; absent where nobody is recorded. */
  readonly traces: string | undefined;
  /** Addresses and networks of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[] | undefined;
  /** 64 hex digits; absent only in dev, which makes its own. */
  readonly masterKey: string | undefined;
}

/**
 * Parses the environment; an empty variable is as good as none.
 * @throws {GaitkeeperError} `settings_invalid`, naming the variable.
 */
export function parseSettings(
  environment: Readonly<Record<string, string>>,
  { dev }: { readonly dev: boolean },
): Settings {
  const given = Object.entries(environment).filter(([, value]) => value !== "");
  const result = Environment.safeParse(Object.fromEntries(given));
  if (!result.success) {
    const { path, message } = result.error.issues[0]!;
    throw new GaitkeeperError("settings_invalid", `Cannot start: ${path.join(".")}: ${message}`);
  }
  const {
    PORT,
    GAITKEEPER_DATA,
    GAITKEEPER_KV,
    GAITKEEPER_ORIGIN,
    GAITKEEPER_TRACES,
    GAITKEEPER_TRUSTED_PROXY,
    GAITKEEPER_MASTER_KEY,
  } = result.data;
  if (!dev && !GAITKEEPER_MASTER_KEY) {
    throw new GaitkeeperError(
      "settings_invalid",
      "Cannot start: GAITKEEPER_MASTER_KEY must be 64 hex digits, such as `openssl rand -hex 32` prints; only dev makes its own",
    );
  }
  return {
    dev,
    port: PORT,
    data: GAITKEEPER_DATA,
    kv: GAITKEEPER_KV ?? `${GAITKEEPER_DATA}/gaitkeeper.kv`,
    origin: new URL(GAITKEEPER_ORIGIN ?? `http://localhost:${PORT}`).origin,
    traces: GAITKEEPER_TRACES,
    trustedProxies: GAITKEEPER_TRUSTED_PROXY,
    masterKey: GAITKEEPER_MASTER_KEY,
  };
}
