/**
 * `deno task invite EMAIL`: a link to register by, made by whoever has the store and its key. The way
 * back in for a site whose owners have all lost theirs.
 */
import { parseArgs } from "@std/cli/parse-args";
import { GaitkeeperError } from "../core/error.ts";
import { Email } from "../core/operator.ts";
import { ROLES } from "../core/permission.ts";
import { createInvitation } from "../core/store/invitations.ts";
import { DEFAULT_TENANT } from "../core/store/keys.ts";
import { getTenant } from "../core/store/tenants.ts";
import { type OwnStore, runOnOwnStore } from "./own_store.ts";

const USAGE = `Usage: deno task invite EMAIL [--role ${ROLES.join("|")}] [--site ID]`;

if (import.meta.main) {
  const args = parseArgs(Deno.args, {
    string: ["_", "role", "site"],
    boolean: ["help"],
    default: { role: "owner", site: DEFAULT_TENANT },
  });
  const [email] = args._;
  if (args.help || args._.length !== 1) {
    console.error(USAGE);
    Deno.exit(2);
  }
  await runOnOwnStore("invite", (store) => invite(store, String(email), args.role, args.site));
}

/** Prints the link. @throws {GaitkeeperError} `request_invalid`, `not_found` */
async function invite(
  { kv, audit, settings }: OwnStore,
  given: string,
  role: string,
  tenant: string,
): Promise<number> {
  const email = Email.safeParse(given);
  const named = ROLES.find((name) => name === role);
  if (!email.success || !named) {
    throw new GaitkeeperError(
      "request_invalid",
      `Cannot invite: there must be an e-mail address and one of ${
        ROLES.join(", ")
      }, got "${given}" and "${role}"`,
    );
  }
  if (!await getTenant(kv, tenant)) {
    throw new GaitkeeperError("not_found", `Cannot invite: there is no site "${tenant}"`);
  }
  const by = { actor: { kind: "service" as const, id: "invite" } };
  const request = { tenant, email: email.data, role: named };
  const { invitation, secret } = await createInvitation(audit, request, by);
  console.log(`${settings.origin}/invitation#${secret}`);
  console.log(
    `Good once, until ${new Date(invitation.expiresAtMs).toISOString()}, for ${email.data}.`,
  );
  return 0;
}
