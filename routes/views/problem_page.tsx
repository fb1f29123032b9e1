/** A problem as a page, for whoever opened one in a browser. */
import type { Context } from "hono";
import { problemOf, respondWithProblem } from "../problem.ts";
import { renderDocument } from "./document.tsx";

/** A page where a browser asked for one, problem details for everybody else. */
export function respondToVisitor(c: Context, error: unknown): Response | Promise<Response> {
  const isPage = c.req.header("Accept")?.includes("text/html") && !c.req.path.startsWith("/v1/");
  const problem = problemOf(error);
  if (!isPage || problem.status === 500) return respondWithProblem(c, error);
  return c.html(
    renderDocument({
      title: problem.title,
      path: c.req.path,
      operator: c.get("operator"),
      children: (
        <div class="account account-narrow">
          <section class="panel">
            <h1>{problem.title}</h1>
            <p>{problem.detail}.</p>
            <p>
              <a href="/">To the start</a>
            </p>
          </section>
        </div>
      ),
    }),
    problem.status as 400,
  );
}
