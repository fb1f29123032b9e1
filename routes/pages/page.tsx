/** A page for whoever is signed in. */
import type { Context } from "hono";
import type { ComponentChildren } from "preact";
import type { OperatorEnv } from "../middleware/credentials.ts";
import { renderDocument } from "../views/document.tsx";

export interface PageProps {
  readonly title: string;
  readonly children: ComponentChildren;
}

/** The whole document, never kept by a cache: what it shows is somebody's. */
export function page(
  c: Context<OperatorEnv>,
  { title, children }: PageProps,
  status: 200 | 400 | 403 | 404 | 409 | 412 = 200,
): Response | Promise<Response> {
  c.header("Cache-Control", "no-store");
  const { operator } = c.var;
  return c.html(renderDocument({ title, path: c.req.path, operator, children }), status);
}
