/** Where a subject's templates are read, by the rules of their tenant. */
import { versionsOf } from "../../core/models/model_set.ts";
import type { TemplateSource } from "../../core/store/versions.ts";
import type { Tenant } from "../../core/tenant.ts";
import type { Modality } from "../../core/window.ts";
import type { AppDeps } from "../deps.ts";

/** Waits for the models, whose version says which templates can be read. */
export async function sourceOf(
  { kv, vault, models, nowMs }: Pick<AppDeps, "kv" | "vault" | "models" | "nowMs">,
  { id: tenant, retention }: Tenant,
  subject: string,
  modality: Modality,
): Promise<TemplateSource> {
  const modelsVersion = versionsOf(await models)[modality];
  const idleDays = retention.idleProfiles;
  return { kv, vault, tenant, subject, modality, modelsVersion, idleDays, nowMs: nowMs() };
}
