/** Liveness and readiness. */
import { Hono } from "hono";
import { describeRoute, resolver } from "hono-openapi";
import { z } from "zod";
import { bellKey, DEFAULT_TENANT } from "../core/store/keys.ts";
import type { AppDeps } from "./deps.ts";

const Check = z.enum(["ok", "pending", "failed"]);
const Readiness = z.object({ ready: z.boolean(), store: Check, models: Check });

/** `GET /livez` does no I/O; `GET /readyz` is 503 until the store answers and the models are checked. */
export function createHealth({ kv, models }: Pick<AppDeps, "kv" | "models">) {
  let modelState: z.infer<typeof Check> = "pending";
  models.then(() => modelState = "ok", () => modelState = "failed");
  return new Hono()
    .get(
      "/livez",
      describeRoute({ responses: { 200: { description: "The process runs" } } }),
      (c) => c.json({ live: true }),
    )
    .get(
      "/readyz",
      describeRoute({
        responses: {
          200: {
            description: "Ready for streams",
            content: { "application/json": { schema: resolver(Readiness) } },
          },
          503: { description: "Not ready; the body says what is missing" },
        },
      }),
      async (c) => {
        const store = await kv.get(bellKey(DEFAULT_TENANT)).then(() => "ok", () => "failed");
        const ready = store === "ok" && modelState === "ok";
        return c.json({ ready, store, models: modelState }, ready ? 200 : 503);
      },
    );
}
