import { assert, assertEquals, assertRejects } from "@std/assert";
import { GaitkeeperError } from "../../../core/error.ts";
import { giveConsent, withdrawConsent } from "../../../core/store/consents.ts";
import { eraseSubject } from "../../../core/store/erasure.ts";
import {
  createSubjectLink,
  findSubjectLink,
  findSubjectVisit,
  LINK_LIFE_MS,
  LINKS_OPEN,
  openSubjectLink,
  revokeSubjectAccess,
  VISIT_LIFE_MS,
} from "../../../core/store/subject_links.ts";
import { createTenant } from "../../../core/store/tenants.ts";
import { BY, createAuditLog } from "./audit_logs.ts";

const GIVEN = { policyVersion: "1", how: "test" };
const ADA = { tenant: "site", subject: "ada-canary" };

async function withSubject(
  run: (store: Awaited<ReturnType<typeof createStore>>) => Promise<void>,
): Promise<void> {
  using kv = await Deno.openKv(":memory:");
  await run(await createStore(kv));
}

async function createStore(kv: Deno.Kv) {
  const { audit, clock } = await createAuditLog(kv);
  const tenant = await createTenant(audit, { id: "site", name: "Site", nowMs: clock.nowMs }, BY);
  await giveConsent(audit, tenant, ADA.subject, GIVEN, BY);
  const visitOf = async (who = ADA) => {
    const { secret } = await openSubjectLink(
      audit,
      (await createSubjectLink(audit, who, BY)).secret,
    );
    return secret;
  };
  const isVisit = async (secret: string) =>
    await findSubjectVisit(kv, secret, clock.nowMs) !== undefined;
  return { kv, audit, clock, tenant, visitOf, isVisit };
}

const codeOf = async (work: () => Promise<unknown>) =>
  (await assertRejects(work, GaitkeeperError)).code;

Deno.test("openSubjectLink() makes one visit of a link, of its tenant and subject alone", async () => {
  await withSubject(async ({ kv, audit, clock }) => {
    const { secret, expiresAtMs } = await createSubjectLink(audit, ADA, BY);
    assertEquals(expiresAtMs, clock.nowMs + LINK_LIFE_MS);
    const opened = await openSubjectLink(audit, secret);
    const visit = await findSubjectVisit(kv, opened.secret, clock.nowMs);
    assertEquals([visit?.tenant, visit?.subject], [ADA.tenant, ADA.subject]);
    assertEquals(await codeOf(() => openSubjectLink(audit, secret)), "link_invalid");
    // Neither is good for the other.
    assertEquals(await codeOf(() => openSubjectLink(audit, opened.secret)), "link_invalid");
    assertEquals(await findSubjectVisit(kv, secret, clock.nowMs), undefined);
  });
});

Deno.test("openSubjectLink() lets one of parallel tries through", async () => {
  await withSubject(async ({ audit }) => {
    const { secret } = await createSubjectLink(audit, ADA, BY);
    const tries = await Promise.all(
      Array.from({ length: 8 }, () => openSubjectLink(audit, secret).then(() => 1, () => 0)),
    );
    assertEquals(tries.reduce((a, b) => a + b, 0), 1);
  });
});

Deno.test("a link and a visit are over on the millisecond, swept or not", async () => {
  await withSubject(async ({ kv, audit, clock, visitOf, isVisit }) => {
    const { secret } = await createSubjectLink(audit, ADA, BY);
    const visit = await visitOf();
    clock.nowMs += LINK_LIFE_MS - 1;
    assert(await findSubjectLink(kv, secret, clock.nowMs));
    clock.nowMs += 1;
    assertEquals(await findSubjectLink(kv, secret, clock.nowMs), undefined);
    assertEquals(await codeOf(() => openSubjectLink(audit, secret)), "link_invalid");
    clock.nowMs += VISIT_LIFE_MS - LINK_LIFE_MS - 1;
    assert(await isVisit(visit));
    clock.nowMs += 1;
    assert(!await isVisit(visit));
  });
});

Deno.test("createSubjectLink() makes none for a stranger, and bounds what waits", async () => {
  await withSubject(async ({ audit, clock, visitOf }) => {
    const nobody = { ...ADA, subject: "nobody" };
    assertEquals(await codeOf(() => createSubjectLink(audit, nobody, BY)), "not_found");
    const elsewhere = { ...ADA, tenant: "other" };
    assertEquals(await codeOf(() => createSubjectLink(audit, elsewhere, BY)), "not_found");
    // What was opened waits no more.
    await visitOf();
    for (let i = 0; i < LINKS_OPEN; i++) await createSubjectLink(audit, ADA, BY);
    assertEquals(await codeOf(() => createSubjectLink(audit, ADA, BY)), "rate_exceeded");
    clock.nowMs += LINK_LIFE_MS;
    await createSubjectLink(audit, ADA, BY);
  });
});

Deno.test("revokeSubjectAccess() ends links and visits of the one subject, but for the visit that asks", async () => {
  await withSubject(async ({ kv, audit, clock, tenant, visitOf, isVisit }) => {
    await giveConsent(audit, tenant, "eve", GIVEN, BY);
    const eve = await visitOf({ ...ADA, subject: "eve" });
    const { secret } = await createSubjectLink(audit, ADA, BY);
    const [own, other] = [await visitOf(), await visitOf()];
    const { secretHash } = (await findSubjectVisit(kv, own, clock.nowMs))!;
    await revokeSubjectAccess(kv, ADA, secretHash);
    assertEquals(await codeOf(() => openSubjectLink(audit, secret)), "link_invalid");
    assertEquals([await isVisit(own), await isVisit(other), await isVisit(eve)], [
      true,
      false,
      true,
    ]);
    await revokeSubjectAccess(kv, ADA);
    assert(!await isVisit(own));
  });
});

Deno.test("eraseSubject() leaves no link and no visit, also where nothing else was kept", async () => {
  await withSubject(async ({ kv, audit, isVisit, visitOf }) => {
    const visit = await visitOf();
    const { secret } = await createSubjectLink(audit, ADA, BY);
    await withdrawConsent(audit, "site", ADA.subject, BY);
    await eraseSubject(audit, "site", ADA.subject, BY);
    assert(!await isVisit(visit));
    assertEquals(await codeOf(() => openSubjectLink(audit, secret)), "link_invalid");
    for await (const { key, value } of kv.list({ prefix: [] })) {
      assert(!JSON.stringify([key, value]).includes(ADA.subject), key.join("/"));
    }
  });
});

Deno.test("the audit log names a subject who opens a link by the pseudonym, and nobody's address", async () => {
  await withSubject(async ({ audit, visitOf }) => {
    await visitOf();
    const { items } = await audit.list("site", { limit: 10 });
    const opened = items.find(({ action }) => action === "subject.link_opened")!;
    const id = await audit.pseudonymOf("site", ADA.subject);
    assertEquals([opened.actor, opened.target.id], [{ kind: "subject", id }, id]);
    assertEquals(opened.from, undefined);
    assert(!JSON.stringify(items).includes(ADA.subject));
    assertEquals((await audit.verify("site")).fault, undefined);
  });
});
