import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Role } from "../../../core/permission.ts";
import { DEFAULT_TENANT } from "../../../core/store/keys.ts";
import { getTenant, updateTenant } from "../../../core/store/tenants.ts";
import { DEFAULT_TENANT_SETTINGS } from "../../../core/tenant.ts";
import { draftHref, draftOf } from "../../../islands/policy/draft.ts";
import type { AppDeps } from "../../../routes/deps.ts";
import { cookieOf, seedOperator, Visitor } from "../operators/seeded_operators.ts";
import { seedCourse, seedVerdict } from "../seeded_courses.ts";
import { createTestDeps, TEST_ACTOR } from "../test_service.ts";

const { policy } = DEFAULT_TENANT_SETTINGS;
const HOUR_MS = 3600_000;

async function withPage(
  run: (
    deps: AppDeps,
    as: (role: Role) => Promise<Visitor>,
    clock: { nowMs: number },
  ) => Promise<void>,
) {
  using kv = await Deno.openKv(":memory:");
  const { deps, clock } = await createTestDeps(kv);
  await run(deps, async (role) => {
    const { operator } = await seedOperator(deps, { role, email: `${role}@example.com` });
    return new Visitor(deps, { cookie: await cookieOf(deps, operator) });
  }, clock);
}

const saved = async ({ kv }: AppDeps) => (await getTenant(kv, DEFAULT_TENANT))!.policy;

/** What a browser without script sends: every field, and the version that stands in the page. */
function formOf(html: string, change: Record<string, string>): Record<string, string> {
  const version = /name="version" value="([^"]+)"/.exec(html)![1]!;
  const query = new URL(draftHref(draftOf(policy)), "http://here.invalid").searchParams;
  return { ...Object.fromEntries(query), version, ...change };
}

Deno.test("/policy says what settings would have done, tries others and saves them, all by forms", async () => {
  await withPage(async (deps, as) => {
    for (const [i, risk] of [2, 3, 60, 75].entries()) {
      await seedCourse(deps.audit, `s${i}`, [1, risk]);
    }
    await seedVerdict(deps.audit, "s3", "impostor");
    const owner = await as("owner");
    const first = await (await owner.get("/policy")).text();
    assertStringIncludes(first, "stepped up 1 genuine session in 3 and caught 1 of 1 confirmed.");
    const tried = await owner.post("/policy", formOf(first, { act: "try", highEnter: "65" }));
    const page = await tried.text();
    assertStringIncludes(page, "stepped up 0 genuine sessions in 3 and caught 1 of 1 confirmed.");
    assertStringIncludes(page, "Enter high at 50 → 65 of 100");
    assertEquals(await saved(deps), policy);
    const done = await owner.post("/policy", formOf(page, { act: "save", highEnter: "65" }));
    assertEquals([done.status, done.headers.get("Location")], [303, "/policy?saved"]);
    assertEquals((await saved(deps)).levels.high, { enter: 65, leave: 30 });
    const after = await (await owner.get("/policy?saved")).text();
    assertStringIncludes(after, "by An owner");
    const back = /href="(\/policy\?form=1[^"]+)"/.exec(after)![1]!.replaceAll("&amp;", "&");
    assertStringIncludes(await (await owner.get(back)).text(), "Enter high at 65 → 50 of 100");
    const { items: [act] } = await deps.audit.list(DEFAULT_TENANT, { limit: 1 });
    assertEquals(act?.action, "tenant.changed");
  });
});

Deno.test("/policy does not let two owners overwrite each other: the second sees what is saved now", async () => {
  await withPage(async (deps, as) => {
    const owner = await as("owner");
    const first = await (await owner.get("/policy")).text();
    const theirs = { ...policy, stepUpConfidence: 0.6 };
    await updateTenant(deps.audit, DEFAULT_TENANT, { policy: theirs }, TEST_ACTOR);
    const refused = await owner.post("/policy", formOf(first, { act: "save", highEnter: "65" }));
    const page = await refused.text();
    assertEquals(refused.status, 412);
    assertStringIncludes(page, "Somebody else has changed the settings");
    assertStringIncludes(page, "Ask for a step-up from confidence 60 → 40 %");
    assertEquals(await saved(deps), theirs);
    const done = await owner.post("/policy", formOf(page, { act: "save", highEnter: "65" }));
    assertEquals(done.status, 303);
  });
});

Deno.test("/policy is tried by who may look, and saved by owners alone, soon after they proved who they are", async () => {
  await withPage(async (deps, as, clock) => {
    for (const role of ["viewer", "analyst"] as const) {
      const visitor = await as(role);
      const page = await (await visitor.get("/policy")).text();
      assert(!page.includes('value="save"'), role);
      assertEquals((await visitor.post("/policy", formOf(page, { act: "try" }))).status, 200);
      const refused = await visitor.post("/policy", formOf(page, { act: "save", shadow: "on" }));
      assertEquals(refused.status, 403);
    }
    const owner = await as("owner");
    const page = await (await owner.get("/policy")).text();
    clock.nowMs += HOUR_MS;
    const asked = await owner.post("/policy", formOf(page, { act: "save", highEnter: "65" }));
    const to = decodeURIComponent(asked.headers.get("Location") ?? "");
    assert(to.startsWith("/confirm?next=/policy?form=1") && to.includes("highEnter=65"), to);
    assertEquals(await saved(deps), policy);
  });
});

Deno.test("/policy refuses what makes no sense, says why, and keeps what was typed", async () => {
  await withPage(async (deps, as) => {
    const owner = await as("owner");
    const page = await (await owner.get("/policy")).text();
    for (const act of ["try", "save"]) {
      for (const wrong of [{ highEnter: "10" }, { prior: "x" }, { halfLifeMinutes: "0" }]) {
        const refused = await owner.post("/policy", formOf(page, { act, ...wrong }));
        const said = await refused.text();
        assertEquals(refused.status, 400);
        assertStringIncludes(said, 'class="problem"');
      }
    }
    const asked = await owner.post("/policy", formOf(page, { act: "try", highEnter: "10" }));
    assertStringIncludes(
      await asked.text(),
      'name="highEnter" min="0" max="100" step="any" value="10"',
    );
    assertEquals(await saved(deps), policy);
  });
});
