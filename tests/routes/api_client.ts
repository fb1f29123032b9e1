/** Asking an app as a holder of an API key does. */
import type { createApp } from "../../routes/app.ts";
import { SECRET_KEY } from "./test_service.ts";

type App = ReturnType<typeof createApp>;

export interface Answer {
  readonly status: number;
  // deno-lint-ignore no-explicit-any -- tests read what they expect
  readonly body: any;
}

/** A client with one key; `ask("POST /v1/keys", {…})`. */
export function createClient(app: App, secretKey = SECRET_KEY) {
  return async (what: string, body?: unknown): Promise<Answer> => {
    const [method, path] = what.split(" ");
    const headers: Record<string, string> = { Authorization: `Bearer ${secretKey}` };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const response = await app.request(path!, {
      method: method!,
      headers,
      ...body === undefined ? {} : { body: JSON.stringify(body) },
    });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : undefined };
  };
}
