/** `GET /v1/openapi.json`: generated from the schemas that validate. */
import { Hono } from "hono";
import { openAPIRouteHandler } from "hono-openapi";

/** The document of an API's routes; it does not list itself. */
export function createOpenApi(api: Hono) {
  return new Hono().get(
    "/v1/openapi.json",
    openAPIRouteHandler(api, {
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
    }),
  );
}
