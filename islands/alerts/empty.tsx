/** What the queue says where it shows no alert, or not all of them. */
import { type AlertsProps, queueHref } from "./queue.ts";

/** The server shows a page of them; what it left out is said. */
export function Cut({ found, lookedThrough, alerts }: AlertsProps) {
  const count = (value: number) => value.toLocaleString("en");
  if (found !== undefined) {
    return (
      <p class="more">
        The first {count(Math.min(alerts.length, found))} of{" "}
        {count(found)}. Search, or choose a level, to see others.
      </p>
    );
  }
  if (lookedThrough === undefined) return null;
  return <p class="more">Of the newest {count(lookedThrough)} alerts; older ones are not shown.</p>;
}

export function Empty({ filter, counts }: Pick<AlertsProps, "filter" | "counts">) {
  if (Object.values(counts).every((count) => count === 0)) {
    return (
      <p class="empty">
        No alerts. One is raised when a session's risk asks for a step-up, once an incident. You can
        see that happen on <a href="/try">Try it</a>.
      </p>
    );
  }
  const isNarrowed = filter.search !== "" || filter.level !== undefined;
  return (
    <p class="empty">
      {isNarrowed
        ? (
          <>
            Nothing here is like that.{" "}
            <a href={queueHref({ ...filter, search: "", level: undefined })}>Show all</a>
          </>
        )
        : filter.state === "open"
        ? "Nothing is open. Somebody has looked at every alert."
        : `Nothing is ${filter.state}.`}
    </p>
  );
}
