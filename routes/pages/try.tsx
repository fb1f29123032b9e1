/** `GET /try`: get to know oneself, then be attacked. */
import { Hono } from "hono";
import { TryPage } from "../../islands/try/try_page.tsx";
import type { AppDeps } from "../deps.ts";
import type { OperatorEnv } from "../middleware/credentials.ts";
import { Island } from "../views/document.tsx";
import { enrolmentGoals, levelBands } from "./levels.ts";
import { page } from "./page.tsx";

export function createTryPage(deps: Pick<AppDeps, "nowMs" | "windows">) {
  return new Hono<OperatorEnv>().get("/try", (c) => {
    const props = { nowMs: deps.nowMs(), bands: levelBands(), goals: enrolmentGoals(deps) };
    return page(c, {
      title: "Try it",
      children: <Island name="try" component={TryPage} props={props} />,
    });
  });
}
