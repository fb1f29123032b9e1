/** Forms of operators' pages, which work without script. */
import type { Context } from "hono";
import { GaitkeeperError } from "../../core/error.ts";
import { problemOf } from "../problem.ts";

/** Values by name; what was not sent is empty, and a file is none. */
export type Form = (name: string) => string;

export async function readForm(c: Context): Promise<Form> {
  const body = await c.req.parseBody();
  return (name) => {
    const value = body[name];
    return typeof value === "string" ? value : "";
  };
}

/** Where to go on: a path of this service, whatever the request says. */
export function nextPath(next: string | undefined): string {
  const home = new URL("http://here.invalid/");
  const url = next?.startsWith("/") ? URL.parse(next, home) : null;
  return url?.origin === home.origin ? url.pathname + url.search : "/";
}

/** Answers a form; what the person can mend comes back as the same page with a sentence. */
export async function answerForm(
  c: Context,
  attempt: () => Promise<Response>,
  page: (problem: string) => string | Promise<string>,
): Promise<Response> {
  try {
    return await attempt();
  } catch (error) {
    const { status, detail } = problemOf(error);
    if (!(error instanceof GaitkeeperError) || status === 500) throw error;
    return c.html(await page(detail), status as 400);
  }
}
