import { assert, assertEquals } from "@std/assert";
import { openSession } from "../../../core/session.ts";
import { traceToEvents } from "../../../core/trace.ts";
import type { Ticket } from "../../../core/store/tickets.ts";
import { createTypist } from "../../../islands/try/generated_typist.ts";
import type { TraceFolder } from "../../../routes/trace_folder.ts";
import { framesOf, IDENTITY, START_MS } from "../../core/live_sessions.ts";
import { SMALL_MODELS } from "../../core/small_models.ts";
import { startTestService, type TestService } from "../test_service.ts";
import { namesIn, readStays, withTraceFolder } from "../trace_folders.ts";
import { Probe, settle } from "./probe.ts";
import { withLog } from "./server_log.ts";

const STROKES = createTypist(1).type(100, START_MS);
const FRAMES = framesOf(STROKES);

/** Sends frames on a stream of its own until they are durable. */
async function play(
  service: TestService,
  frames: typeof FRAMES,
  grant: Partial<Ticket>,
): Promise<Probe> {
  const probe = await Probe.open(service, await service.mint(grant));
  await probe.next("resume");
  for (const frame of frames) probe.send(frame);
  await settle(service, probe);
  return probe;
}

async function withService(
  run: (service: TestService, folder: TraceFolder, path: string) => Promise<void>,
): Promise<void> {
  await withTraceFolder(async (folder, path) => {
    await using service = await startTestService({ traces: folder });
    await run(service, folder, path);
  });
}

/** What was recorded, as it would be played. */
async function recorded(folder: TraceFolder) {
  return (await readStays(folder)).map((trace) => traceToEvents(trace, trace.startedAtMs!));
}

/** The place that is kept for a stay: the service answers its client without waiting for it. */
async function placeIn(path: string): Promise<string> {
  for (;;) {
    const [name] = await namesIn(path);
    if (name) return name;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

Deno.test("a stream of a subject who consented is recorded when its session ends", async () => {
  await withService(async (service, folder) => {
    const probe = await play(service, FRAMES, { traces: true });
    assertEquals(await folder.files(), []);
    await probe.close();
    await service.stop();
    assertEquals(await recorded(folder), [STROKES]);
  });
});

Deno.test("a stream whose ticket says nothing of consent leaves nothing behind", async () => {
  await withService(async (service, _folder, path) => {
    for (const [i, grant] of [{}, { traces: false }].entries()) {
      // The same again would be a replay, and refused.
      const frames = framesOf(createTypist(i).type(100, START_MS))
        .map((frame) => ({ ...frame, stream: i + 1 }));
      const probe = await play(service, frames, {
        ...grant,
        session: `s-${JSON.stringify(grant)}`,
      });
      await probe.close();
    }
    await service.stop();
    assertEquals(await namesIn(path), []);
  });
});

Deno.test("of a session on two pages only the one with consent is recorded", async () => {
  await withService(async (service, folder) => {
    const consented = await play(service, FRAMES.slice(0, 5), { traces: true });
    const other = await Probe.open(service, await service.mint());
    await other.next("resume");
    for (const frame of FRAMES.slice(5)) other.send({ ...frame, stream: 2 });
    await other.reached();
    await other.close();
    await consented.close();
    await service.stop();
    assertEquals(await recorded(folder), [STROKES.slice(0, 25)]);
  });
});

Deno.test("frames that come again are recorded once, over stays of one session", async () => {
  await withService(async (service, folder) => {
    const first = await play(service, FRAMES.slice(0, 10), { traces: true });
    for (const frame of FRAMES.slice(0, 10)) first.send(frame);
    await first.reached();
    await first.close();
    await service.idle();
    // As after a lost acknowledgement: all of it is sent anew.
    const second = await play(service, FRAMES, { traces: true });
    await second.close();
    await service.stop();
    const stays = await recorded(folder);
    stays.sort((a, b) => a[0]!.timeMs - b[0]!.timeMs);
    assertEquals(stays, [STROKES.slice(0, 50), STROKES.slice(50)]);
    assertEquals(new Set((await folder.files()).map(({ session }) => session)).size, 1);
  });
});

Deno.test("a superseded session leaves what was durable, and its successor the rest", async () => {
  await withService(async (service, folder) => {
    const probe = await play(service, FRAMES.slice(0, 10), { traces: true });
    const elsewhere = await openSession({ ...service.deps, models: SMALL_MODELS }, IDENTITY);
    await elsewhere.receive(FRAMES[10]!);
    await elsewhere.commit();
    for (const frame of FRAMES.slice(10, 15)) probe.send(frame);
    const taken = probe.messages.length;
    await settle(service, probe, taken).catch(() => {});
    assertEquals((await probe.closed).reason, "session_superseded");
    await service.stop();
    assertEquals(await recorded(folder), [STROKES.slice(0, 50)]);
  });
});

Deno.test("a server that stops writes what it recorded", async () => {
  await withService(async (service, folder) => {
    await play(service, FRAMES, { traces: true });
    await service.stop();
    assertEquals(await recorded(folder), [STROKES]);
  });
});

Deno.test("a subject who is erased during a session is not recorded at its end", async () => {
  await withService(async (service, folder, path) => {
    const probe = await play(service, FRAMES, { traces: true });
    await placeIn(path);
    assertEquals(await folder.erase(IDENTITY), 1);
    await probe.close();
    await service.stop();
    assertEquals(await namesIn(path), []);
  });
});

Deno.test("a folder that is gone, or cannot be written to, costs the trace and not the session", async () => {
  await withService(async (service, _folder, path) => {
    const log = await withLog(async () => {
      await Deno.remove(path, { recursive: true });
      const early = await play(service, FRAMES.slice(0, 10), { traces: true });
      await early.close();
      await service.idle();
      await Deno.mkdir(path);
      const late = await play(service, FRAMES.slice(10), { traces: true });
      const part = await placeIn(path);
      await Deno.remove(`${path}/${part}`);
      await Deno.mkdir(`${path}/${part}`);
      await late.close();
      await service.stop();
    });
    assertEquals(log.split("trace not recorded").length - 1, 2, log);
    assert(!log.includes("stream failed"), log);
  });
});
