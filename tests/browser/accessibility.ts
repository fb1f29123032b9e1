/** Whether what a page shows can be used by everybody: axe-core, run in the page itself. */
import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";

const AXE = await Deno.readTextFile(new URL(import.meta.resolve("axe-core/axe.min.js")));
/** WCAG 2.2 at levels A and AA, and what axe-core holds good practice. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly {
    readonly target: readonly string[];
    readonly failureSummary: string;
  }[];
}

/** Fails with every rule that the page breaks now, and where. Frames are not looked into. */
export async function expectAccessible(page: Page): Promise<void> {
  // Evaluated by the debugger, so the page's own policy against foreign script stays as it is.
  await page.evaluate(AXE);
  const violations = await page.evaluate(async (rules) => {
    // deno-lint-ignore no-explicit-any
    const { axe } = globalThis as any;
    const found = await axe.run(document, { runOnly: { type: "tag", values: rules } });
    return found.violations as Violation[];
  }, RULES);
  const told = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) =>
      `${id} (${help}) ${target.join(" ")}: ${failureSummary}`
    )
  );
  assertEquals(told, []);
}
