import { assertEquals } from "@std/assert";
import type { AlertView, SessionRow } from "../../../routes/live/feed.ts";
import { LiveState } from "../../../islands/dashboard/live_state.ts";

const row = (session: string, change: Partial<SessionRow> = {}): SessionRow => ({
  session,
  subject: session,
  startedAtMs: 0,
  updatedAtMs: 0,
  risk: 1,
  confidence: 0.5,
  level: "low",
  action: "allow",
  keyboard: "ready",
  pointer: "cold",
  missing: {},
  recent: [],
  ...change,
});

const alert = (id: string, atMs: number, level: AlertView["level"] = "high"): AlertView => ({
  id,
  session: "a",
  subject: "a",
  atMs,
  from: "low",
  level,
  action: "step_up",
  risk: 70,
  reasons: [],
});

const createState = () =>
  new LiveState({ nowMs: 1000, bands: [], goals: [], sessions: [], sessionCount: 0, alerts: [] });

const message = (sessions: SessionRow[], alerts: AlertView[] = []) => {
  return { nowMs: 2000, sessions, alerts };
};

Deno.test("LiveState.apply() replaces on a snapshot and merges on changes", () => {
  const state = createState();
  state.apply(message([row("a"), row("b")]), { replace: true });
  state.apply(message([row("b", { risk: 9 }), row("c")]), { replace: false });
  assertEquals([...state.sessions.value.keys()], ["a", "b", "c"]);
  assertEquals(state.ranked.value[0]?.session, "b");
  state.apply(message([row("c")]), { replace: true });
  assertEquals([state.sessionCount.value, state.ranked.value.length], [1, 1]);
});

Deno.test("LiveState.apply() forgets what is gone, and tells all of a message at once", () => {
  const state = createState();
  state.apply(message([row("a"), row("b")]), { replace: true });
  const seen: string[] = [];
  const stop = state.ranked.subscribe((rows) => void seen.push(rows.map((r) => r.session).join()));
  state.apply({ ...message([row("c")]), gone: ["a"], total: 7 }, { replace: false });
  stop();
  assertEquals(seen, ["a,b", "b,c"]);
  assertEquals(state.sessionCount.value, 7);
});

Deno.test("LiveState.ranked lets the filter of the address through, the active ones unless asked", () => {
  const base = { nowMs: 1000, bands: [], goals: [], sessions: [], sessionCount: 0, alerts: [] };
  const state = new LiveState({ ...base, query: "?level=high&search=AD" });
  const rows = [row("ada", { level: "high" }), row("bob", { level: "high" }), row("ad")];
  state.apply(message(rows), { replace: true });
  const shown = () => state.ranked.value.map(({ session }) => session);
  assertEquals(shown(), ["ada"]);
  state.apply({ ...message([]), nowMs: 6 * 60_000 }, { replace: false });
  assertEquals(shown(), []);
  state.filter.value = { ...state.filter.value, ended: true };
  assertEquals(shown(), ["ada"]);
});

Deno.test("LiveState.apply() keeps one entry of an alert that grew worse, newest first", () => {
  const state = createState();
  state.apply(message([], [alert("1", 1100), alert("2", 1200)]), { replace: true });
  state.apply(message([], [alert("1", 1100, "critical")]), { replace: false });
  assertEquals(state.alerts.value.map(({ id, level }) => `${id} ${level}`), [
    "2 high",
    "1 critical",
  ]);
});

Deno.test("LiveState.apply() calls news what was raised or grew worse since the page opened", () => {
  const state = createState();
  state.apply(message([], [alert("old", 900), alert("new", 1100)]), { replace: true });
  assertEquals(state.news.value.map(({ id }) => id), ["new"]);
  state.apply(message([], [alert("old", 900), alert("new", 1100)]), { replace: true });
  assertEquals(state.news.value, []);
  state.apply(message([], [alert("new", 1100, "critical")]), { replace: false });
  assertEquals(state.news.value.map(({ id }) => id), ["new"]);
});

Deno.test("LiveState.watch() forgets the detail of the session before", () => {
  const state = createState();
  const detail = {
    session: "a",
    subject: "a",
    startedAtMs: 0,
    updatedAtMs: 0,
    risk: 1,
    confidence: 0,
    level: "low" as const,
    action: "allow" as const,
    keyboard: { stage: "cold" as const, learned: 0, scored: 0 },
    pointer: { stage: "cold" as const, learned: 0, scored: 0 },
    priorNats: -4.6,
    reasons: [],
    strokes: 0,
    history: [],
  };
  state.watch("a");
  state.apply({ ...message([]), detail }, { replace: false });
  assertEquals(state.detail.value?.session, "a");
  state.watch("b");
  assertEquals(state.detail.value, undefined);
  state.apply({ ...message([]), detail }, { replace: false });
  assertEquals(state.detail.value, undefined);
});
