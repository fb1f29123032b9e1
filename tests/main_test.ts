import { assert, assertEquals } from "@std/assert";
import { traceToEvents } from "../core/trace.ts";
import { SUBPROTOCOL } from "../core/wire.ts";
import { listOperators } from "../core/store/memberships.ts";
import { createTypist } from "../islands/try/generated_typist.ts";
import { mintTicket } from "../models/evaluation/service.ts";
import { derivePseudonymKey, deriveSecretKey } from "../routes/secret_key.ts";
import { TraceFolder } from "../routes/trace_folder.ts";
import { framesOf } from "./core/live_sessions.ts";
import { codeOf } from "./routes/operators/seeded_operators.ts";
import { readStays } from "./routes/trace_folders.ts";
import { Probe } from "./routes/stream/probe.ts";
// @ts-types="@types/ws"
import WebSocket from "ws";

const ROOT = new URL("../", import.meta.url).pathname;
const MASTER_KEY = "5a".repeat(32);

/** Starts `main.ts` with these settings and no others. */
function spawnMain(settings: Record<string, string>, args: readonly string[] = []) {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "-P=serve", "main.ts", ...args],
    cwd: ROOT,
    clearEnv: true,
    env: { HOME: Deno.env.get("HOME") ?? "", NO_COLOR: "1", ...settings },
    stdout: "piped",
    stderr: "piped",
  });
}

async function withData(run: (data: string) => Promise<void>): Promise<void> {
  const data = await Deno.makeTempDir();
  try {
    await run(data);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
}

/** Reads what a process prints up to and with the first match. */
async function readUntil(stream: ReadableStream<Uint8Array<ArrayBuffer>>, pattern: RegExp) {
  let text = "";
  for await (const part of stream.pipeThrough(new TextDecoderStream())) {
    text += part;
    const found = pattern.exec(text);
    if (found) return found;
  }
  throw new Error(`Cannot find ${pattern} in what was printed: ${text}`);
}

Deno.test("main.ts refuses to start without a master key, or with what it cannot use, in one line", async () => {
  await withData(async (data) => {
    const wrong: [Record<string, string>, string][] = [
      [{}, "GAITKEEPER_MASTER_KEY"],
      [{ GAITKEEPER_MASTER_KEY: MASTER_KEY, PORT: "http" }, "PORT"],
      [{ GAITKEEPER_MASTER_KEY: MASTER_KEY, GAITKEEPER_KV: `${data}/no/such/folder` }, "store"],
      [{ GAITKEEPER_MASTER_KEY: MASTER_KEY, GAITKEEPER_TRACES: "main.ts" }, "GAITKEEPER_TRACES"],
    ];
    for (const [settings, named] of wrong) {
      const { code, stderr } = await spawnMain({ GAITKEEPER_DATA: data, PORT: "0", ...settings })
        .output();
      const said = new TextDecoder().decode(stderr);
      assertEquals(code, 1, said);
      assert(said.includes("Cannot start: ") && said.includes(named), said);
      assert(!/^\s+at /m.test(said), said);
    }
  });
});

/** The service's own pages name its port, so it must be known before it starts. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Registers with the link that was printed, by password and code. @returns the session's cookie. */
async function registerFirstOwner(origin: URL, token: string): Promise<string> {
  const send = (path: string, fields: Record<string, string>) =>
    fetch(new URL(path, origin), {
      method: "POST",
      headers: { Origin: origin.origin },
      body: new URLSearchParams(fields),
    });
  const who = { token, email: "owner@example.com", name: "An owner" };
  const page = await (await send("/setup", who)).text();
  const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(page)![1]!;
  const secret = /class="secret">([A-Z2-7 ]+)</.exec(page)![1]!.replaceAll(" ", "");
  const registered = await send("/setup/password", {
    ...who,
    id: hidden("id"),
    totp: hidden("totp"),
    password: "correct horse battery",
    code: codeOf(secret, Date.now()),
  });
  assertEquals(registered.status, 200, await registered.text());
  return registered.headers.get("Set-Cookie")!.split(";")[0]!;
}

Deno.test("main.ts stops on SIGTERM with every stream committed and recorded, every connection let go", async () => {
  await withData(async (data) => {
    const port = freePort();
    const origin = new URL(`http://127.0.0.1:${port}`);
    const main = spawnMain({
      GAITKEEPER_DATA: data,
      GAITKEEPER_MASTER_KEY: MASTER_KEY,
      GAITKEEPER_ORIGIN: origin.origin,
      GAITKEEPER_TRACES: `${data}/traces`,
      PORT: String(port),
    }).spawn();
    const [printed, warnings] = main.stdout.tee();
    const [, setupSecret] = await readUntil(printed, /\/setup#(\S+)\n/);
    const secretKey = await deriveSecretKey(MASTER_KEY);
    const { ticket } = await mintTicket({ origin, secretKey }, { subject: "ada", traces: true });
    const probe = new Probe(
      new WebSocket(`ws://127.0.0.1:${port}/v1/stream`, [SUBPROTOCOL, ticket], {
        origin: origin.origin,
      }),
    );
    const stranger = await fetch(new URL("/", origin), {
      headers: { Accept: "text/html" },
      redirect: "manual",
    });
    await stranger.body?.cancel();
    assertEquals([stranger.status, stranger.headers.get("Location")], [303, "/sign-in?next=%2F"]);
    assertEquals(stranger.headers.getSetCookie(), []);
    // A dashboard that listens on must not hold the server up.
    const feed = await fetch(new URL("/live/feed", origin), {
      headers: { Cookie: await registerFirstOwner(origin, setupSecret!) },
    });
    assertEquals(feed.status, 200);
    await probe.next("resume");
    const strokes = createTypist(1).type(40, Date.now());
    for (const frame of framesOf(strokes)) probe.send(frame);
    await probe.reached();

    main.kill("SIGTERM");
    assertEquals((await probe.closed).code, 1012);
    assertEquals(probe.messages.at(-1), { type: "ack", stream: 1, sequence: 8 });
    // 1 would say that it had to be cut off.
    assertEquals((await main.status).code, 0);
    const traces = await TraceFolder.open(`${data}/traces`, await derivePseudonymKey(MASTER_KEY));
    const [recorded, ...others] = await readStays(traces);
    assertEquals(others, []);
    assertEquals(
      recorded?.subject,
      await traces.pseudonymOf({ tenant: "default", subject: "ada" }),
    );
    assertEquals(traceToEvents(recorded!, recorded!.startedAtMs!), strokes);
    await feed.body?.cancel().catch(() => {});
    // What tests hash with would be guessed in no time.
    using kv = await Deno.openKv(`${data}/gaitkeeper.kv`);
    const [owner, ...more] = await listOperators(kv, "default");
    assertEquals([owner!.email, more.length], ["owner@example.com", 0]);
    assert(owner!.password!.startsWith("$scrypt$ln=17,r=8,p=1$"), owner!.password);
    await Promise.all([warnings.cancel(), main.stderr.cancel()].map((end) => end.catch(() => {})));
  });
});
