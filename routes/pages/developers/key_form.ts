/** What the form for a new key sends. */
import { z } from "zod";
import { KEY_SCOPES } from "../../../core/permission.ts";

const Scope = z.enum(KEY_SCOPES);

export const KeyRequest = z.object({
  name: z.string().trim().min(1).max(120),
  scope: z.union([Scope, z.array(Scope).max(KEY_SCOPES.length)])
    .transform((scopes) => [...new Set([scopes].flat())]),
});
