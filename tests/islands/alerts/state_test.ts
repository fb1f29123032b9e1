import { assert, assertEquals } from "@std/assert";
import { QueueState } from "../../../islands/alerts/state.ts";
import type { AlertsProps } from "../../../islands/alerts/queue.ts";
import type { HandlingView, QueuedAlertView } from "../../../routes/live/queued_alert.ts";

const OPENED_MS = 1000;

const alert = (id: string, handling?: HandlingView, atMs = 0): QueuedAlertView => ({
  ...{ id, session: id, subject: id, atMs, from: "low", level: "high", action: "step_up" },
  ...{ risk: 70, reasons: [], ...handling ? { handling } : {} },
});

const createState = (alerts: QueuedAlertView[], change: Partial<AlertsProps> = {}) =>
  new QueueState({
    ...{ nowMs: OPENED_MS, filter: { state: "open", search: "", order: "newest" }, alerts },
    ...{ counts: { open: alerts.length, acknowledged: 0, resolved: 0 }, people: {}, mayAct: true },
    ...change,
  });

const message = (alerts: QueuedAlertView[]) => ({ nowMs: 2000, sessions: [], alerts });

interface Asked {
  readonly ids: string[];
  readonly state?: HandlingView["state"];
  readonly verdict?: HandlingView["verdict"] | null;
}

/** Answers as the server does, a millisecond later each time, or with a status. */
async function withServer(
  run: (asked: Asked[], answer: { status: number }) => Promise<void>,
): Promise<void> {
  const asked: Asked[] = [];
  const answer = { status: 200 };
  const { fetch } = globalThis;
  globalThis.fetch = ((_: string, { body }: { body: string }) => {
    const request: Asked = JSON.parse(body);
    asked.push(request);
    const { ids, state, verdict } = request;
    const at = new Date(OPENED_MS + asked.length).toISOString();
    const handling = { state, ...verdict ? { verdict } : {}, at };
    const results = ids.map((id) =>
      id === "gone" ? { id, code: "alert_not_found" } : { id, alert: { handling } }
    );
    return Promise.resolve(Response.json({ results }, { status: answer.status }));
  }) as typeof globalThis.fetch;
  try {
    await run(asked, answer);
  } finally {
    globalThis.fetch = fetch;
  }
}

const shown = (state: QueueState) => state.visible.value.map(({ id }) => id);

Deno.test("QueueState.apply() counts what is new, and moves what others handled", () => {
  const state = createState([alert("a"), alert("b")]);
  state.apply(
    message([alert("c", undefined, 1500), alert("a", { state: "resolved", atMs: 1600 })]),
  );
  assertEquals(shown(state), ["c", "b"]);
  assertEquals(state.counts.value, { open: 2, acknowledged: 0, resolved: 1 });
  assertEquals(state.news.value.map(({ id }) => id), ["c"]);
  // One that was raised before the page was opened and is not shown has been counted already.
  state.apply(message([alert("old", { state: "resolved", atMs: 10 })]));
  assertEquals(state.counts.value, { open: 2, acknowledged: 0, resolved: 1 });
});

Deno.test("QueueState.apply() does not go back to what was read before an own act", async () => {
  await withServer(async () => {
    const state = createState([alert("a")]);
    await state.act("acknowledge", ["a"]);
    state.apply(message([{ ...alert("a"), risk: 93 }]));
    const { risk, handling } = state.alerts.value.get("a")!;
    assertEquals([risk, handling?.state], [93, "acknowledged"]);
    assertEquals(state.counts.value, { open: 0, acknowledged: 1, resolved: 0 });
  });
});

Deno.test("QueueState.takeBack() puts each alert back as it was, but not what others did since", async () => {
  await withServer(async (asked) => {
    const seen = alert("b", { state: "acknowledged", atMs: 5 });
    const state = createState([alert("a"), seen, alert("c")], {
      counts: { open: 2, acknowledged: 1, resolved: 0 },
    });
    await state.act("impostor", ["a", "b", "c"]);
    assertEquals(state.counts.value, { open: 0, acknowledged: 0, resolved: 3 });
    state.apply(message([alert("c", { state: "resolved", verdict: "genuine", atMs: 1900 })]));
    assertEquals(await state.takeBack(), ["a", "b"]);
    assertEquals(asked.slice(1), [
      { ids: ["a"], state: "open", verdict: null },
      { ids: ["b"], state: "acknowledged", verdict: null },
    ]);
    assertEquals(state.alerts.value.get("c")!.handling?.verdict, "genuine");
    assertEquals(state.counts.value, { open: 1, acknowledged: 1, resolved: 1 });
    assertEquals(state.undo.value, undefined);
  });
});

Deno.test("QueueState.act() asks for at most a hundred at once, and drops what is there no more", async () => {
  await withServer(async (asked) => {
    const ids = [...Array.from({ length: 130 }, (_, i) => `a${i}`), "gone"];
    const state = createState(ids.map((id) => alert(id)));
    await state.act("resolve", ids);
    assertEquals(asked.map(({ ids }) => ids.length), [100, 31]);
    assertEquals(state.undo.value?.words, "130 alerts resolved.");
    assert(!state.alerts.value.has("gone"));
    assertEquals(state.counts.value, { open: 0, acknowledged: 0, resolved: 130 });
  });
});

Deno.test("QueueState.act() says why it failed, changes nothing, and asks nothing for who may not", async () => {
  await withServer(async (asked, answer) => {
    const state = createState([alert("a")]);
    for (
      const [status, words] of [[503, "Nothing was changed"], [401, "signed out"], [403, "role"]]
    ) {
      answer.status = status as number;
      await state.act("resolve", ["a"]);
      assert(state.problem.value.includes(words as string), state.problem.value);
      assertEquals([shown(state), state.undo.value, state.busy.value], [["a"], undefined, false]);
    }
    await createState([alert("a")], { mayAct: false }).act("resolve", ["a"]);
    assertEquals(asked.length, 3);
  });
});
