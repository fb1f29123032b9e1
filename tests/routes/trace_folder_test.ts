import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { GaitkeeperError } from "../../core/error.ts";
import { derivePseudonymKey } from "../../routes/secret_key.ts";
import { TraceFolder } from "../../routes/trace_folder.ts";
import { MASTER_KEY, namesIn, readStays, unzipped, withTraceFolder } from "./trace_folders.ts";

const ADA = { tenant: "default", subject: "ada@bank.example", session: "cookie-4711" };
const EVE = { ...ADA, subject: "eve@bank.example" };
const KEYS: [number, number, number][] = [[0, 90, 65], [200, 280, 32]];

/** Writes a stay of somebody. */
async function write(folder: TraceFolder, of = ADA, startedAtMs = 1000): Promise<void> {
  const writer = await folder.begin(of);
  await writer.finish({ ...writer.names, startedAtMs, keys: KEYS });
}

Deno.test("TraceFolder writes a stay whole, for its owner alone, and names nobody", async () => {
  await withTraceFolder(async (folder, path) => {
    await write(folder);
    const [name, ...others] = await namesIn(path);
    assertEquals(others, []);
    assert(/^[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{16}\.ndjson\.gz$/.test(name!), name);
    assertEquals((await Deno.stat(`${path}/${name}`)).mode! & 0o777, 0o600);
    assertEquals((await Deno.stat(path)).mode! & 0o777, 0o700);
    const text = await unzipped(`${path}/${name}`);
    for (const telling of ["ada", "bank", "cookie", "4711", "default"]) {
      assert(!text.includes(telling) && !name!.includes(telling), telling);
    }
    const [{ subject, session, keys, startedAtMs } = { subject: "", session: "" }] =
      await readStays(folder);
    assertEquals([subject, keys, startedAtMs], [await folder.pseudonymOf(ADA), KEYS, 1000]);
    assert(name!.startsWith(`${subject}-${session}-`));
  });
});

Deno.test("TraceFolder gives a person one pseudonym, another under another key, tenant or name", async () => {
  await withTraceFolder(async (folder, path) => {
    const key = await derivePseudonymKey(MASTER_KEY);
    const own = await folder.pseudonymOf(ADA);
    assertEquals(await (await TraceFolder.open(path, key)).pseudonymOf(ADA), own);
    const other = await TraceFolder.open(path, await derivePseudonymKey("5b".repeat(32)));
    for (
      const pseudonym of [
        await other.pseudonymOf(ADA),
        await folder.pseudonymOf(EVE),
        await folder.pseudonymOf({ ...ADA, tenant: "other" }),
      ]
    ) assertNotEquals(pseudonym, own);
  });
});

Deno.test("TraceFolder.files() leaves out what is being written and what is none of its own", async () => {
  await withTraceFolder(async (folder, path) => {
    const open = await folder.begin(ADA);
    await Deno.writeTextFile(`${path}/notes.txt`, "mine");
    assertEquals(await folder.files(), []);
    await write(folder);
    await write(folder, EVE);
    assertEquals((await folder.files()).length, 2);
    await open.finish(undefined);
    assertEquals((await namesIn(path)).length, 3);
  });
});

Deno.test("TraceFolder.erase() deletes a person's traces, those being recorded too, and nobody else's", async () => {
  await withTraceFolder(async (folder, path) => {
    await write(folder);
    await write(folder, { ...ADA, session: "another" });
    await write(folder, EVE);
    const [ada, eve] = [await folder.begin(ADA), await folder.begin(EVE)];
    // As another process would.
    const elsewhere = await TraceFolder.open(path, folder.key);
    assertEquals(await elsewhere.erase(ADA), 3);
    await ada.finish({ ...ada.names, keys: KEYS });
    await eve.finish({ ...eve.names, keys: KEYS });
    const left = await folder.files();
    assertEquals(left.length, 2);
    assertEquals(new Set(left.map(({ subject }) => subject)).size, 1);
    assertEquals(left[0]!.subject, await folder.pseudonymOf(EVE));
    assertEquals(await folder.erase(ADA), 0);
    await Deno.writeTextFile(`${path}/notes.txt`, "mine");
    assertEquals(await folder.erase(EVE), 2);
    assertEquals(await namesIn(path), ["notes.txt"]);
  });
});

Deno.test("TraceFolder.eraseBefore() deletes what is older than a time, what never ended too", async () => {
  await withTraceFolder(async (folder, path) => {
    await write(folder);
    await folder.begin(ADA);
    for (const name of await namesIn(path)) await Deno.utime(`${path}/${name}`, 1000, 1000);
    await write(folder, EVE);
    assertEquals(await folder.eraseBefore(999_000), 0);
    assertEquals(await folder.eraseBefore(1_001_000), 2);
    assertEquals((await folder.files()).map(({ subject }) => subject), [
      await folder.pseudonymOf(EVE),
    ]);
  });
});

Deno.test("TraceFolder.open() refuses at start what cannot be written to", async () => {
  const root = await Deno.makeTempDir();
  try {
    const key = await derivePseudonymKey(MASTER_KEY);
    await Deno.writeTextFile(`${root}/file`, "");
    for (const path of [`${root}/file`, `${root}/file/below`, "/proc/nothing"]) {
      const error = await assertRejects(() => TraceFolder.open(path, key), GaitkeeperError);
      assertEquals(error.code, "settings_invalid");
      assert(error.message.includes("GAITKEEPER_TRACES") && error.message.includes(path));
    }
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
