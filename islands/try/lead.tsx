/** What to do now, and how far it is. */
import type { EnrolmentGoal } from "../dashboard/live_state.ts";
import { missingWords } from "../dashboard/words.ts";

type Missing = Parameters<typeof missingWords>[0];

/** How far it is to be known, where the eyes are. */
export function Learned({ goals, missing }: {
  readonly goals: readonly EnrolmentGoal[];
  readonly missing: Missing | undefined;
}) {
  const goal = goals.find(({ unit }) => unit === "strokes");
  if (!goal) return null;
  const done = missing?.unit === "strokes" ? Math.max(0, goal.amount - missing.amount) : 0;
  return (
    <p class="try-learned">
      <progress aria-label="Learned so far" max={goal.amount} value={done} />
      <span>{done} of {goal.amount} strokes</span>
    </p>
  );
}

export function leadWords(
  step: number,
  begun: boolean,
  missing: Missing | undefined,
): string {
  if (!begun) {
    return "First it has to learn you. Type the text as you always type, mistakes and all; what you type stays in this page, only the rhythm is sent.";
  }
  if (step === 0) {
    const amount = missing ? missingWords(missing) : "a few texts";
    return `Type the text below as you always type. It has learned you after ${amount}.`;
  }
  if (step === 1) return "You are learned. Go on typing and watch the risk stay low.";
  return "It knows you. Now let somebody else sit down at your keyboard, or go on typing yourself.";
}
