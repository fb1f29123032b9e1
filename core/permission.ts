/** Who may do what in a tenant: the scopes of an API key, and the roles of operators. */

/** What a credential may be allowed; also the scopes of an API key. */
export const PERMISSIONS = [
  "tickets:create",
  "sessions:read",
  "sessions:verify",
  "alerts:read",
  "alerts:write",
  "subjects:read",
  "subjects:write",
  "subjects:erase",
  // Makes links by which whoever opens them acts as the subject: takes all with them, erases it.
  "subjects:link",
  "tenant:read",
  "tenant:manage",
  "keys:manage",
  "operators:manage",
  "audit:read",
] as const;
export type Permission = typeof PERMISSIONS[number];

/** `owner` runs the tenant, `analyst` works on its alerts and subjects, `viewer` looks. */
export const ROLES = ["owner", "analyst", "viewer"] as const;
export type Role = typeof ROLES[number];

const VIEWER: readonly Permission[] = [
  "sessions:read",
  "alerts:read",
  "subjects:read",
  "tenant:read",
];
const ANALYST: readonly Permission[] = [
  ...VIEWER,
  "sessions:verify",
  "alerts:write",
  "subjects:write",
];

const OF_ROLE: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  owner: new Set(PERMISSIONS),
  analyst: new Set(ANALYST),
  viewer: new Set(VIEWER),
};

/** What an API key may be allowed: everything but to make operators, who are people. */
export const KEY_SCOPES = PERMISSIONS.filter((name) => name !== "operators:manage");

export function can(role: Role, permission: Permission): boolean {
  return OF_ROLE[role].has(permission);
}
