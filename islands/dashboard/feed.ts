/** Keeps a page's state up to date from the server's feed, and says how the connection stands. */
import { effect, type Signal } from "@preact/signals";
import type { FeedMessage } from "../../routes/live/feed.ts";
import type { Connection } from "./live_state.ts";

/** What is kept up to date. */
export interface FeedFollower {
  readonly connection: Signal<Connection>;
  /** The server's clock. */
  readonly nowMs: Signal<number>;
  /** The session whose detail is told as well; absent where no session is looked at. */
  readonly watched?: Signal<string | undefined>;
  /** The part of the feed that is wanted; all of it if not said. */
  readonly only?: "alerts";
  /** `replace`: the message holds all there is. */
  apply(message: FeedMessage, how: { readonly replace: boolean }): void;
}

/** Wait before a connection that the browser has given up is tried again. */
const RETRY_MS = 3000;
/** How often the ages on the page are brought up to date. */
const TICK_MS = 5000;

/** Follows the feed, and the session that is watched, until the returned function is called. */
export function followFeed(state: FeedFollower): () => void {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const connect = (session: string | undefined) => {
    clearTimeout(retry);
    source?.close();
    const query = new URLSearchParams();
    if (session !== undefined) query.set("session", session);
    if (state.only) query.set("only", state.only);
    const opened = source = new EventSource(`/live/feed${query.size ? `?${query}` : ""}`);
    const take = (replace: boolean) => (event: MessageEvent<string>) => {
      state.connection.value = "live";
      state.apply(JSON.parse(event.data) as FeedMessage, { replace });
    };
    opened.addEventListener("snapshot", take(true));
    opened.addEventListener("changes", take(false));
    opened.addEventListener("error", () => {
      state.connection.value = lost();
      // The browser tries again by itself, except after an answer that is no stream.
      if (opened.readyState !== EventSource.CLOSED || opened !== source) return;
      void leaveIfSignedOut();
      retry = setTimeout(() => connect(session), RETRY_MS);
    });
  };
  const goOffline = () => state.connection.value = "offline";
  const goOnline = () => connect(state.watched?.peek());
  const tick = setInterval(() => state.nowMs.value += TICK_MS, TICK_MS);
  globalThis.addEventListener("offline", goOffline);
  globalThis.addEventListener("online", goOnline);
  const unwatch = effect(() => connect(state.watched?.value));

  return () => {
    unwatch();
    source?.close();
    source = undefined;
    clearTimeout(retry);
    clearInterval(tick);
    globalThis.removeEventListener("offline", goOffline);
    globalThis.removeEventListener("online", goOnline);
  };
}

/** An operator who was signed out, here or elsewhere, is led to sign in. */
async function leaveIfSignedOut(): Promise<void> {
  const headers = { Accept: "text/html" };
  const answer = await fetch(location.pathname, { redirect: "manual", headers }).catch(() => {});
  if (answer?.type === "opaqueredirect") location.reload();
}

function lost() {
  return navigator.onLine === false ? "offline" : "reconnecting";
}
