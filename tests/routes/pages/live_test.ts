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

Deno.test("GET / on an empty store shows two ways to a first session", async () => {
  using kv = await Deno.openKv(":memory:");
  const { response, html } = await get(kv, "/");
  assertEquals(response.status, 200);
  assertStringIncludes(html, "No sessions yet");
  assertMatch(html, /<a class="button button-main" href="\/try">/);
  assertMatch(html, /<a class="button" href="\/developers">/);
  assertStringIncludes(html, "No open alerts");
  assert(!html.includes("textarea"), "the page listens to nobody who only watches");
});

Deno.test("GET / holds no inline script, style or handler, and its policy allows none", async () => {
  using kv = await Deno.openKv(":memory:");
  await putSession(kv, createSession("a", NOW_MS));
  for (const path of ["/", "/?level=low", "/sessions/a", "/try"]) {
    const { response, html } = await get(kv, path);
    assertEquals(response.status, 200, path);
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

/** Subjects of the rows, in their order. */
const subjectsOf = (html: string) =>
  Array.from(html.matchAll(/data-session="[^"]*"[^>]*>([^<]*)</g), ([, subject]) => subject);

Deno.test("GET / shows sessions, the riskiest first, and alerts before any script runs", async () => {
  using kv = await Deno.openKv(":memory:");
  await putSession(kv, createSession("b-calm", NOW_MS, { subject: "calm", device: "touch" }));
  const risky = createSession("a-risky", NOW_MS - 5000, {
    subject: "risky",
    reasons: STRANGE_REASONS,
  });
  await putSession(kv, risky, createAlert(risky, "alert-1", NOW_MS - 3 * 60_000));
  const { html } = await get(kv, "/");
  assertEquals(subjectsOf(html), ["risky", "calm"]);
  assertMatch(html, /class="alert level-high".*3 min ago/s);
  assertStringIncludes(html, "Pointer: 38 more seconds of movement");
  assertMatch(html, /<svg class="spark".*aria-label="Risk lately from \d+ to 82"/s);
  assertMatch(html, /Device unknown.*Touch/s);
  assertStringIncludes(html, 'aria-rowcount="3"');
});

Deno.test("GET / is narrowed by its address, ended sessions among it, and the form says so", async () => {
  using kv = await Deno.openKv(":memory:");
  await putSession(kv, createSession("a", NOW_MS, { subject: "ada", device: "pen" }));
  await putSession(kv, createSession("b", NOW_MS, { subject: "bob", reasons: STRANGE_REASONS }));
  await putSession(kv, createSession("c", NOW_MS - 6 * 60_000, { subject: "cay" }));
  const subjects = async (query: string) => subjectsOf((await get(kv, `/${query}`)).html);
  assertEquals(await subjects(""), ["bob", "ada"]);
  assertEquals(await subjects("?show=all"), ["bob", "ada", "cay"]);
  assertEquals(await subjects("?level=high"), ["bob"]);
  assertEquals(await subjects("?search=AD"), ["ada"]);
  assertEquals(await subjects("?device=pen&stage=ready"), ["ada"]);
  const { html } = await get(kv, "/?level=critical&show=all&search=x%22y");
  assertStringIncludes(html, "No session is like that right now.");
  assertMatch(html, /<option value="critical" selected/);
  assertMatch(html, /name="show" value="all" checked/);
  assertStringIncludes(html, 'value="x&quot;y"');
});

Deno.test("GET / says that nobody is active, and how many were", async () => {
  using kv = await Deno.openKv(":memory:");
  await putSession(kv, createSession("a", NOW_MS - 6 * 60_000));
  const { html } = await get(kv, "/");
  assertStringIncludes(html, "Nobody is active right now.");
  assertMatch(html, /href="\/\?show=all">Show 1 of the last day/);
});

Deno.test("GET /?session= leads to that session's page", async () => {
  using kv = await Deno.openKv(":memory:");
  const { response } = await get(kv, "/?session=a%2Fb");
  assertEquals([response.status, response.headers.get("Location")], [301, "/sessions/a%2Fb"]);
});

Deno.test("GET / lets no name of a subject out of the data block or the page", async () => {
  using kv = await Deno.openKv(":memory:");
  const subject = "</script><script>alert(1)</script>";
  await putSession(kv, createSession("a", NOW_MS, { subject }));
  const { html } = await get(kv, "/");
  assert(!html.includes("<script>alert"));
  assertEquals(propsOf(html, "live").sessions[0].subject, subject);
});

Deno.test("GET / renders a thousand sessions as a page of bounded size", async () => {
  using kv = await Deno.openKv(":memory:");
  for (let i = 0; i < 1000; i += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, j) => {
      return putSession(kv, createSession(`s${i + j}`, NOW_MS));
    }));
  }
  const { html } = await get(kv, "/");
  assertStringIncludes(html, "The 50 most urgent of 1,000 sessions.");
  assert(html.length < 150_000, `${html.length} characters`);
});
