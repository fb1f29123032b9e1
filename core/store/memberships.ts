/** Who belongs to a tenant, and as what. A tenant that has an owner keeps one. */
import { z } from "zod";
import { GaitkeeperError } from "../error.ts";
import { type Role, ROLES } from "../permission.ts";
import type { Act, AuditLog } from "./audit.ts";
import { operatorIndexKey, operatorKey } from "./keys.ts";
import { changeOperator, deleteOperator, Operator } from "./operators.ts";

/**
 * The operators of a tenant with their roles, in one row, so that two owners who remove each other
 * at the same time cannot both succeed. Written with the memberships that it sums up.
 */
const Roster = z.object({ version: z.literal(1), roles: z.record(z.string(), z.enum(ROLES)) });

/** Of one tenant; the roster is one value of the store. */
const MEMBERS_LIMIT = 500;
/** Times a change is worked out again when another one of the tenant came first. */
const RACES = 100;

type By = Pick<Act, "actor" | "from">;
type Entry = Deno.KvEntryMaybe<unknown>;

const rosterKey = (tenant: string) => operatorIndexKey("roster", tenant);

function rolesOf({ value }: Entry): Readonly<Record<string, Role>> {
  return value === null ? {} : Roster.parse(value).roles;
}

/** Whether anybody has registered for the tenant. */
export async function hasOperators(kv: Deno.Kv, tenant: string): Promise<boolean> {
  return Object.keys(rolesOf(await kv.get(rosterKey(tenant)))).length > 0;
}

/** The tenant's operators, oldest first, those of one moment by their address. */
export async function listOperators(kv: Deno.Kv, tenant: string): Promise<Operator[]> {
  const ids = Object.keys(rolesOf(await kv.get(rosterKey(tenant))));
  const operators: Operator[] = [];
  for (let i = 0; i < ids.length; i += 10) {
    for (const { value } of await kv.getMany(ids.slice(i, i + 10).map((id) => operatorKey(id)))) {
      if (value !== null) operators.push(Operator.parse(value));
    }
  }
  // Ids of one moment are in no order.
  return operators.sort((a, b) => a.createdAtMs - b.createdAtMs || (a.email < b.email ? -1 : 1));
}

/** The tenant's roster as it is, to add to. */
export async function readRoster(kv: Deno.Kv, tenant: string) {
  const entry: Entry = await kv.get(rosterKey(tenant));
  const roles = rolesOf(entry);
  if (Object.keys(roles).length >= MEMBERS_LIMIT) {
    throw new GaitkeeperError(
      "request_invalid",
      `Cannot register: a tenant must have at most ${MEMBERS_LIMIT} operators`,
    );
  }
  return {
    isEmpty: Object.keys(roles).length === 0,
    isChanged: async () => (await kv.get(entry.key)).versionstamp !== entry.versionstamp,
    /** Adds an operator, if the roster is still what it was. */
    add: (atomic: Deno.AtomicOperation, operator: string, role: Role) =>
      atomic.check(entry).set(entry.key, { version: 1, roles: { ...roles, [operator]: role } }),
  };
}

/**
 * Gives an operator another role; it counts from their next request on.
 * @throws {GaitkeeperError} `not_found`, `last_owner`
 */
export async function changeRole(
  audit: AuditLog,
  { tenant, operator: id, role, by }: {
    readonly tenant: string;
    readonly operator: string;
    readonly role: Role;
    readonly by: By;
  },
): Promise<Operator> {
  return await changeMembership(audit, tenant, id, (operator, was) => {
    const memberships = { ...operator.memberships, [tenant]: role };
    const act = { ...by, action: "operator.role_changed", before: was, after: role };
    return { role, act, changed: { ...operator, memberships } };
  });
}

/**
 * Lets an operator of another tenant into this one too.
 * @param write what it uses up, and what goes with it.
 * @throws {GaitkeeperError} `email_taken` when they belong to it already, `not_found`,
 *   `store_conflict` where a check of `write`'s own failed.
 */
export async function joinTenant(
  audit: AuditLog,
  { tenant, operator: id, role, by, write }: {
    readonly tenant: string;
    readonly operator: string;
    readonly role: Role;
    readonly by: By;
    readonly write: (atomic: Deno.AtomicOperation, joined: Operator) => Deno.AtomicOperation;
  },
): Promise<void> {
  const roster = await readRoster(audit.kv, tenant);
  const change = (now: Operator) => {
    if (tenant in now.memberships) {
      throw new GaitkeeperError("email_taken", "Cannot join: you belong to this tenant already");
    }
    return { ...now, memberships: { ...now.memberships, [tenant]: role } };
  };
  const act = {
    ...by,
    action: "operator.joined",
    target: { kind: "operator", id },
    after: role,
  };
  const joined = await changeOperator(audit, id, {
    tenant,
    act,
    change,
    write: (atomic, operator) => write(roster.add(atomic, id, role), operator),
  });
  if (!joined) throw new GaitkeeperError("not_found", "Cannot join: there is no such operator");
}

/**
 * Takes an operator out of a tenant, and their record away with their last membership. Their sessions
 * are dead at once.
 * @throws {GaitkeeperError} `not_found`, `last_owner`
 */
export async function removeOperator(
  audit: AuditLog,
  { tenant, operator: id, by }: {
    readonly tenant: string;
    readonly operator: string;
    readonly by: By;
  },
): Promise<void> {
  await changeMembership(audit, tenant, id, (operator, was) => {
    const { [tenant]: _, ...memberships } = operator.memberships;
    const before = { email: operator.email, role: was };
    const act = { ...by, action: "operator.removed", before };
    return { role: undefined, act, changed: { ...operator, memberships } };
  });
}

interface MembershipChange {
  readonly role: Role | undefined;
  readonly act: Omit<Act, "target">;
  readonly changed: Operator;
}

async function changeMembership(
  audit: AuditLog,
  tenant: string,
  id: string,
  change: (operator: Operator, was: Role) => MembershipChange,
): Promise<Operator> {
  for (let race = 0; race < RACES; race++) {
    const at: [Deno.KvKey, Deno.KvKey] = [rosterKey(tenant), operatorKey(id)];
    const [roster, entry]: Entry[] = await audit.kv.getMany(at);
    const roles = rolesOf(roster!);
    const was = roles[id];
    if (!was || entry!.value === null) {
      throw new GaitkeeperError("not_found", "Cannot change operator: there is none of this id");
    }
    const operator = Operator.parse(entry!.value);
    const { role, act, changed } = change(operator, was);
    const { [id]: _, ...others } = roles;
    const after = role ? { ...others, [id]: role } : others;
    if (!Object.values(after).includes("owner")) {
      throw new GaitkeeperError("last_owner", "Cannot change operator: one owner must be left");
    }
    const whole = { ...act, target: { kind: "operator", id } };
    const done = await audit.record(tenant, whole, (atomic) => {
      atomic.check(roster!, entry!).set(roster!.key, { version: 1, roles: after });
      return Object.keys(changed.memberships).length > 0
        ? atomic.set(entry!.key, changed)
        : deleteOperator(atomic, operator);
    });
    if (done) return changed;
  }
  throw new GaitkeeperError("store_conflict", "Cannot change operator: others keep changing it");
}
