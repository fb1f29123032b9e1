/** The OpenAPI document (3.1) of the API, made of the schemas that validate; also what `/docs` shows. */
import type { Hono } from "hono";
import { generateSpecs } from "hono-openapi";

export type ApiDocument = Awaited<ReturnType<typeof generateSpecs>>;

const OPTIONS: NonNullable<Parameters<typeof generateSpecs>[1]> = {
  // A validator's own answer is never sent: bad input is a problem like any other.
  defaultValidationErrorResponse: false,
  documentation: {
    info: {
      title: "Gaitkeeper",
      version: "1",
      description:
        "Continuous behavioural authentication. Errors are RFC 9457 problem details with a stable `code`; lists are paged by `cursor`. The stream itself is a WebSocket at /v1/stream with the subprotocols `gaitkeeper.v1` and a ticket.",
    },
    components: {
      securitySchemes: {
        secretKey: { type: "http", scheme: "bearer", description: "The tenant's secret key" },
        operatorSession: {
          type: "apiKey",
          in: "cookie",
          name: "__Host-gaitkeeper",
          description:
            "Of a signed-in operator; opens whatever their role allows, from this service's own pages alone. What is dangerous wants a proof within the last 10 minutes (`reauthentication_required`).",
        },
      },
    },
  },
};

const documents = new WeakMap<Hono, Promise<ApiDocument>>();

/** Made once for an API: it does not change while the service runs. */
export function describeApi(api: Hono): Promise<ApiDocument> {
  const known = documents.get(api);
  if (known) return known;
  const made = generateSpecs(api, OPTIONS);
  documents.set(api, made);
  return made;
}
