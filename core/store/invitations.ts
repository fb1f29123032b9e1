/** Invitations: the right of one person to register for a tenant, once, within a week. */
import { ulid } from "@std/ulid";
import { z } from "zod";
import { GaitkeeperError } from "../error.ts";
import { INVITATION_LIFE_MS } from "../operator.ts";
import { type Role, ROLES } from "../permission.ts";
import type { Act, AuditLog } from "./audit.ts";
import { operatorIndexKey } from "./keys.ts";
import { hashOfSecret, newSecret } from "./secret.ts";

export const Invitation = z.object({
  version: z.literal(1),
  id: z.string(),
  tenant: z.string(),
  email: z.string(),
  role: z.enum(ROLES),
  /** SHA-256 of its secret, hex. */
  hash: z.string(),
  /** Operator who invited. */
  by: z.string(),
  createdAtMs: z.number(),
  expiresAtMs: z.number(),
});
export type Invitation = z.infer<typeof Invitation>;

/** Of one tenant, open at a time. */
const INVITATIONS_LIMIT = 100;

const byHashKey = (hash: string) => operatorIndexKey("invitation", hash);
const openKey = (tenant: string, ...id: string[]) => operatorIndexKey("invited", tenant, ...id);

/**
 * Invites somebody.
 * @returns the invitation and its secret, which is told here and never again.
 * @throws {GaitkeeperError} `request_invalid` when too many are open.
 */
export async function createInvitation(
  audit: AuditLog,
  request: { readonly tenant: string; readonly email: string; readonly role: Role },
  by: Pick<Act, "actor" | "from">,
): Promise<{ readonly invitation: Invitation; readonly secret: string }> {
  const nowMs = audit.nowMs();
  const open = await listInvitations(audit.kv, request.tenant, nowMs);
  if (open.length >= INVITATIONS_LIMIT) {
    throw new GaitkeeperError(
      "request_invalid",
      `Cannot invite: at most ${INVITATIONS_LIMIT} invitations may be open`,
    );
  }
  const secret = newSecret();
  const invitation: Invitation = {
    version: 1,
    id: ulid(nowMs) as string,
    ...request,
    hash: await hashOfSecret(secret),
    by: by.actor.id,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + INVITATION_LIFE_MS,
  };
  const { tenant, id, email, role, hash } = invitation;
  const act = {
    ...by,
    action: "operator.invited",
    target: { kind: "invitation", id },
    after: { email, role },
  };
  const expireIn = INVITATION_LIFE_MS;
  await audit.record(tenant, act, (atomic) =>
    atomic
      .set(byHashKey(hash), invitation, { expireIn })
      .set(openKey(tenant, id), { hash }, { expireIn }));
  return { invitation, secret };
}

/** Those of a tenant that can still be taken up, oldest first. */
export async function listInvitations(
  kv: Deno.Kv,
  tenant: string,
  nowMs: number,
): Promise<Invitation[]> {
  const open: Invitation[] = [];
  for await (const { value } of kv.list({ prefix: openKey(tenant) })) {
    const { hash } = z.object({ hash: z.string() }).parse(value);
    const found = await kv.get(byHashKey(hash));
    const invitation = found.value === null ? undefined : Invitation.parse(found.value);
    if (invitation && invitation.expiresAtMs > nowMs) open.push(invitation);
  }
  return open;
}

/** Takes an invitation back. @throws {GaitkeeperError} `not_found` */
export async function revokeInvitation(
  audit: AuditLog,
  { tenant, id, by }: {
    readonly tenant: string;
    readonly id: string;
    readonly by: Pick<Act, "actor" | "from">;
  },
): Promise<void> {
  const open = await listInvitations(audit.kv, tenant, audit.nowMs());
  const found = open.find((invitation) => invitation.id === id);
  if (found) {
    const entry = await audit.kv.get(byHashKey(found.hash));
    const act = { ...by, action: "invitation.revoked", target: { kind: "invitation", id } };
    const taken = (atomic: Deno.AtomicOperation) => remove(atomic.check(entry), found);
    if (entry.value !== null && await audit.record(tenant, act, taken)) return;
  }
  throw new GaitkeeperError("not_found", "Cannot revoke invitation: there is none of this id");
}

/**
 * Checks an invitation's secret.
 * @returns the invitation, and what uses it up; of several tries one commits.
 * @throws {GaitkeeperError} `link_invalid`, without saying why.
 */
export async function checkInvitation(kv: Deno.Kv, secret: string, nowMs: number) {
  const entry = await kv.get(byHashKey(await hashOfSecret(secret)));
  const invitation = entry.value === null ? undefined : Invitation.parse(entry.value);
  if (!invitation || invitation.expiresAtMs <= nowMs) {
    throw new GaitkeeperError(
      "link_invalid",
      "Cannot register: the invitation must be unused, not taken back, and at most a week old",
    );
  }
  return {
    invitation,
    use: (atomic: Deno.AtomicOperation) => remove(atomic.check(entry), invitation),
    isUsed: async () => (await kv.get(entry.key)).versionstamp !== entry.versionstamp,
  };
}

function remove(atomic: Deno.AtomicOperation, { tenant, id, hash }: Invitation) {
  return atomic.delete(byHashKey(hash)).delete(openKey(tenant, id));
}
