import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { GaitkeeperError } from "../../../core/error.ts";
import { drawCurves, probit } from "../../../models/evaluation/det_curve.ts";
import { detPoints } from "../../../models/evaluation/metrics.ts";
import { markdownOf, withTables } from "../../../models/evaluation/report.ts";
import { refusals } from "../../../models/evaluation/report_protocol.ts";

const TABLE = { title: "What", command: "deno task x", columns: ["a", "long"], rows: [["1", "2"]] };

Deno.test("markdownOf() aligns a table under its title and command", () => {
  const expected = "**What** (`deno task x`)\n\n" +
    "| a   | long |\n| --- | ---- |\n| 1   | 2    |\n";
  assertEquals(markdownOf(TABLE), expected);
});

Deno.test("withTables() replaces what stands between the marks, and again, and nothing else", () => {
  const card = "head\n<!-- report -->\nold\n<!-- /report -->\ntail\n";
  const once = withTables(card, [TABLE], "2026-01-02");
  assert(once.startsWith("head\n<!-- report -->\n\nMeasured on 2026-01-02.\n\n**What**"));
  assert(once.endsWith("<!-- /report -->\ntail\n") && !once.includes("old"));
  assertEquals(withTables(once, [TABLE], "2026-01-02"), once);
  assertThrows(() => withTables("no marks", [TABLE], "2026-01-02"), GaitkeeperError);
});

Deno.test("probit() is the normal quantile", () => {
  assertAlmostEquals(probit(0.5), 0, 5e-4);
  assertAlmostEquals(probit(0.975), 1.959964, 5e-4);
  assertAlmostEquals(probit(0.001), -3.090232, 5e-4);
});

Deno.test("detPoints() go from all refused to all let pass, never back", () => {
  const rows = Array.from({ length: 500 }, (_, i) => {
    return { score: (i * 7919) % 500 + (i % 2 ? 150 : 0), genuine: i % 2 === 0 };
  });
  const points = detPoints(rows);
  assert(points.length > 20 && points.length < rows.length);
  points.slice(1).forEach(([alarm, miss], i) => {
    assert(alarm <= points[i]![0] && miss >= points[i]![1]);
  });
});

Deno.test("drawCurves() draws every curve within the frame, named, for light pages and dark", () => {
  const svg = drawCurves([
    { name: "one", points: [[1, 0], [0.1, 0.1], [0, 1]] },
    { name: "two", points: [[0.5, 0.02], [0.02, 0.5]] },
  ]);
  for (const needle of ["one", "two", "prefers-color-scheme", "strangers let pass"]) {
    assert(svg.includes(needle), needle);
  }
  const numbers = [...svg.matchAll(/class="curve"[^>]* d="M([^"]+)"/g)]
    .filter(([, path]) => path!.includes("L"))
    .flatMap(([, path]) => path!.split("L").map((pair) => pair.split(" ").map(Number)));
  for (const [x, y] of numbers) assert(x! >= 70 && x! <= 680 && y! >= 20 && y! <= 500, `${x} ${y}`);
});

Deno.test("refusals() tells those refused most from the others", () => {
  const rows = Array.from({ length: 20 }, (_, claimed) => [
    ...Array.from({ length: 10 }, (_, i) => {
      // Two people of twenty are refused half of the time.
      return { claimed, owner: claimed, genuine: true, score: claimed < 2 && i % 2 ? 5 : 0 };
    }),
    { claimed, owner: (claimed + 1) % 20, genuine: false, score: 3 },
  ]).flat();
  const [all, worst, best] = refusals(rows);
  assertAlmostEquals(all, 0.05, 1e-12);
  assertEquals([worst, best], [0.5, 0]);
});
