/** One operation of the reference. */
import { curlOf } from "./example.ts";
import type { Answer, Operation, Parameter } from "./reference.ts";
import { SchemaFields, TypeWords, Words } from "./schema_view.tsx";

interface OperationProps {
  readonly operation: Operation;
  /** Public origin of this service. */
  readonly service: string;
}

export function OperationView({ operation, service }: OperationProps) {
  const { id, method, path, summary, description, parameters, body, answers, problems } = operation;
  const curl = curlOf(operation, service);
  return (
    <section class="panel operation" id={id} aria-labelledby={`${id}-heading`}>
      <h3 id={`${id}-heading`}>
        <a href={`#${id}`}>{summary}</a>
      </h3>
      <p class="operation-path">
        <span class={`method method-${method.toLowerCase()}`}>{method}</span>{" "}
        <code>
          {/* A long path may break at its slashes. */}
          {path.split("/").map((part, i) => (
            <span key={i}>
              {i > 0 && (
                <>
                  /<wbr />
                </>
              )}
              {part}
            </span>
          ))}
        </code>
      </p>
      {description && (
        <p>
          <Words text={description} />
        </p>
      )}
      <Access {...operation} />
      {parameters.length > 0 && <Parameters parameters={parameters} />}
      {body && (
        <>
          <h4>Body</h4>
          <SchemaFields schema={body} />
        </>
      )}
      {curl && (
        <>
          <h4>Example</h4>
          <pre
            tabindex={0}
            role="region"
            aria-label={`${summary} by curl`}
          ><code>{curl}</code></pre>
        </>
      )}
      <h4>Answers</h4>
      {answers.map((answer) => <AnswerView key={answer.status} answer={answer} />)}
      {problems.length > 0 && (
        <p class="operation-problems">
          Problems: {problems.map((code) => (
            <a key={code} href={`#problem-${code}`}>
              <code>{code}</code>
            </a>
          ))}
        </p>
      )}
    </section>
  );
}

function Access({ credentials, permission }: Operation) {
  if (!credentials.length) return <p class="hint">Open: it wants no key.</p>;
  const byKey = credentials.includes("secretKey");
  return (
    <p class="hint">
      {byKey ? "A key with the scope " : "An operator whose role allows "}
      {permission ? <code>{permission}</code> : "any"}
      {byKey && ", or an operator whose role allows it"}.
    </p>
  );
}

function Parameters({ parameters }: { readonly parameters: readonly Parameter[] }) {
  return (
    <>
      <h4>Parameters</h4>
      <dl class="schema">
        {parameters.map((parameter) => (
          <div key={`${parameter.in} ${parameter.name}`}>
            <dt>
              <code>{parameter.name}</code> <TypeWords schema={parameter.schema} />
              <span class="schema-optional">
                {parameter.in}
                {parameter.required ? "" : ", optional"}
              </span>
            </dt>
            <dd>
              <Words text={parameter.description ?? parameter.schema.description ?? ""} />
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function AnswerView({ answer }: { readonly answer: Answer }) {
  const { status, description, schema, contentType } = answer;
  const words = (
    <>
      <strong>{status}</strong> <Words text={description} />
    </>
  );
  if (!schema) return <p class="answer">{words}</p>;
  return (
    <details class="answer">
      <summary>{words}</summary>
      <p class="hint">
        <code>{contentType}</code>
      </p>
      <SchemaFields schema={schema} />
    </details>
  );
}
