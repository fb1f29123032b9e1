/** What stands beside the page itself: before it is opened, after it is closed, after it is gone. */
import { Time } from "../../../islands/dashboard/time.tsx";
import type { Receipt } from "../../subjects/acts.ts";
import { WORDS } from "./words.ts";

export function OpenPage({ site }: { site: string }) {
  return (
    <section class="panel">
      <h1>{WORDS.open.title}</h1>
      <p>{WORDS.open.text(site)}</p>
      <form method="post" action="/me/open">
        <button type="submit" class="button button-main">{WORDS.open.button}</button>
      </form>
    </section>
  );
}

/** The same whether the link is over, was used, or never was. */
export function ClosedPage() {
  return (
    <section class="panel">
      <h1>{WORDS.closed.title}</h1>
      <p>{WORDS.closed.text}</p>
      <p>{WORDS.closed.next}</p>
    </section>
  );
}

export function LeftPage() {
  return (
    <section class="panel">
      <h1>{WORDS.left.title}</h1>
      <p>{WORDS.left.text}</p>
    </section>
  );
}

export function ErasedPage({ receipt }: { receipt: Receipt }) {
  const words = WORDS.receipt;
  const { id, pseudonym, erasedAtMs, rows, traces } = receipt;
  return (
    <section class="panel">
      <h1>{words.title}</h1>
      <p>{words.text}</p>
      <dl class="receipt">
        <dt>{words.receipt}</dt>
        <dd>
          <code>{id}</code>
        </dd>
        <dt>{words.at}</dt>
        <dd>
          <Time ms={erasedAtMs} />
        </dd>
        <dt>{words.records}</dt>
        <dd>{rows}</dd>
        <dt>{words.recordings}</dt>
        <dd>{traces}</dd>
        <dt>{words.pseudonym}</dt>
        <dd>
          <code>{pseudonym}</code>
        </dd>
      </dl>
      <p>{words.keep}</p>
    </section>
  );
}
