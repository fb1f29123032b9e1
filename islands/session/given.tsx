/** What a session did not give, or gave in a way that says nothing: missing, and never held against anybody. */
import type { SessionDetail } from "../../routes/live/feed.ts";

/** Steps up to this, ms, are as good as any clock's; see the clock's rules in the core. */
const FINE_CLOCK_MS = 2;
const COARSE_CLOCK_MS = 20;

export function Given({ detail }: { detail: SessionDetail }) {
  const missing = missingOf(detail);
  if (missing.length === 0 && !detail.input) {
    return <p class="missing-lead">Nothing is on record of what this session gave.</p>;
  }
  if (missing.length === 0) {
    return <p class="missing-lead">Nothing: keys and pointer were both heard, by a fine clock.</p>;
  }
  return (
    <>
      <p class="missing-lead">
        This says less about who it is. It is never held against anybody and raises no risk.
      </p>
      <ul class="missing">
        {missing.map(({ what, why }) => (
          <li key={what}>
            <strong>{what}</strong> {why}
          </li>
        ))}
      </ul>
    </>
  );
}

interface MissingEvidence {
  readonly what: string;
  readonly why: string;
}

export function missingOf(
  { strokes, input, clockQuantumMs = 0 }: SessionDetail,
): MissingEvidence[] {
  const missing: MissingEvidence[] = [];
  const add = (what: string, why: string) => void missing.push({ what, why });
  if (strokes === 0) add("No typing.", "The keyboard says nothing.");
  if (input) {
    const { pointerSamples, marks } = input;
    if (pointerSamples === 0) add("No pointer movement.", "The pointer says nothing.");
    const { paste = 0, drop = 0, autofill = 0, composition = 0, lost = 0 } = marks;
    if (paste) add(`Pasted ${times(paste)}.`, "What is pasted has no rhythm.");
    if (drop) add(`Dropped in ${times(drop)}.`, "What is dropped has no rhythm.");
    if (autofill) add(`Filled in ${times(autofill)}.`, "What the browser fills in is not typed.");
    if (composition) {
      add(
        `Input method ${times(composition)}.`,
        "What an input method (IME) puts together shows its keys only in part.",
      );
    }
    if (lost) {
      add(`${lost} ${lost === 1 ? "gap" : "gaps"}.`, "Nothing is read across what got lost.");
    }
  }
  const step = `steps of ${clockQuantumMs.toFixed(clockQuantumMs < 10 ? 1 : 0)} ms`;
  if (clockQuantumMs > COARSE_CLOCK_MS) {
    add("A coarse clock.", `This browser tells time in ${step}: too coarse to judge by.`);
  } else if (clockQuantumMs > FINE_CLOCK_MS) {
    add("A coarse clock.", `This browser tells time in ${step}, so timing says less.`);
  }
  return missing;
}

function times(count: number): string {
  return count === 1 ? "once" : count === 2 ? "twice" : `${count.toLocaleString("en")} times`;
}
