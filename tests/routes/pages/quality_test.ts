import { assert, assertEquals } from "@std/assert";
import { createApp } from "../../../routes/app.ts";
import { seedAlerts } from "../seeded_alerts.ts";
import { createTestDeps } from "../test_service.ts";

const REPORT = {
  date: "2026-01-02",
  tables: {
    keyboard: [{
      title: "One <b>",
      command: "deno task x",
      columns: ["", "EER"],
      rows: [["a", "1 %"]],
    }],
  },
};

async function withReport(
  run: (app: ReturnType<typeof createApp>, reportRoot: string) => Promise<void>,
) {
  const folder = await Deno.makeTempDir();
  using kv = await Deno.openKv(":memory:");
  try {
    await run(
      createApp((await createTestDeps(kv, { dev: true, reportRoot: folder })).deps),
      folder,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("GET /quality shows every table with the command that prints it, and the curves", async () => {
  await withReport(async (app, reportRoot) => {
    await Deno.writeTextFile(`${reportRoot}/report.json`, JSON.stringify(REPORT));
    await Deno.writeTextFile(`${reportRoot}/keyboard_det.svg`, "<svg/>");
    const html = await (await app.request("http://localhost:3000/quality")).text();
    for (const words of ["2026-01-02", "Keyboard", "One &lt;b>", "deno task x", "1 %"]) {
      assert(html.includes(words), words);
    }
    const curves = await app.request("/report/keyboard_det.svg");
    assertEquals([curves.status, await curves.text()], [200, "<svg/>"]);
    assertEquals(curves.headers.get("content-type"), "image/svg+xml");
  });
});

Deno.test("GET /quality says so when nothing was measured", async () => {
  await withReport(async (app) => {
    const answer = await app.request("http://localhost:3000/quality");
    assertEquals(answer.status, 200);
    assert((await answer.text()).includes("Nothing was measured yet"));
  });
});

Deno.test("GET /quality holds verdicts against the risks of their alerts", async () => {
  using kv = await Deno.openKv(":memory:");
  const { deps } = await createTestDeps(kv, { dev: true });
  const app = createApp(deps);
  const read = async () => await (await app.request("http://localhost:3000/quality")).text();
  assert((await read()).includes("No verdicts yet"));
  // The third of every four is an impostor's.
  await seedAlerts(deps.audit, 12);
  const html = await read();
  assert(html.includes("Not enough verdicts to say more: 3 of 10 impostors and 0 of 10 genuine"));
  assert(/<th scope="row">\d+ to \d+<\/th>/.test(html));
});
