/** Asks the server what a draft would have done, one question at a time, the newest last. */
import type { PolicyTrialView } from "../../routes/policy.ts";
import { type PolicyDraft, policyOf } from "./draft.ts";

/** A slider that is being moved is waited for. */
const SETTLED_MS = 250;

export interface Trials {
  ask(draft: PolicyDraft): void;
  end(): void;
}

/** `onTrial` is told what came back; `undefined` when nothing did. */
export function createTrials(
  onTrial: (draft: PolicyDraft, trial: PolicyTrialView | undefined) => void,
): Trials {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waiting: PolicyDraft | undefined;
  let [isAsking, isEnded] = [false, false];
  const run = async () => {
    if (isAsking || !waiting) return;
    isAsking = true;
    const draft = waiting;
    waiting = undefined;
    const trial = await simulate(draft);
    isAsking = false;
    if (isEnded) return;
    // What has been changed meanwhile is not what this is about.
    if (!waiting) onTrial(draft, trial);
    else await run();
  };
  return {
    ask(draft) {
      waiting = draft;
      clearTimeout(timer);
      timer = setTimeout(() => void run(), SETTLED_MS);
    },
    end() {
      isEnded = true;
      clearTimeout(timer);
    },
  };
}

async function simulate(draft: PolicyDraft): Promise<PolicyTrialView | undefined> {
  try {
    const response = await fetch("/v1/tenant/policy/simulate", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ policy: policyOf(draft) }),
    });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}
