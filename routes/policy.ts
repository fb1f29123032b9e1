/** `/v1/tenant/policy`: what other settings would have done, and what the settings were before. */
import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { z } from "zod";
import { Actor } from "../core/store/audit.ts";
import { listPolicyChanges } from "../core/store/policy_changes.ts";
import { tryPolicy } from "../core/store/policy_trial.ts";
import { TenantPolicy } from "../core/tenant.ts";
import type { AppDeps } from "./deps.ts";
import { says } from "./described.ts";
import { requirePermission } from "./middleware/principal.ts";
import { validated } from "./validation.ts";

const Proposal = z.strictObject({ policy: TenantPolicy });

const Count = z.number().int();
const Asked = z.object({
  sessions: Count,
  steppedUp: Count.meta({ description: "Asked to step up at least once, or blocked" }),
  blocked: Count,
});
const Outcome = z.object({
  genuine: Asked.meta({ description: "Nobody has said that these were an impostor's" }),
  impostor: Asked.meta({ description: "A verdict says that these were" }),
});
const TrialResponse = z.object({
  days: Count.meta({ description: "Looked back so far" }),
  sessions: Count.meta({ description: "Looked at" }),
  isCut: z.boolean().meta({ description: "There were more; the newest were looked at" }),
  present: Outcome,
  proposed: Outcome,
  curve: z.array(z.object({ enter: z.number(), genuine: Count, caught: Count })).readonly()
    .meta({ description: "Sessions stepped up by the risk at which high is entered" }),
  confirmedGenuine: Count.meta({ description: "Of the genuine, those that a verdict says were" }),
  unsure: Count.meta({ description: "Left out: their verdict is unsure" }),
  apart: Count.meta({ description: "Left out: with a verdict, but too little is kept of them" }),
  isEstimate: z.boolean().meta({
    description: "The half-life differs, and what would have been remembered is estimated",
  }),
});

export type PolicyTrialView = z.infer<typeof TrialResponse>;

const HISTORY_TOLD = 50;
const HistoryResponse = z.object({
  changes: z.array(z.object({
    at: z.iso.datetime(),
    by: Actor,
    before: TenantPolicy,
    after: TenantPolicy,
  })),
});

export function createPolicy(deps: AppDeps) {
  const { kv, nowMs, audit } = deps;
  return new Hono()
    .post(
      "/v1/tenant/policy/simulate",
      describeRoute({
        summary: "Try settings on the sessions of the last 30 days",
        description:
          "Changes nothing. A session counts as genuine unless a verdict on one of its alerts says that it was an impostor's.",
        ...says("What would have been asked", TrialResponse),
      }),
      requirePermission(deps, "tenant:read"),
      validated("json", Proposal),
      async (c) => {
        const { policy } = c.req.valid("json");
        const trial: z.input<typeof TrialResponse> = await tryPolicy(
          kv,
          c.var.principal.tenant,
          policy,
          nowMs(),
        );
        return c.json(trial);
      },
    )
    .get(
      "/v1/tenant/policy/history",
      describeRoute({
        summary: "List what the policy was before",
        ...says("Newest first, the last 50", HistoryResponse),
      }),
      requirePermission(deps, "tenant:read"),
      async (c) => {
        const changes = await listPolicyChanges(audit, c.var.principal.tenant.id, HISTORY_TOLD);
        return c.json({
          changes: changes.map(({ atMs, by, before, after }) => {
            return { at: new Date(atMs).toISOString(), by, before, after };
          }),
        });
      },
    );
}
