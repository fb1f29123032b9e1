/** Whether the page still hears from the server. */
import type { Signal } from "@preact/signals";
import type { Connection } from "./live_state.ts";

export interface ConnectionProps {
  readonly connection: Signal<Connection>;
}

const CONNECTION_WORDS: Readonly<Record<Connection, string>> = {
  connecting: "Connecting",
  live: "Live",
  reconnecting: "Reconnecting",
  offline: "Offline",
};

export function ConnectionPill({ connection }: ConnectionProps) {
  return (
    <p class={`pill pill-${connection.value}`} role="status">
      <span class="pill-dot" aria-hidden="true"></span>
      {CONNECTION_WORDS[connection.value]}
    </p>
  );
}

/** What is shown while the feed is away is old: it says so. */
export function OutdatedNotice({ connection }: ConnectionProps) {
  if (connection.value === "offline") {
    return (
      <p class="notice">
        This browser has no network. What you see is from before; it goes on by itself once there
        is.
      </p>
    );
  }
  if (connection.value !== "reconnecting") return null;
  return (
    <p class="notice">The server does not answer. Reconnecting; what you see is from before.</p>
  );
}
