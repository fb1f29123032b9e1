/** The one-time link that lets the first operator of an installation register. */
import { z } from "zod";
import { GaitkeeperError } from "../error.ts";
import { SETUP_LIFE_MS } from "../operator.ts";
import { DEFAULT_TENANT, installationKey } from "./keys.ts";
import { hasOperators } from "./memberships.ts";
import { hashOfSecret, newSecret } from "./secret.ts";

const SetupLink = z.object({ version: z.literal(1), hash: z.string(), expiresAtMs: z.number() });
const KEY = installationKey("setup");

/** The secret of a new link, the earlier one's being dead; `undefined` once there is an operator. */
export async function issueSetupSecret(kv: Deno.Kv, nowMs: number): Promise<string | undefined> {
  if (await hasOperators(kv, DEFAULT_TENANT)) return undefined;
  const secret = newSecret();
  const link: z.infer<typeof SetupLink> = {
    version: 1,
    hash: await hashOfSecret(secret),
    expiresAtMs: nowMs + SETUP_LIFE_MS,
  };
  await kv.set(KEY, link, { expireIn: SETUP_LIFE_MS });
  return secret;
}

/**
 * Checks a link's secret.
 * @returns what uses it up when the first operator is written; of several tries one commits.
 * @throws {GaitkeeperError} `link_invalid`, without saying why.
 */
export async function checkSetupSecret(kv: Deno.Kv, secret: string, nowMs: number) {
  const entry = await kv.get(KEY);
  const link = entry.value === null ? undefined : SetupLink.parse(entry.value);
  if (!link || link.expiresAtMs <= nowMs || link.hash !== await hashOfSecret(secret)) {
    throw new GaitkeeperError(
      "link_invalid",
      "Cannot set up: the link must be the last one printed, unused, and at most a day old",
    );
  }
  return {
    use: (atomic: Deno.AtomicOperation) => atomic.check(entry).delete(KEY),
    isUsed: async () => (await kv.get(KEY)).versionstamp !== entry.versionstamp,
  };
}
