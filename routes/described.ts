/** What a described route answers with, beside its problems (OpenAPI 3.1). */
import { resolver } from "hono-openapi";
import type { z } from "zod";
import { CREDENTIALS } from "./middleware/principal.ts";
import { problemResponse } from "./problem.ts";

export interface Described {
  /** 200 if not said. */
  readonly status?: 200 | 201;
  /** What opens the route; any credential of the tenant if not said, nothing is needed for `[]`. */
  readonly security?: Record<string, string[]>[];
}

/** The part of a description that says what comes back. */
export function says(
  description: string,
  schema: z.ZodType,
  { status = 200, security = CREDENTIALS }: Described = {},
) {
  const content = { "application/json": { schema: resolver(schema) } };
  return { security, responses: { [status]: { description, content }, ...problemResponse } };
}
