/** `/v1/subjects/:subject/templates`: versions of a subject's profiles, and rolling back to one. */
import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { z } from "zod";
import { GaitkeeperError } from "../core/error.ts";
import {
  getTemplate,
  rollBack,
  type TemplateStatus,
  type TemplateVersion,
  VERSION_REASONS,
} from "../core/store/versions.ts";
import { MODALITIES, type Modality } from "../core/window.ts";
import type { AppDeps } from "./deps.ts";
import { says } from "./described.ts";
import { actBy, requirePermission, requireRecentProof } from "./middleware/principal.ts";
import { sourceOf } from "./subjects/template_source.ts";
import { SubjectPath, validated } from "./validation.ts";

const VersionResponse = z.object({
  version: z.number().int(),
  reason: z.enum(VERSION_REASONS),
  madeAt: z.iso.datetime(),
  windows: z.number().int().meta({ description: "That the profile had learned by then" }),
  models: z.string().meta({ description: "Version of the models that it was learned by" }),
  rolledBackTo: z.number().int().optional(),
});
const TemplateResponse = z.object({
  learned: z.number().int().meta({ description: "Windows that the profile has learned by now" }),
  versions: z.array(VersionResponse).meta({ description: "Newest first, the last ten" }),
});
const TemplatesResponse = z.object({ keyboard: TemplateResponse, pointer: TemplateResponse });

const RollbackPath = SubjectPath.extend({ modality: z.enum(MODALITIES) });
const RollbackRequest = z.strictObject({ version: z.number().int().positive() });

export function createTemplates(deps: AppDeps) {
  return new Hono()
    .get(
      "/v1/subjects/:subject/templates",
      describeRoute({
        summary: "List the versions of a subject's profiles",
        ...says("What is known of them, not the templates themselves", TemplatesResponse),
      }),
      requirePermission(deps, "subjects:read"),
      validated("param", SubjectPath),
      async (c) => {
        const { subject } = c.req.valid("param");
        const { tenant } = c.var.principal;
        const read = async (modality: Modality) =>
          await getTemplate(await sourceOf(deps, tenant, subject, modality));
        const [keyboard, pointer] = await Promise.all([read("keyboard"), read("pointer")]);
        if (!keyboard && !pointer) {
          throw new GaitkeeperError("not_found", "Cannot find templates: the subject has none");
        }
        return c.json({
          keyboard: templateResponse(keyboard),
          pointer: templateResponse(pointer),
        });
      },
    )
    .post(
      "/v1/subjects/:subject/templates/:modality/rollback",
      describeRoute({
        summary: "Roll a profile back",
        description:
          "The profile becomes what it was in that version, as a version of its own. What was learned since is forgotten; live sessions score by it from their next commit on.",
        ...says("The version that was made", VersionResponse),
      }),
      requirePermission(deps, "subjects:write"),
      requireRecentProof(deps),
      validated("param", RollbackPath),
      validated("json", RollbackRequest),
      async (c) => {
        const { subject, modality } = c.req.valid("param");
        const { version } = c.req.valid("json");
        const source = await sourceOf(deps, c.var.principal.tenant, subject, modality);
        return c.json(versionResponse(await rollBack(deps.audit, source, version, actBy(c))));
      },
    );
}

const NOTHING: TemplateStatus = { learned: 0, versions: [] };

function templateResponse({ learned, versions }: TemplateStatus = NOTHING) {
  return { learned, versions: versions.map(versionResponse) };
}

function versionResponse({ number, atMs, ...version }: TemplateVersion) {
  return { version: number, madeAt: new Date(atMs).toISOString(), ...version };
}
