/** The text to type, with what is done, what was mistyped and what comes next. */
import { correctLength } from "./passages.ts";

export function GivenText({ given, typed }: { given: string; typed: string }) {
  const correct = correctLength(given, typed);
  const wrongUntil = Math.min(Math.max(typed.length, correct), given.length);
  return (
    <p class="given" id="given">
      <span class="given-typed">{given.slice(0, correct)}</span>
      {wrongUntil > correct && <span class="given-wrong">{given.slice(correct, wrongUntil)}</span>}
      <span class="given-next">{given.slice(wrongUntil, wrongUntil + 1)}</span>
      {given.slice(wrongUntil + 1)}
    </p>
  );
}
