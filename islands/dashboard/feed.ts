/** Keeps a page's state up to date from the server's feed, and says how the connection stands. */
import { effect } from "@preact/signals";
import type { FeedMessage } from "../../routes/live/feed.ts";
import type { LiveState } from "./live_state.ts";

/** Wait before a connection that the browser has given up is tried again. */
const RETRY_MS = 3000;
/** How often the ages on the page are brought up to date. */
const TICK_MS = 5000;

/** Follows the session that the state watches, until the returned function is called. */
export function followFeed(state: LiveState): () => void {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const connect = (session: string | undefined) => {
    clearTimeout(retry);
    source?.close();
    const query = session === undefined ? "" : `?session=${encodeURIComponent(session)}`;
    const opened = source = new EventSource(`/live/feed${query}`);
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
  const goOnline = () => connect(state.watched.peek());
  const tick = setInterval(() => state.nowMs.value += TICK_MS, TICK_MS);
  globalThis.addEventListener("offline", goOffline);
  globalThis.addEventListener("online", goOnline);
  const unwatch = effect(() => connect(state.watched.value));

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
