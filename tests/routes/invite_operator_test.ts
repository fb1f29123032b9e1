import { assertEquals, assertMatch } from "@std/assert";
import { AuditLog } from "../../core/store/audit.ts";
import { checkInvitation } from "../../core/store/invitations.ts";
import { DEFAULT_TENANT } from "../../core/store/keys.ts";
import { prepareInstallation } from "../../routes/installation.ts";
import { deriveAuditKey } from "../../routes/secret_key.ts";

const ROOT = new URL("../../", import.meta.url);
const MASTER_KEY = "0a".repeat(32);

async function withInstallation(
  run: (
    invite: (...args: string[]) => Promise<{ code: number; said: string; failed: string }>,
    open: () => Promise<Deno.Kv>,
  ) => Promise<void>,
) {
  const data = await Deno.makeTempDir();
  const open = () => Deno.openKv(`${data}/gaitkeeper.kv`);
  const invite = async (...args: string[]) => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "-A", "routes/invite_operator.ts", ...args],
      cwd: ROOT,
      env: {
        GAITKEEPER_DATA: data,
        GAITKEEPER_MASTER_KEY: MASTER_KEY,
        GAITKEEPER_ORIGIN: "https://gk.example",
        NO_COLOR: "1",
      },
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
    return { code, said: text(stdout), failed: text(stderr) };
  };
  try {
    {
      using kv = await open();
      const audit = new AuditLog(kv, await deriveAuditKey(MASTER_KEY), Date.now);
      await prepareInstallation(audit, "gk_sk_of-the-test");
    }
    await run(invite, open);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
}

Deno.test("deno task invite prints a link that makes an owner, and it is in the audit log", async () => {
  await withInstallation(async (invite, open) => {
    const { code, said } = await invite("Ada@Example.com");
    assertEquals(code, 0);
    const secret = /^https:\/\/gk\.example\/invitation#(\S+)\n/.exec(said)?.[1] ?? "";
    using kv = await open();
    const { invitation } = await checkInvitation(kv, secret, Date.now());
    const { email, role, tenant } = invitation;
    assertEquals({ email, role, tenant }, {
      email: "ada@example.com",
      role: "owner",
      tenant: DEFAULT_TENANT,
    });
    const audit = new AuditLog(kv, await deriveAuditKey(MASTER_KEY), Date.now);
    assertEquals((await audit.verify(DEFAULT_TENANT)).fault, undefined);
  });
});

Deno.test("deno task invite refuses an address, a role or a site that is none", async () => {
  await withInstallation(async (invite) => {
    for (
      const [args, why] of [
        [["ada"], /e-mail/],
        [["ada@example.com", "--role", "king"], /one of owner/],
        [["ada@example.com", "--site", "nowhere"], /no site/],
        [[], /Usage/],
      ] as const
    ) {
      const { code, said, failed } = await invite(...args);
      assertEquals([code, said], [2, ""]);
      assertMatch(failed, why);
    }
  });
});
