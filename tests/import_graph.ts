/** The project's own imports, read from its sources, and the arrows that may not be among them. */

/** Module path -> the project's modules and bare names that it imports, types included. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

const SOURCES = ["main.ts", "core", "routes", "islands", "models"];
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+"([^"]+)"|import\("([^"]+)"\)|(?:^|\n)import\s+"([^"]+)"/g;

export async function readImportGraph(root: URL): Promise<ImportGraph> {
  const graph = new Map<string, string[]>();
  for (const source of SOURCES) await visit(root, source, graph);
  return graph;
}

async function visit(root: URL, path: string, graph: Map<string, string[]>): Promise<void> {
  if ((await Deno.stat(new URL(path, root))).isDirectory) {
    for await (const { name } of Deno.readDir(new URL(path, root))) {
      await visit(root, `${path}/${name}`, graph);
    }
  } else if (/\.tsx?$/.test(path)) {
    graph.set(path, importsOf(path, await Deno.readTextFile(new URL(path, root))));
  }
}

export function importsOf(path: string, text: string): string[] {
  return Array.from(text.matchAll(IMPORT), ([, from, dynamic, bare]) => from ?? dynamic ?? bare!)
    .map((name) =>
      name.startsWith(".") ? new URL(name, `file:///${path}`).pathname.slice(1) : name
    );
}

/** Core's modules in the order of the data's way; a module imports earlier ones only. */
export const CORE_ORDER: readonly RegExp[] = [
  /^core\/(error|zones|told|random|permission|operator)\.ts$/,
  /^core\/wire\.ts$/,
  /^core\/(trace|recording|window|clock|progress|history|course|input_tally)\.ts$/,
  /^core\/features\//,
  /^core\/models\//,
  /^core\/(profile|portrait)\.ts$/,
  /^core\/evidence\.ts$/,
  /^core\/risk\.ts$/,
  /^core\/(decision|assurance)\.ts$/,
  /^core\/(alert|verdict_calibration)\.ts$/,
  /^core\/belief\.ts$/,
  /^core\/tenant\.ts$/,
  /^core\/policy_simulation\.ts$/,
  /^core\/store\//,
  /^core\/(track|track_settings|modality_tracks|replay_guard)\.ts$/,
  /^core\/session_terms\.ts$/,
  /^core\/assessment\.ts$/,
  /^core\/session\.ts$/,
  /^core\/verification\.ts$/,
];

/** What an island may take from core at run time, the rest being types. */
const SHARED_WITH_BROWSER = /^core\/(wire|zones|told|error|random|portrait)\.ts$/;
/** Composes routes, so it may import them; a route itself may not import another. */
const COMPOSERS = /^routes\/(app|server)\.ts$/;

/** Every forbidden arrow of the graph, in words. */
export function forbiddenArrows(graph: ImportGraph): string[] {
  const found: string[] = [];
  for (const [from, targets] of graph) {
    for (const to of targets) {
      const why = forbidden(from, to);
      if (why) found.push(`${from} -> ${to}: ${why}`);
    }
  }
  return found;
}

function forbidden(from: string, to: string): string | undefined {
  if (/^tests\//.test(to)) return "tests are never imported by source";
  if (/^core\//.test(from)) {
    if (/^(routes|islands|models|main)/.test(to)) return "core imports core alone";
    const serializes = to === "node:v8" && from === "core/store/serialized.ts";
    if (/^(hono|preact|ws$|node:)/.test(to) && !serializes) return "core knows no HTTP and no DOM";
    if (to.startsWith("onnxruntime") && from !== "core/models/onnx.ts") {
      return "only core/models/onnx.ts knows the runtime";
    }
    if (to.startsWith("core/") && rank(from) < rank(to)) {
      return "a stage imports earlier stages only";
    }
  }
  if (/^islands\//.test(from) && /^(core\/store|models|main)/.test(to)) {
    return "an island knows neither the store nor the training";
  }
  if (/^routes\//.test(from) && /^(models|main)/.test(to)) return "routes import core and islands";
  if (isRoute(from) && isRoute(to)) return "one route app does not import another";
  return undefined;
}

/** A file that exports a route app: directly under routes, named after its resource. */
function isRoute(path: string): boolean {
  return /^routes\/(account|alerts|confirm|dashboard|health|invitation|live|live_ticket|openapi|operator_resources|operators|sessions|setup|sign_in|stream|tickets)\.tsx?$/
    .test(path) && !COMPOSERS.test(path);
}

function rank(path: string): number {
  return CORE_ORDER.findIndex((pattern) => pattern.test(path));
}

/** Core's modules that {@linkcode CORE_ORDER} does not place. */
export function unplaced(graph: ImportGraph): string[] {
  return [...graph.keys()].filter((path) => path.startsWith("core/") && rank(path) < 0);
}

/** Values, not types, that an island's source takes from core or routes beyond what is shared. */
export function unsharedValues(path: string, text: string): string[] {
  const statements = text.matchAll(/(?:^|\n)import\s+(type\s)?([^;]*?)from\s+"([^"]+)"/g);
  return Array.from(statements).flatMap(([, type, names, from]) => {
    const target = from!.startsWith(".") ? new URL(from!, `file:///${path}`).pathname.slice(1) : "";
    const values = !type && names!.replace(/[{}\s]/g, "").split(",")
      .some((name) => name && !/^type[A-Z]/.test(name));
    return target.startsWith("core/") && values && !SHARED_WITH_BROWSER.test(target)
      ? [target]
      : [];
  });
}
