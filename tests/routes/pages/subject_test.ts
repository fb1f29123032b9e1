import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Role } from "../../../core/permission.ts";
import { getConsent } from "../../../core/store/consents.ts";
import { DEFAULT_TENANT } from "../../../core/store/keys.ts";
import { getTemplate } from "../../../core/store/versions.ts";
import { createTenant } from "../../../core/store/tenants.ts";
import { MODALITIES } from "../../../core/window.ts";
import type { AppDeps } from "../../../routes/deps.ts";
import { cookieOf, seedOperator, Visitor } from "../operators/seeded_operators.ts";
import { PICTURED_MODELS, seedSubject } from "../seeded_subjects.ts";
import { createTestDeps, TEST_ACTOR } from "../test_service.ts";

/** An id that has to be escaped wherever it stands. */
const SUBJECT = 'ada/"<b>&%2e';
const PATH = `/subjects/${encodeURIComponent(SUBJECT)}`;
const ROLLBACK = `${PATH}/templates/keyboard/1/rollback`;
const HOUR_MS = 3600_000;

async function withSubject(
  run: (deps: AppDeps, clock: { nowMs: number }) => Promise<void>,
  strokes = 500,
): Promise<void> {
  using kv = await Deno.openKv(":memory:");
  const change = { models: Promise.resolve(PICTURED_MODELS) };
  const { deps, clock } = await createTestDeps(kv, change);
  await seedSubject(deps, { subject: SUBJECT, strokes });
  await run(deps, clock);
}

async function operatorOf(deps: AppDeps, role: Role, tenant = DEFAULT_TENANT): Promise<Visitor> {
  const email = `${role}@${tenant}.example`;
  const { operator } = await seedOperator(deps, { role, tenant, email });
  return new Visitor(deps, { cookie: await cookieOf(deps, operator, tenant) });
}

const textOf = async (response: Promise<Response>) => await (await response).text();

async function statusOf(response: Promise<Response>): Promise<number> {
  const { status, body } = await response;
  await body?.cancel();
  return status;
}

function templateOf({ kv, vault, nowMs }: AppDeps) {
  const modelsVersion = PICTURED_MODELS.keyboard.version;
  const at = { tenant: DEFAULT_TENANT, subject: SUBJECT, modality: "keyboard" } as const;
  return getTemplate({ kv, vault, ...at, modelsVersion, idleDays: 180, nowMs: nowMs() });
}

const actionsOf = async ({ audit }: AppDeps, limit: number) =>
  (await audit.list(DEFAULT_TENANT, { limit })).items.map(({ action }) => action);

Deno.test("/subjects/:subject draws what is kept, and says it in numbers beside", async () => {
  await withSubject(async (deps) => {
    const page = await textOf((await operatorOf(deps, "viewer")).get(PATH));
    assert(!page.includes("<b>&"), "an id is never markup");
    for (
      const part of ["Typing rhythm", "Speed profile", "Directions", "The profile became ready"]
    ) {
      assert(page.includes(part), part);
    }
    const { profile } = (await templateOf(deps))!;
    const letters = PICTURED_MODELS.keyboard.features
      .findIndex(({ name }) => name === "holdMeanMs.letter");
    const holds = profile!.references.map(({ vector }) => vector[letters]!).sort((a, b) => a - b);
    const middle = (holds[23]! + holds[24]!) / 2;
    const row = /<th scope="row">Letters<\/th>.*?<\/tr>/s.exec(page)![0];
    assert(row.includes(`>${Number(middle.toPrecision(3))}<`), `${middle} in ${row}`);
    // Nothing is styled inline, which the policy would drop.
    assert(!/ style=/.test(page));
    assert(page.includes(`href="/sessions/`));
  });
});

Deno.test("/subjects/:subject says what is missing, and draws nothing of too little", async () => {
  await withSubject(async (deps) => {
    const page = await textOf((await operatorOf(deps, "viewer")).get(PATH));
    assertMatch(page, /About \d+ more strokes until it speaks/);
    assert(page.includes("No picture of the typing rhythm yet"));
    assert(!page.includes("How long keys are held"));
  }, 60);
});

Deno.test("/subjects/:subject answers for another tenant's subject as for nobody", async () => {
  await withSubject(async (deps) => {
    await createTenant(deps.audit, { id: "other", name: "Other", nowMs: deps.nowMs() }, TEST_ACTOR);
    const owner = await operatorOf(deps, "owner", "other");
    const normal = (text: string) => text.replaceAll(/nobody-at-all|ada[^ <]*/g, "<id>");
    for (const path of ["", "/consent", "/consent/withdraw", "/export", "/erase"]) {
      const answer = async (id: string) => {
        const at = `/subjects/${encodeURIComponent(id)}${path}`;
        const fields = { subject: id, policyVersion: "1", how: "x" };
        const response = await (path ? owner.post(at, fields) : owner.get(at));
        return [response.status, normal(await response.text())];
      };
      const theirs = await answer(SUBJECT);
      assertEquals(theirs, await answer("nobody-at-all"));
      assertEquals(theirs[0], 404, path);
    }
    const list = await textOf(owner.get(`/subjects?id=ada`));
    assert(list.includes("There is no subject") && !list.includes("seen lately"));
    assert(!(await textOf(owner.get("/subjects"))).includes("ada"));
  });
});

Deno.test("viewers see and are refused what analysts do, and analysts what owners do", async () => {
  await withSubject(async (deps) => {
    const viewer = await operatorOf(deps, "viewer");
    const analyst = await operatorOf(deps, "analyst");
    const seen = await textOf(viewer.get(PATH));
    assert(!/rollback|consent\/withdraw|\/erase"/.test(seen));
    for (const path of [ROLLBACK, `${PATH}/consent`, `${PATH}/consent/withdraw`, `${PATH}/erase`]) {
      assertEquals(await statusOf(viewer.post(path, { subject: SUBJECT })), 403, path);
    }
    const worked = await textOf(analyst.get(PATH));
    assert(/rollback/.test(worked) && /consent\/withdraw/.test(worked) && !/\/erase"/.test(worked));
    assertEquals(await statusOf(analyst.post(`${PATH}/erase`, { subject: SUBJECT })), 403);
    assertEquals(
      (await getConsent(deps.kv, DEFAULT_TENANT, SUBJECT)).consent?.how,
      "settings page",
    );
    // Another site's page acts for nobody.
    const foreign = { Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" };
    assertEquals(await statusOf(analyst.post(ROLLBACK, {}, foreign)), 403);
  });
});

Deno.test("rolling back wants a recent proof, and makes a version of its own", async () => {
  await withSubject(async (deps, clock) => {
    const analyst = await operatorOf(deps, "analyst");
    clock.nowMs += HOUR_MS;
    const led = await analyst.post(ROLLBACK);
    const confirm = `/confirm?next=${encodeURIComponent(PATH)}`;
    assertEquals([led.status, led.headers.get("Location")], [303, confirm]);
    assertEquals((await templateOf(deps))!.versions.length, 3);
    const page = await textOf(analyst.get(PATH));
    assert(!page.includes("/rollback") && page.includes("confirm it is you"));

    const fresh = await seedOperator(deps, { role: "analyst", email: "fresh@example.com" });
    const cookie = await cookieOf(deps, fresh.operator);
    const recent = new Visitor(deps, { cookie });
    const done = await recent.post(ROLLBACK);
    assertEquals([done.status, done.headers.get("Location")], [303, `${PATH}?done=rolled-back`]);
    const { versions, learned } = (await templateOf(deps))!;
    assertEquals([versions[0]!.reason, versions[0]!.rolledBackTo], ["rolled_back", 1]);
    assertEquals(learned, versions.at(-1)!.windows);
    assertEquals(await actionsOf(deps, 1), ["subject.rolled_back"]);
    const gone = await recent.post(`${PATH}/templates/keyboard/99/rollback`);
    assertEquals(gone.status, 404);
    assertMatch(await gone.text(), /role="alert"[^>]*>Cannot roll back: there is no such version/);
    for (const odd of ["mouse/1", "keyboard/1e999", "keyboard/-1", "keyboard/NaN"]) {
      assertEquals(await statusOf(recent.post(`${PATH}/templates/${odd}/rollback`)), 404, odd);
    }
  });
});

Deno.test("POST /v1/…/rollback wants an operator's recent proof as the page does", async () => {
  await withSubject(async (deps, clock) => {
    const analyst = await operatorOf(deps, "analyst");
    const ask = () =>
      analyst.json("POST", `/v1${PATH}/templates/keyboard/rollback`, { version: 1 });
    clock.nowMs += HOUR_MS;
    const refused = await ask();
    assertEquals([refused.status, (await refused.json()).code], [401, "reauthentication_required"]);
  });
});

Deno.test("consent is recorded and withdrawn, each in the log", async () => {
  await withSubject(async (deps) => {
    const analyst = await operatorOf(deps, "analyst");
    assertEquals(await statusOf(analyst.post(`${PATH}/consent/withdraw`)), 303);
    assert((await textOf(analyst.get(PATH))).includes("Withdrawn"));
    const short = await analyst.post(`${PATH}/consent`, { policyVersion: "3", how: "" });
    assertEquals(short.status, 400);
    await short.body?.cancel();
    const form = { policyVersion: "3", how: "paper form 12" };
    assertEquals(await statusOf(analyst.post(`${PATH}/consent`, form)), 303);
    const { consent } = await getConsent(deps.kv, DEFAULT_TENANT, SUBJECT);
    assertEquals([consent?.policyVersion, consent?.withdrawnAtMs], ["3", undefined]);
    assertEquals(await actionsOf(deps, 2), ["consent.given", "consent.withdrawn"]);
  });
});

Deno.test("an export is a file, and in the log; reading the page is not", async () => {
  await withSubject(async (deps) => {
    const viewer = await operatorOf(deps, "viewer");
    const before = await actionsOf(deps, 100);
    await textOf(viewer.get(PATH));
    assertEquals(await actionsOf(deps, 100), before);
    const response = await viewer.post(`${PATH}/export`);
    assertMatch(
      response.headers.get("Content-Disposition")!,
      /^attachment; filename="subject-[0-9a-f]{8}\.json"$/,
    );
    const { subject, records } = await response.json();
    assertEquals(subject, SUBJECT);
    assert(records.length > 8);
    assertEquals(await actionsOf(deps, 1), ["subject.exported"]);
  });
});

Deno.test("erasing wants the id to the letter and a recent proof, and shows the receipt", async () => {
  await withSubject(async (deps, clock) => {
    const owner = await operatorOf(deps, "owner");
    for (const typed of ["", SUBJECT.toUpperCase(), "ada"]) {
      assertEquals(await statusOf(owner.post(`${PATH}/erase`, { subject: typed })), 400, typed);
    }
    clock.nowMs += HOUR_MS;
    assertEquals(await statusOf(owner.post(`${PATH}/erase`, { subject: SUBJECT })), 303);
    assertEquals(await statusOf(owner.get(PATH)), 200);
    clock.nowMs -= HOUR_MS;
    const page = await textOf(owner.post(`${PATH}/erase`, { subject: SUBJECT }));
    const pseudonym = await deps.audit.pseudonymOf(DEFAULT_TENANT, SUBJECT);
    assert(page.includes("The subject was erased") && page.includes(pseudonym));
    assertEquals(await statusOf(owner.get(PATH)), 404);
    assertEquals(await actionsOf(deps, 1), ["subject.erased"]);
    assert(!(await textOf(owner.get("/subjects"))).includes("ada"));
  });
});

Deno.test("/subjects lists who was seen lately, and finds ids by how they begin", async () => {
  await withSubject(async (deps) => {
    const none = { strokes: 0, movedMs: 0 };
    for (const subject of ["bob-1", "bob-2", "carl"]) await seedSubject(deps, { subject, ...none });
    const viewer = await operatorOf(deps, "viewer");
    const idsOf = async (path: string) =>
      Array.from(
        (await textOf(viewer.get(path))).matchAll(/<th scope="row"><a href="\/subjects\/([^"]*)"/g),
        ([, id]) => decodeURIComponent(id!),
      );
    assertEquals((await idsOf("/subjects")).toSorted(), [SUBJECT, "bob-1", "bob-2", "carl"]);
    assertEquals(await idsOf("/subjects?id=bob"), ["bob-1", "bob-2"]);
    assertEquals(await idsOf(`/subjects?id=${encodeURIComponent(SUBJECT)}`), [SUBJECT]);
    for (const id of ["nobody", "%00", "two words", "x".repeat(400)]) {
      assertEquals(await idsOf(`/subjects?id=${id}`), [], id);
    }
  });
});

Deno.test("what is pictured of a modality is what its profile keeps, and of both there is one", async () => {
  await withSubject(async (deps) => {
    const page = await textOf((await operatorOf(deps, "viewer")).get(PATH));
    assertEquals(
      page.match(/aria-label="(Keyboard|Pointer) profile"/g)!.length,
      2 * MODALITIES.length,
    );
    assert(page.includes("profiles are not kept apart by device class"));
    assert(page.includes("by device class: mouse 3, touch 1."));
  });
});
