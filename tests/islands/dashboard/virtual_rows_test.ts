import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { rowsInSight } from "../../../islands/dashboard/virtual_rows.ts";

Deno.test("rowsInSight() draws every row in sight, and a bounded number of others", () => {
  const views = fc.record({
    topPx: fc.integer({ min: -200_000, max: 5000 }),
    windowPx: fc.integer({ min: 300, max: 2000 }),
    rowPx: fc.integer({ min: 30, max: 150 }),
    count: fc.integer({ min: 1, max: 3000 }),
  });
  fc.assert(fc.property(views, (view) => {
    const { from, to } = rowsInSight(view);
    const { topPx, windowPx, rowPx, count } = view;
    assert(from >= 0 && to <= count);
    for (let i = 0; i < count; i++) {
      const [top, bottom] = [topPx + i * rowPx, topPx + (i + 1) * rowPx];
      if (bottom > 0 && top < windowPx) assert(i >= from && i < to, `row ${i} of ${from} to ${to}`);
    }
    assert(to - from <= windowPx / rowPx + 2 + 2 * (8 + 4), `${to - from} rows`);
  }));
});

Deno.test("rowsInSight() changes once in a few rows that are scrolled by, not with every pixel", () => {
  const view = { windowPx: 800, rowPx: 50, count: 1000 };
  const seen = new Set(
    Array.from({ length: 400 }, (_, px) => JSON.stringify(rowsInSight({ ...view, topPx: -px }))),
  );
  assert(seen.size > 1 && seen.size <= 6, `${seen.size} of 400`);
  assertEquals(rowsInSight({ ...view, topPx: 0 }).from, 0);
});
