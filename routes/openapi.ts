/** `GET /v1/openapi.json`: generated from the schemas that validate. */
import { Hono } from "hono";
import { describeApi } from "./api_document.ts";

/** The document of an API's routes; it does not list itself. */
export function createOpenApi(api: Hono) {
  return new Hono().get("/v1/openapi.json", async (c) => c.json(await describeApi(api)));
}
