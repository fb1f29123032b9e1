import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { AlertView, SessionRow } from "../../../routes/live/feed.ts";
import { LiveState, rankSessions } from "../../../islands/dashboard/live_state.ts";

const row = (session: string, change: Partial<SessionRow> = {}): SessionRow => ({
  session,
  subject: session,
  updatedAtMs: 0,
  risk: 1,
  confidence: 0.5,
  level: "low",
  action: "allow",
  keyboard: "ready",
  pointer: "cold",
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

Deno.test("rankSessions() puts unknown above elevated, and the riskier above the calmer", () => {
  const rows = [
    row("low", { risk: 3 }),
    row("unknown", { level: "unknown", risk: 0.5 }),
    row("elevated", { level: "elevated", risk: 44 }),
    row("critical", { level: "critical", risk: 97 }),
    row("lowest", { risk: 1 }),
  ];
  const order = rankSessions(rows, 10).map(({ session }) => session);
  assertEquals(order, ["critical", "unknown", "elevated", "low", "lowest"]);
});

Deno.test("rankSessions() gives one order whatever order it is given", () => {
  const rows = Array.from({ length: 12 }, (_, i) => row(`s${i}`, { risk: i % 3 }));
  const ranked = rankSessions(rows, 8);
  fc.assert(fc.property(fc.shuffledSubarray(rows, { minLength: 12 }), (shuffled) => {
    assertEquals(rankSessions(shuffled, 8), ranked);
  }));
});

Deno.test("LiveState.apply() replaces on a snapshot and merges on changes", () => {
  const state = createState();
  state.apply(message([row("a"), row("b")]), { replace: true });
  state.apply(message([row("b", { risk: 9 }), row("c")]), { replace: false });
  assertEquals([...state.sessions.value.keys()], ["a", "b", "c"]);
  assertEquals(state.ranked.value[0]?.session, "b");
  state.apply(message([row("c")]), { replace: true });
  assertEquals([state.sessionCount.value, state.ranked.value.length], [1, 1]);
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
