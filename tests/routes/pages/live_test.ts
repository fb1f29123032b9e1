import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createApp } from "../../../routes/app.ts";
import { createDashboardDeps } from "../../browser/dashboard_server.ts";
import { createAlert, createSession, putSession, STRANGE_REASONS } from "../seeded_store.ts";

const NOW_MS = 1_790_000_000_000;

async function get(kv: Deno.Kv, path: string) {
  const response = await createApp(await createDashboardDeps(kv, () => NOW_MS)).request(path);
  return { response, html: await response.text() };
}

/** The props that an island is hydrated with. */
function propsOf(html: string, island: string) {
  const block = new RegExp(`<script type="application/json" id="${island}-props">(.*?)</script>`);
  return JSON.parse(block.exec(html)![1]!);
}

Deno.test("GET / renders on an empty store what there will be", async () => {
  using kv = await Deno.openKv(":memory:");
  const { response, html } = await get(kv, "/");
  assertEquals(response.status, 200);
  assertStringIncludes(html, "No opinion yet");
  assertStringIncludes(html, "140 more strokes");
  assertStringIncludes(html, "No sessions yet");
  assertStringIncludes(html, "No alerts");
});

Deno.test("GET / holds no inline script, style or handler, and its policy allows none", async () => {
  using kv = await Deno.openKv(":memory:");
  await putSession(kv, createSession("a", NOW_MS));
  for (const path of ["/", "/?session=a", "/try"]) {
    const { response, html } = await get(kv, path);
    for (const [tag] of html.matchAll(/<script[^>]*>/g)) {
      assertMatch(tag, /type="application\/json"| src="\/build\//);
    }
    assert(!/<style|\sstyle=|\son[a-z]+=|javascript:/i.test(html), path);
    assert(!/(src|href)="(https?:)?\/\//.test(html), "it asks a third party");
    const policy = response.headers.get("Content-Security-Policy")!;
    assertMatch(policy, /script-src 'self'(;|$)/);
    assertMatch(policy, /style-src 'self'(;|$)/);
  }
});

Deno.test("GET / shows sessions, the riskiest first, and alerts before any script runs", async () => {
  using kv = await Deno.openKv(":memory:");
  await putSession(kv, createSession("b-calm", NOW_MS, { subject: "calm" }));
  const risky = createSession("a-risky", NOW_MS - 5000, {
    subject: "risky",
    reasons: STRANGE_REASONS,
  });
  await putSession(kv, risky, createAlert(risky, "alert-1", NOW_MS - 3 * 60_000));
  const { html } = await get(kv, "/");
  const table = html.slice(html.indexOf('<table class="sessions"'));
  assert(table.indexOf(">risky<") < table.indexOf(">calm<"));
  assertMatch(html, /class="alert level-high".*3 min ago/s);
  assertStringIncludes(html, "2 sessions.");
});

Deno.test("GET /?session= shows that session with its reasons and its line", async () => {
  using kv = await Deno.openKv(":memory:");
  await putSession(kv, createSession("a", NOW_MS, { subject: "eve", reasons: STRANGE_REASONS }));
  const { html } = await get(kv, "/?session=a");
  assertStringIncludes(html, "Session of eve");
  assertStringIncludes(html, "holds on letters 38 ms shorter than usual, 2.1 deviations");
  assertStringIncludes(html, "<polyline");
  assertEquals(propsOf(html, "live").detail.session, "a");
});

Deno.test("GET / hands the reasons over so that they and the prior add up to the risk", async () => {
  using kv = await Deno.openKv(":memory:");
  await putSession(kv, createSession("a", NOW_MS, { reasons: STRANGE_REASONS }));
  const { detail } = propsOf((await get(kv, "/?session=a")).html, "live");
  const logOdds = detail.reasons.reduce(
    (sum: number, { nats }: { nats: number }) => sum + nats,
    detail.priorNats,
  );
  assertEquals((100 / (1 + Math.exp(-logOdds))).toFixed(6), detail.risk.toFixed(6));
});

Deno.test("GET / lets no name of a subject out of the data block or the page", async () => {
  using kv = await Deno.openKv(":memory:");
  const subject = "</script><script>alert(1)</script>";
  await putSession(kv, createSession("a", NOW_MS, { subject }));
  const { html } = await get(kv, "/?session=a");
  assert(!html.includes("<script>alert"));
  assertEquals(propsOf(html, "live").detail.subject, subject);
});

Deno.test("GET / renders a thousand sessions as a page of bounded size", async () => {
  using kv = await Deno.openKv(":memory:");
  for (let i = 0; i < 1000; i += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, j) => {
      return putSession(kv, createSession(`s${i + j}`, NOW_MS, { history: [] }));
    }));
  }
  const { html } = await get(kv, "/");
  assertStringIncludes(html, "riskiest of 1,000 sessions");
  assert(html.length < 60_000, `${html.length} characters`);
});
