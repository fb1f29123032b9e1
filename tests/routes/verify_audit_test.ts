import { assert, assertEquals } from "@std/assert";
import { AuditLog } from "../../core/store/audit.ts";
import { auditEntryKey, DEFAULT_TENANT } from "../../core/store/keys.ts";
import { prepareInstallation } from "../../routes/installation.ts";
import { deriveAuditKey } from "../../routes/secret_key.ts";

const ROOT = new URL("../../", import.meta.url);
const MASTER_KEY = "0a".repeat(32);

async function run(data: string, masterKey = MASTER_KEY) {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "-A", "routes/verify_audit.ts", "verify"],
    cwd: ROOT,
    env: { GAITKEEPER_DATA: data, GAITKEEPER_MASTER_KEY: masterKey, NO_COLOR: "1" },
    stderr: "inherit",
  }).output();
  return { code, said: new TextDecoder().decode(stdout).trim() };
}

Deno.test("deno task audit verify finds an entry that was edited, and says which", async () => {
  const data = await Deno.makeTempDir();
  try {
    const key = auditEntryKey(DEFAULT_TENANT, 2);
    const open = () => Deno.openKv(`${data}/gaitkeeper.kv`);
    {
      using kv = await open();
      const audit = new AuditLog(kv, await deriveAuditKey(MASTER_KEY), () => 1.7e12);
      await prepareInstallation(audit, "gk_sk_of-the-test");
    }
    assertEquals(await run(data), { code: 0, said: "default: 2 entries, whole" });
    {
      using kv = await open();
      await kv.set(key, { ...(await kv.get<object>(key)).value, action: "key.revoked" });
    }
    const { code, said } = await run(data);
    assertEquals(code, 1);
    assert(said.startsWith("default: FAULT at entry 2, the entry was edited"), said);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});
