/** A schema in words: each field with its type, whether it must be there, its bounds, and what it means. */
import type { Schema } from "./reference.ts";

/** Patterns that a reader can read. */
const READABLE_PATTERN = 48;

export function SchemaFields({ schema }: { readonly schema: Schema }) {
  const { properties, required = [] } = objectOf(schema);
  if (!properties) {
    return (
      <p>
        <TypeWords schema={schema} />
      </p>
    );
  }
  return (
    <dl class="schema">
      {Object.entries(properties).map(([name, field]) => {
        const inner = objectOf(field);
        return (
          <div key={name}>
            <dt>
              <code>{name}</code> <TypeWords schema={field} />
              {required.includes(name) ? null : <span class="schema-optional">optional</span>}
            </dt>
            <dd>
              {field.description && <Words text={field.description} />}
              {inner.properties && <SchemaFields schema={inner} />}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

/** The object that a schema is of: itself, each item of a list, or the one that is not null. */
function objectOf(schema: Schema): Schema {
  if (schema.properties) return schema;
  if (schema.items) return objectOf(schema.items);
  const choice = (schema.anyOf ?? schema.oneOf)?.find((one) => objectOf(one).properties);
  return choice ? objectOf(choice) : schema;
}

export function TypeWords({ schema }: { readonly schema: Schema }) {
  return (
    <span class="schema-type">
      {typeWords(schema)}
      {boundsWords(schema).map((words) => <span key={words}>, {words}</span>)}
    </span>
  );
}

/** "list of strings", "one of low, high", "number or null". */
export function typeWords(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) {
    return schema.enum.length === 1
      ? JSON.stringify(schema.enum[0])
      : `one of ${schema.enum.map((value) => JSON.stringify(value)).join(", ")}`;
  }
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return [...new Set(choices.map(typeWords))].join(" or ");
  if (schema.type === "array") {
    return `list of ${schema.items ? typeWords(schema.items) : "values"}`;
  }
  if (schema.format === "date-time") return "date and time (RFC 3339)";
  if (schema.format === "uri") return "URL";
  return schema.type ?? "anything";
}

function boundsWords(schema: Schema): string[] {
  const { minimum, exclusiveMinimum, maximum, minLength, maxLength, minItems, maxItems } = schema;
  const least = real(minimum) ?? exclusiveMinimum;
  const most = real(maximum);
  const words: string[] = [];
  if (least !== undefined && most !== undefined) words.push(`${least} to ${most}`);
  else if (least !== undefined) words.push(`at least ${least}`);
  else if (most !== undefined) words.push(`at most ${most}`);
  if (maxLength !== undefined) words.push(`${minLength ?? 0} to ${maxLength} characters`);
  if (maxItems !== undefined) words.push(`${minItems ?? 0} to ${maxItems} of them`);
  if (schema.pattern && !schema.format && schema.pattern.length <= READABLE_PATTERN) {
    words.push(`as ${schema.pattern}`);
  }
  if (schema.default !== undefined) words.push(`else ${JSON.stringify(schema.default)}`);
  return words;
}

/** A bound that means something, and not just how far a double can count. */
function real(bound: number | undefined): number | undefined {
  return bound === undefined || Math.abs(bound) === Number.MAX_SAFE_INTEGER ? undefined : bound;
}

/** Text in which `code` is code. */
export function Words({ text }: { readonly text: string }) {
  return (
    <span>
      {text.split("`").map((part, i) => i % 2 ? <code key={i}>{part}</code> : part)}
    </span>
  );
}
