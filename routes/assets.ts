/** Files: styles, icons, built islands, and the collector and step-up dialog that other sites load. */
import { type Context, Hono } from "hono";
import { etag } from "hono/etag";
import { GaitkeeperError } from "../core/error.ts";
import type { AppDeps } from "./deps.ts";

/** One name, no folder: whatever it says, it cannot lead out of where it is looked for. */
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9]+)+$/;
/** Named after their content by the build. */
const NEVER_CHANGING = /^chunk-[A-Z0-9]{8}\.js$/;
const YEAR_S = 365 * 24 * 3600;

/** What pages of every site may load. */
const SITE_FILES = [
  "collector.js",
  "collector.d.ts",
  "step-up.js",
  "step-up-qr.js",
  "step-up.d.ts",
];

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  ts: "text/plain; charset=utf-8",
};

/** `GET /static/:name`, `/build/:name`, `/report/:name`, and for other sites {@linkcode SITE_FILES}. */
export function createAssets(
  { staticRoot, reportRoot }: Pick<AppDeps, "staticRoot" | "reportRoot">,
) {
  const build = `${staticRoot}/build`;
  const forEverySite = (name: string) => (c: Context) => {
    c.header("Access-Control-Allow-Origin", "*");
    c.header("Cross-Origin-Resource-Policy", "cross-origin");
    return serveFile(c, build, name);
  };
  // Entity tags path by path: one is made of a whole body, and a feed has no end.
  const app = new Hono()
    .get("/static/:name", etag(), (c) => serveFile(c, staticRoot, c.req.param("name")))
    .get("/report/:name", etag(), (c) => serveFile(c, reportRoot, c.req.param("name")))
    .get("/build/:name", etag(), (c) => serveFile(c, build, c.req.param("name")));
  for (const name of SITE_FILES) app.get(`/${name}`, etag(), forEverySite(name));
  return app;
}

async function serveFile(c: Context, folder: string, name: string): Promise<Response> {
  const contentType = CONTENT_TYPES[name.split(".").at(-1)!];
  if (!FILE_NAME.test(name) || !contentType) throw notFound();
  c.header("Content-Type", contentType);
  const isForever = NEVER_CHANGING.test(name);
  c.header("Cache-Control", isForever ? `public, max-age=${YEAR_S}, immutable` : "no-cache");
  return c.body(await readFile(`${folder}/${name}`));
}

async function readFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw notFound();
    throw error;
  }
}

function notFound(): GaitkeeperError {
  return new GaitkeeperError("not_found", "Cannot find file: there is none of this name");
}
