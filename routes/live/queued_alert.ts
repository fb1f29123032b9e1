/** An alert as the queue shows it, with what people made of it. */
import type { QueuedAlert } from "../../core/store/alert_queue.ts";
import type { AlertHandling, AlertState, Verdict } from "../../core/store/alert_handlings.ts";
import { type AlertView, alertView } from "./feed.ts";

export interface HandlingView {
  readonly state: AlertState;
  readonly verdict?: Verdict | undefined;
  readonly note?: string | undefined;
  /** Since the epoch, ms. */
  readonly atMs?: number | undefined;
  /** Who did it last; a person by their id. */
  readonly by?: AlertHandling["by"] | undefined;
}

export interface QueuedAlertView extends AlertView {
  /** Absent while nobody has touched it. */
  readonly handling?: HandlingView | undefined;
}

export function queuedAlertView({ alert, handling }: QueuedAlert): QueuedAlertView {
  if (!handling) return alertView(alert);
  const { state, verdict, note, atMs, by } = handling;
  return {
    ...alertView(alert),
    handling: { state, ...verdict ? { verdict } : {}, ...note ? { note } : {}, atMs, by },
  };
}
