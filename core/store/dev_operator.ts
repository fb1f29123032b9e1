/** The operator whom dev signs in by itself. Nobody's member in a roster, so not the first operator. */
import type { AuditLog } from "./audit.ts";
import { DEFAULT_TENANT } from "./keys.ts";
import { newOperatorSession, type SignInPlace, sweepSessions } from "./operator_sessions.ts";
import { deleteOperator, getOperator, insertOperator, type Operator } from "./operators.ts";

const ID = "dev";

/** Signs the dev operator in, made on first use. @returns the secret for the cookie. */
export async function signDevIn(audit: AuditLog, place: SignInPlace): Promise<string> {
  const operator = await ensured(audit, place);
  const session = await newOperatorSession(DEFAULT_TENANT, "dev", place);
  const act = {
    actor: { kind: "operator" as const, id: ID },
    action: "operator.signed_in",
    target: { kind: "operator", id: ID },
    from: place.address,
    after: { method: "dev" },
  };
  await audit.record(DEFAULT_TENANT, act, (atomic) => session.write(atomic, operator));
  return session.secret;
}

/** Ends what dev had opened, for a store that was dev's and is so no longer. */
export async function endDevOperator(kv: Deno.Kv): Promise<void> {
  const operator = await getOperator(kv, ID);
  if (operator) await deleteOperator(kv.atomic(), operator).commit();
  await sweepSessions(kv, ID);
}

async function ensured({ kv }: AuditLog, { nowMs }: SignInPlace): Promise<Operator> {
  const operator: Operator = {
    ...{ version: 1, id: ID, email: "dev@localhost", name: "Dev", createdAtMs: nowMs },
    ...{ memberships: { [DEFAULT_TENANT]: "owner" }, recoveryCodes: [], passkeys: [], epoch: 0 },
  };
  // Another request may have been first; then it is that one's.
  await insertOperator(kv.atomic(), operator).commit();
  return await getOperator(kv, ID) ?? operator;
}
