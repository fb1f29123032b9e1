/** The page of whoever puts Gaitkeeper on a site. */
import type { ApiKey } from "../../../core/store/api_keys.ts";
import type { Tenant } from "../../../core/tenant.ts";
import { Inspector } from "../../../islands/developers/inspector.tsx";
import { Done, Problem } from "../../operators/views.tsx";
import { Island } from "../../views/document.tsx";
import { Code, Languages } from "./code.tsx";
import { Keys, MadeSecret } from "./keys.tsx";
import type { Milestone } from "./milestones.ts";
import { Origins, Step } from "./origins.tsx";
import {
  type ExampleValues,
  pageExample,
  policyExample,
  readExample,
  scriptExample,
} from "./snippets.ts";
import { ticketExamples } from "./ticket_examples.ts";

export interface DevelopersProps {
  readonly tenant: Tenant;
  readonly values: ExampleValues;
  readonly milestones: readonly Milestone[];
  readonly keys: readonly ApiKey[] | undefined;
  readonly nowMs: number;
  readonly dev: boolean;
  /** Whether the role lets change the settings; keys come with it. */
  readonly mayChange: boolean;
  readonly recent: boolean;
  readonly said: Said;
}

/** What the last act of a form led to. */
export interface Said {
  readonly problem?: string;
  readonly done?: string;
  readonly made?: { readonly name: string; readonly secret: string };
}

export function DevelopersPage(props: DevelopersProps) {
  const { tenant, values, milestones, said, mayChange, recent } = props;
  const script = scriptExample(values);
  const example = pageExample();
  return (
    <div class="developers">
      <header class="developers-head">
        <h1>Put Gaitkeeper on your site</h1>
        <p>
          Four steps, each to be copied as it stands. Every request and answer is in the{" "}
          <a href="/docs">API reference</a>.
        </p>
      </header>
      <div class="developers-side">
        <Checklist milestones={milestones} />
      </div>
      <div class="developers-main">
        <Problem>{said.problem}</Problem>
        <Done>{said.done}</Done>
        {said.made && <MadeSecret {...said.made} />}
        {mayChange && !recent && (
          <p class="info">
            You can look. To change origins or keys,{" "}
            <a href="/confirm?next=/developers">confirm that it is you</a>.
          </p>
        )}
        <Origins
          origins={tenant.origins}
          own={values.service}
          mayChange={mayChange && recent}
          dev={props.dev}
        />
        <Keys keys={props.keys} nowMs={props.nowMs} recent={recent} />
        <section class="panel" aria-labelledby="ticket-heading">
          <h2 id="ticket-heading">
            <Step n={3} /> Mint tickets in your back end
          </h2>
          <p>
            A ticket opens one stream, once, within 30 seconds, from one origin. It names the
            signed-in person by an id of yours that says nothing of them. Nobody is watched whose
            consent is not on record: the ticket carries it.
          </p>
          <Languages examples={ticketExamples(values)} />
        </section>
        <section class="panel" aria-labelledby="page-heading">
          <h2 id="page-heading">
            <Step n={4} /> Put the collector on your pages
          </h2>
          <p>
            The page needs one script tag. It asks your back end for a ticket, captures how it is
            typed into and pointed at, and opens Gaitkeeper's dialog when a step-up is asked.
          </p>
          <Code id={example.id} name={example.name} code={example.code} isFile />
          <Code id={script.id} name={script.name} code={script.code} isFile />
          <p class="hint">
            A page with a Content-Security-Policy needs these in it. Types for TypeScript are at
            {" "}
            <a href="/collector.d.ts">/collector.d.ts</a> and{" "}
            <a href="/step-up.d.ts">/step-up.d.ts</a>. Password fields are never listened to;{" "}
            <code>data-gaitkeeper-ignore</code> leaves out any other element.
          </p>
          <Code id="policy" name="Content-Security-Policy" code={policyExample(values)} isFile />
          <p>
            Open the page, type a line, and see the session at{" "}
            <a href="/">Live</a>, or ask for it. The key must allow <code>sessions:read</code>:
          </p>
          <Code id="read" name="Sessions by curl" code={readExample(values)} isFile />
        </section>
        <Island name="developers" component={Inspector} props={{}} />
        <section class="panel" aria-labelledby="webhooks-heading">
          <h2 id="webhooks-heading">Webhooks</h2>
          <p>
            Later, this is where you say which URL is told of alerts. Until then ask:{" "}
            <a href="/docs#get-v1-alerts">
              <code>GET /v1/alerts</code>
            </a>{" "}
            and{" "}
            <a href="/docs#get-v1-notices">
              <code>GET /v1/notices</code>
            </a>.
          </p>
        </section>
      </div>
    </div>
  );
}

function Checklist({ milestones }: Pick<DevelopersProps, "milestones">) {
  return (
    <section class="panel" aria-labelledby="checklist-heading">
      <h2 id="checklist-heading">How far you are</h2>
      <ol class="checklist">
        {milestones.map(({ name, isDone, hint, href }) => (
          <li key={name} class={isDone ? "checklist-done" : undefined}>
            <span class="checklist-mark" aria-hidden="true">{isDone ? "✓" : ""}</span>
            <span>
              <strong>{name}</strong>
              <span class="visually-hidden">{isDone ? ", done" : ", still to come"}</span>
              <span class="sub">{isDone ? href && <a href={href}>See it</a> : hint}</span>
            </span>
          </li>
        ))}
      </ol>
      <p class="hint">
        Sessions of your own pages count, those of <a href="/try">Try it</a> do not.{" "}
        <a href="/developers">Look again</a>
      </p>
    </section>
  );
}
