/** Request validation that answers with a problem instead of a validator's own shape. */
import { validator } from "hono-openapi";
import { z } from "zod";
import { GaitkeeperError } from "../core/error.ts";

/** An id that the tenant chose: short enough for a key of the store, and nothing that hides. */
export const OpaqueId = z.string()
  .regex(/^[\x21-\x7e]{1,128}$/, "must be 1 to 128 visible ASCII characters");

/** The path of what belongs to one subject. */
export const SubjectPath = z.object({ subject: OpaqueId });

export const ConsentRequest = z.strictObject({
  policyVersion: z.string().min(1).max(64)
    .meta({ description: "Of the text agreed to, as you call it" }),
  how: z.string().min(1).max(200).meta({ description: "Such as `settings page`" }),
});

interface Issue {
  readonly message: string;
  readonly path?: readonly unknown[] | undefined;
}

/** Validates a part of the request by the schema that the OpenAPI document shows. */
export function validated<Target extends "json" | "query" | "param", Schema extends z.ZodType>(
  target: Target,
  schema: Schema,
) {
  return validator(target, schema, (result) => {
    if (result.success) return;
    const { message, path } = (result.error as readonly Issue[])[0]!;
    const place = path?.length ? `${target}.${path.map(placeName).join(".")}` : target;
    throw new GaitkeeperError("request_invalid", `Cannot accept request: ${place}: ${message}`);
  });
}

function placeName(segment: unknown): string {
  return typeof segment === "object" && segment !== null && "key" in segment
    ? String(segment.key)
    : String(segment);
}
