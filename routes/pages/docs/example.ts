/** An example of a request, made of its own schemas. */
import type { Operation, Schema } from "./reference.ts";

/** What stands for a value of this name, so that the example says what it is. */
const BY_NAME: Readonly<Record<string, unknown>> = {
  subject: "user-4711",
  session: "01K…",
  id: "01K…",
  ids: ["01K…"],
  email: "you@example.com",
  name: "Example",
  policyVersion: "2026-11",
  how: "settings page",
  note: "The owner was on the phone",
  origin: "https://www.example",
  acr: "aal2",
  amr: ["hwk", "pin"],
};

/** What may be left out, and without which the request is refused of somebody new. */
const WANTED: ReadonlySet<string> = new Set(["consent"]);

/** One request by curl; `undefined` for what no key opens. */
export function curlOf(operation: Operation, service: string): string | undefined {
  const { method, path, credentials, body, parameters } = operation;
  if (credentials.length > 0 && !credentials.includes("secretKey")) return undefined;
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name) => {
    const schema = parameters.find((parameter) => parameter.name === name)?.schema ?? {};
    return String(exampleOf(schema, name));
  });
  const lines = [`curl${method === "GET" ? "" : ` -X ${method}`} ${service}${filled}`];
  if (credentials.length) lines.push('-H "Authorization: Bearer $GAITKEEPER_SECRET_KEY"');
  if (body) {
    lines.push('-H "Content-Type: application/json"', `-d '${JSON.stringify(exampleOf(body))}'`);
  }
  return lines.join(" \\\n  ");
}

/** A value that fits the schema: what is required, or else the first of what may be named. */
export function exampleOf(schema: Schema, name = ""): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const choice = (schema.anyOf ?? schema.oneOf)?.find(({ type }) => type !== "null");
  if (choice) return exampleOf(choice, name);
  const known = BY_NAME[name];
  if (known !== undefined && (Array.isArray(known) ? "array" : "string") === schema.type) {
    return known;
  }
  switch (schema.type) {
    case "object":
      return exampleObject(schema);
    case "array":
      return schema.items ? [exampleOf(schema.items)] : [];
    case "boolean":
      return schema.default ?? true;
    case "integer":
    case "number":
      return schema.default ?? exampleNumber(schema);
    default:
      return schema.format === "date-time" ? "2026-11-23T12:00:00Z" : "…";
  }
}

function exampleObject({ properties = {}, required = [] }: Schema): Record<string, unknown> {
  const wanted = Object.keys(properties).filter((name) => WANTED.has(name));
  const named = required.length ? required : Object.keys(properties).slice(0, 1);
  const names = [...new Set([...named, ...wanted])];
  return Object.fromEntries(names.map((name) => [name, exampleOf(properties[name] ?? {}, name)]));
}

function exampleNumber({ minimum, exclusiveMinimum, maximum }: Schema): number {
  const least = Math.max(
    minimum ?? 0,
    exclusiveMinimum === undefined ? 0 : exclusiveMinimum + 1,
    0,
  );
  return Math.min(Math.max(least, 1), maximum ?? Infinity);
}
