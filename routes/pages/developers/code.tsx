/** Code to be copied: by a button, where script runs, and else by selecting it. */
import type { TicketExample } from "./ticket_examples.ts";

interface CodeProps {
  readonly id: string;
  readonly code: string;
  /** What it is, for the button and for those who hear the page. */
  readonly name: string;
  /** Shown above it; else the name is heard only. */
  readonly isFile?: boolean;
}

export function Code({ id, code, name, isFile = false }: CodeProps) {
  return (
    <div class="code-block">
      <p class={`code-head ${isFile ? "" : "code-head-bare"}`}>
        {isFile && <strong>{name}</strong>}
        {/* Hidden until there is a script to do it. */}
        <button type="button" class="button button-small" data-copy={`code-${id}`} hidden>
          Copy<span class="visually-hidden">{name}</span>
        </button>
      </p>
      <pre id={`code-${id}`} tabindex={0} role="region" aria-label={name}><code>{code}</code></pre>
    </div>
  );
}

/** One language at a time, chosen by radio buttons: the stylesheet alone shows what is chosen. */
export function Languages({ examples }: { readonly examples: readonly TicketExample[] }) {
  return (
    <fieldset class="languages">
      <legend class="visually-hidden">Language of the example</legend>
      {examples.map(({ id, language }, i) => (
        <span key={id} class="language">
          <input
            type="radio"
            name="language"
            id={`language-${id}`}
            class={`language-${id}`}
            value={id}
            checked={i === 0}
          />
          <label for={`language-${id}`}>{language}</label>
        </span>
      ))}
      {examples.map(({ id, name, code, language, run }) => (
        <div key={id} class={`example example-${id}`}>
          <Code id={id} name={id === "curl" ? "Ticket by curl" : name} code={code} isFile />
          <p class="hint">
            {id === "curl"
              ? "First:"
              : `Start it with ${language}, beside the two files below; it serves them on port 8080, or PORT:`}
            {" "}
            <code>{run}</code>
          </p>
        </div>
      ))}
    </fieldset>
  );
}
