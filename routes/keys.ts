/** `/v1/keys`: the tenant's secret API keys. */
import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { z } from "zod";
import { GaitkeeperError } from "../core/error.ts";
import { KEY_SCOPES, type Permission } from "../core/permission.ts";
import {
  type ApiKey,
  createApiKey,
  getApiKey,
  listApiKeys,
  type MadeKey,
  revokeApiKey,
  rotateApiKey,
} from "../core/store/api_keys.ts";
import type { AppDeps } from "./deps.ts";
import { says } from "./described.ts";
import { actBy, CREDENTIALS, type Principal, requirePermission } from "./middleware/principal.ts";
import { problemResponse } from "./problem.ts";
import { validated } from "./validation.ts";

const Scope = z.enum(KEY_SCOPES);
const HOUR_S = 3600;

export const KeyRequest = z.strictObject({
  name: z.string().min(1).max(120).meta({ description: "What tells it apart in a list" }),
  scopes: z.array(Scope).min(1).max(KEY_SCOPES.length),
});
const RotationRequest = z.strictObject({
  overlapSeconds: z.number().int().min(0).max(30 * 24 * HOUR_S).default(24 * HOUR_S)
    .meta({ description: "How long the old key goes on beside its successor" }),
});
const KeyPath = z.object({ id: z.string().max(64) });

const KeyResponse = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(Scope),
  hint: z.string().meta({ description: "How the secret begins" }),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().optional(),
  endsAt: z.iso.datetime().optional()
    .meta({ description: "From then on it opens nothing: revoked, or replaced" }),
});
const MadeKeyResponse = KeyResponse.extend({
  secret: z.string().meta({ description: "Told this once and never again" }),
});
const KeysResponse = z.object({ keys: z.array(KeyResponse) });

export function createKeys(deps: AppDeps) {
  const { audit, kv } = deps;
  const may = requirePermission(deps, "keys:manage");
  return new Hono()
    .get(
      "/v1/keys",
      describeRoute({ summary: "List API keys", ...says("Newest first", KeysResponse) }),
      may,
      async (c) => {
        const keys = await listApiKeys(kv, c.var.principal.tenant.id);
        return c.json({ keys: keys.map(keyResponse) });
      },
    )
    .post(
      "/v1/keys",
      describeRoute({
        summary: "Make an API key",
        ...says("The key", MadeKeyResponse, { status: 201 }),
      }),
      may,
      validated("json", KeyRequest),
      async (c) => {
        const { tenant } = c.var.principal;
        const request = c.req.valid("json");
        refuseBeyond(c.var.principal, request.scopes);
        return c.json(madeKey(await createApiKey(audit, tenant.id, request, actBy(c))), 201);
      },
    )
    .post(
      "/v1/keys/:id/rotate",
      describeRoute({
        summary: "Replace an API key",
        ...says("Its successor; the old one ends after the overlap", MadeKeyResponse, {
          status: 201,
        }),
      }),
      may,
      validated("param", KeyPath),
      validated("json", RotationRequest),
      async (c) => {
        const { tenant } = c.var.principal;
        const overlapMs = 1000 * c.req.valid("json").overlapSeconds;
        const { id } = c.req.valid("param");
        // Whoever replaces a key is told the new secret.
        refuseBeyond(c.var.principal, (await getApiKey(kv, tenant.id, id))?.scopes ?? []);
        return c.json(madeKey(await rotateApiKey(audit, tenant.id, id, overlapMs, actBy(c))), 201);
      },
    )
    .delete(
      "/v1/keys/:id",
      describeRoute({
        summary: "Revoke an API key",
        security: CREDENTIALS,
        responses: { 204: { description: "It opens nothing any more" }, ...problemResponse },
      }),
      may,
      validated("param", KeyPath),
      async (c) => {
        await revokeApiKey(audit, c.var.principal.tenant.id, c.req.valid("param").id, actBy(c));
        return c.body(null, 204);
      },
    );
}

/** Nobody gives, or is given, more than they have. */
function refuseBeyond({ permissions }: Principal, scopes: readonly Permission[]): void {
  const beyond = scopes.find((scope) => !permissions.has(scope));
  if (!beyond) return;
  throw new GaitkeeperError(
    "permission_denied",
    `Cannot make key: its scopes must be the maker's own, got ${beyond}`,
  );
}

function madeKey({ key, secret }: MadeKey) {
  return { ...keyResponse(key), secret };
}

function keyResponse({ id, name, scopes, hint, createdAtMs, lastUsedAtMs, endsAtMs }: ApiKey) {
  const time = (atMs: number) => new Date(atMs).toISOString();
  return {
    id,
    name,
    scopes,
    hint,
    createdAt: time(createdAtMs),
    ...lastUsedAtMs === undefined ? {} : { lastUsedAt: time(lastUsedAtMs) },
    ...endsAtMs === undefined ? {} : { endsAt: time(endsAtMs) },
  };
}
