import { assertEquals } from "@std/assert";
import { listPolicyChanges } from "../../../core/store/policy_changes.ts";
import { DEFAULT_TENANT_SETTINGS } from "../../../core/tenant.ts";
import { BY, createAuditLog } from "./audit_logs.ts";

Deno.test("listPolicyChanges() tells of changes from before there was a shadow mode", async () => {
  using kv = await Deno.openKv(":memory:");
  const { audit } = await createAuditLog(kv);
  const { shadow: _, ...was } = DEFAULT_TENANT_SETTINGS.policy;
  const is = { ...was, stepUpConfidence: 0.6 };
  await audit.record("a", {
    ...BY,
    action: "tenant.changed",
    target: { kind: "tenant", id: "a" },
    before: { policy: was },
    after: { policy: is },
  });
  const changes = await listPolicyChanges(audit, "a", 10);
  assertEquals(changes.map(({ before, after }) => [before, after]), [
    [{ ...was, shadow: false }, { ...is, shadow: false }],
  ]);
});
