/** The OpenAPI document as a reference shows it: operations in groups, each with what it takes and gives. */
import type { ApiDocument } from "../../api_document.ts";

/** JSON Schema (2020-12), as far as the service's own schemas use it. */
export interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly additionalProperties?: boolean | Schema;
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

export interface Answer {
  readonly status: string;
  readonly description: string;
  readonly contentType?: string;
  readonly schema?: Schema;
}

export interface Operation {
  /** Anchor on the page: "post-v1-tickets". */
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly permission?: string;
  /** What opens it: the names of security schemes; empty is open to all. */
  readonly credentials: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly body?: Schema;
  readonly answers: readonly Answer[];
  readonly problems: readonly string[];
}

export interface OperationGroup {
  readonly name: string;
  readonly operations: readonly Operation[];
}

interface RawOperation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { description: string; content?: Content }>>;
  readonly "x-permission"?: string;
  readonly "x-dangerous"?: boolean;
}
type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

const METHODS = ["get", "post", "put", "patch", "delete"] as const;
/** Codes stand in descriptions as `code`. */
const QUOTED = /`([a-z]+(?:_[a-z]+)+)`/g;

/** By the first segment of the path behind the version, in the order of the document. */
export function groupOperations(document: ApiDocument): OperationGroup[] {
  const groups = new Map<string, Operation[]>();
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const raw = (item as Record<string, RawOperation | undefined>)[method];
      if (!raw) continue;
      const name = groupName(path);
      groups.set(name, [...groups.get(name) ?? [], operationOf(method, path, raw)]);
    }
  }
  return [...groups].map(([name, operations]) => ({ name, operations }));
}

/** Those whose method, path, words, scope or problem codes have every word of `text` in them. */
export function filterOperations(
  groups: readonly OperationGroup[],
  text: string,
): OperationGroup[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (operation: Operation) => {
    const { method, path, summary, description = "", permission = "", problems } = operation;
    const told = [method, path, summary, description, permission, ...problems];
    const searched = told.join(" ").toLowerCase();
    return words.every((word) => searched.includes(word));
  };
  return groups.map(({ name, operations }) => ({ name, operations: operations.filter(fits) }))
    .filter(({ operations }) => operations.length > 0);
}

function groupName(path: string): string {
  const [first, second] = path.split("/").filter(Boolean);
  return first === "v1" ? second! : "health";
}

/** Anchor of an operation on the page. */
export function operationAnchor(method: string, path: string): string {
  return `${method}${path}`.replaceAll(/[^a-z0-9]+/gi, "-").replace(/-$/, "");
}

function operationOf(method: string, path: string, raw: RawOperation): Operation {
  const body = raw.requestBody && Object.values(raw.requestBody.content)[0]?.schema;
  const permission = raw["x-permission"];
  return {
    id: operationAnchor(method, path),
    method: method.toUpperCase(),
    path,
    summary: raw.summary ?? HEALTH_SUMMARIES[path] ?? path,
    ...raw.description ? { description: raw.description } : {},
    ...permission ? { permission } : {},
    credentials: (raw.security ?? []).flatMap((scheme) => Object.keys(scheme)),
    parameters: raw.parameters ?? [],
    ...body ? { body } : {},
    answers: Object.entries(raw.responses).filter(([status]) => status !== "default").map(
      ([status, { description, content = {} }]) => {
        const [contentType, media] = Object.entries(content)[0] ?? [];
        const schema = media?.schema;
        return {
          status,
          description,
          ...contentType ? { contentType } : {},
          ...schema ? { schema } : {},
        };
      },
    ),
    problems: problemsOf(method, raw),
  };
}

const HEALTH_SUMMARIES: Readonly<Record<string, string>> = {
  "/livez": "Whether the process runs",
  "/readyz": "Whether it can serve: store and models",
};

/** What every operation of its kind may answer, and what its own words name. */
function problemsOf(method: string, raw: RawOperation): string[] {
  const codes = new Set<string>();
  if (raw.parameters?.length || raw.requestBody) codes.add("request_invalid");
  if (raw.requestBody) codes.add("request_too_large");
  if (raw.security?.length) codes.add("credential_invalid");
  if (raw["x-permission"]) codes.add("permission_denied");
  if (raw["x-dangerous"] && method !== "get") codes.add("reauthentication_required");
  const described = JSON.stringify([raw.description, raw.requestBody, raw.parameters]);
  for (const [, code] of described.matchAll(QUOTED)) codes.add(code!);
  return [...codes];
}
