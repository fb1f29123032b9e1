import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { bundleSiteScript } from "../../../islands/build.ts";
import type * as declared from "../../../islands/step_up/step_up.d.ts";
import * as stepUp from "../../../islands/step_up/mod.ts";
import { qrPath } from "../../../islands/step_up/qr.ts";

const BUDGET_BYTES = 10 * 1024;

const bundles = {
  "step-up.js": await bundleSiteScript("islands/step_up/script.ts"),
  "step-up-qr.js": await bundleSiteScript("islands/step_up/qr.ts"),
};

for (const [name, bytes] of Object.entries(bundles)) {
  Deno.test(`${name} is at most 10 KiB gzip`, async () => {
    const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
    const gzip = new Response(stream.pipeThrough(new CompressionStream("gzip")));
    assertLessOrEqual((await gzip.bytes()).length, BUDGET_BYTES);
  });

  Deno.test(`${name} parses no markup, evaluates nothing and sets no style`, () => {
    const source = new TextDecoder().decode(bytes);
    assert(/document|prototype|return/.test(source), "the search must be able to find something");
    const forbidden = /innerHTML|outerHTML|insertAdjacentHTML|\b(eval|Function)\s*\(|\.style\b/;
    assertEquals(forbidden.exec(source)?.[0], undefined);
  });
}

Deno.test("step_up.d.ts declares what the module exports", () => {
  const { offerStepUp, enrolFactor }: typeof declared = stepUp;
  assert(offerStepUp === stepUp.offerStepUp && enrolFactor === stepUp.enrolFactor);
});

Deno.test("qrPath() draws the finder patterns in a quiet zone of four modules", () => {
  const { size, path } = qrPath("otpauth://totp/x?secret=JBSWY3DPEHPK3PXP");
  const dark = new Set(
    Array.from(path.matchAll(/M(\d+) (\d+)h1v1h-1z/g), ([, x, y]) => `${x},${y}`),
  );
  assert(dark.size > 100 && size >= 29);
  const corners = [[4, 4], [size - 11, 4], [4, size - 11]];
  for (const [left, top] of corners as [number, number][]) {
    for (let i = 0; i < 7; i++) assert(dark.has(`${left + i},${top}`), `${left + i},${top}`);
    assert(!dark.has(`${left + 1},${top + 1}`) && dark.has(`${left + 3},${top + 3}`));
  }
  for (const module of dark) {
    for (const at of module.split(",").map(Number)) assert(at >= 4 && at < size - 4, module);
  }
});
