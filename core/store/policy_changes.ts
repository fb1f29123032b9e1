/** What a tenant's policy was before, as its audit log has it. */
import { z } from "zod";
import { StoredPolicy, type TenantPolicy } from "../tenant.ts";
import type { Actor, AuditEntry, AuditLog } from "./audit.ts";

/** One change of the policy. */
export interface PolicyChange {
  /** Of the audit entry. */
  readonly sequence: number;
  readonly atMs: number;
  readonly by: Actor;
  readonly before: TenantPolicy;
  readonly after: TenantPolicy;
}

const READ_AT_ONCE = 200;
/** Entries looked through, newest first. */
const READ_AT_MOST = 4000;

const Changed = z.object({ policy: StoredPolicy });

/** Newest first; what is further back than the log is looked through is not told. */
export async function listPolicyChanges(
  audit: AuditLog,
  tenant: string,
  limit: number,
): Promise<PolicyChange[]> {
  const changes: PolicyChange[] = [];
  let cursor: string | undefined;
  for (let read = 0; read < READ_AT_MOST; read += READ_AT_ONCE) {
    const page = await audit.list(tenant, { limit: READ_AT_ONCE, cursor });
    for (const entry of page.items) {
      const change = changeOf(entry);
      if (change) changes.push(change);
      if (changes.length === limit) return changes;
    }
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  return changes;
}

function changeOf({ action, before, after, sequence, atMs, actor }: AuditEntry) {
  if (action !== "tenant.changed" || before === undefined || after === undefined) return undefined;
  const [was, is] = [before, after].map((text) => Changed.safeParse(JSON.parse(text)));
  if (!was?.success || !is?.success) return undefined;
  const policies = { before: was.data.policy, after: is.data.policy };
  // A form that was saved as it stood changed nothing.
  if (JSON.stringify(policies.before) === JSON.stringify(policies.after)) return undefined;
  return { sequence, atMs, by: actor, ...policies };
}
