/** A moment. The server writes it in UTC; the browser as its reader does. */
import { useEffect, useState } from "preact/hooks";
import { localMoment, type MomentStyle, utcMoment } from "./moments.ts";

export interface TimeProps {
  /** Since the epoch, ms. */
  readonly ms: number;
  /** What is shown of it; day and time if not said. */
  readonly show?: MomentStyle;
}

export function Time({ ms, show = "moment" }: TimeProps) {
  // The first rendering in the browser must be the server's.
  const [local, setLocal] = useState(false);
  useEffect(() => setLocal(true), []);
  return (
    <time dateTime={new Date(ms).toISOString()} data-style={show}>
      {local ? localMoment(ms, show) : utcMoment(ms, show)}
    </time>
  );
}
