import { assert } from "@std/assert";
import { loadModels } from "../../core/models/load.ts";
import { createTypist } from "../../islands/try/generated_typist.ts";
import { readModelFile } from "../../models/evaluation/observe.ts";
import { measurePoisoning } from "../../models/evaluation/poisoning.ts";
import type { AttackName } from "../../models/evaluation/poisoning/attack.ts";

const MOST_GAINED = 0.02;
/** As many steps as anywhere, of as few strokes as a window moves on by. */
const SCHEDULE = { steps: 500, strokesAStep: 10, stepsASession: 10, sessionsADay: 5 };
/** Subjects and impostors who do not exist, by their seeds: one at once told apart, one hardly. */
const PAIRS: Readonly<Record<AttackName, readonly [number, number]>> = {
  mixed: [1, 2],
  interpolated: [3, 4],
};

for (const [name, [subject, impostor]] of Object.entries(PAIRS)) {
  Deno.test(`an impostor who moves a profile to themselves in 500 steps, ${name}, gains at most 2 points`, async () => {
    const typed = (seed: number) => {
      const typist = createTypist(seed);
      return [typist.type(400, 0), typist.type(400, 0)] as const;
    };
    const [[enrol, own], [stranger, probe]] = [typed(subject), typed(impostor)];
    const trial = { enrol, own, stranger, probe, seed: subject };
    const models = await loadModels(readModelFile);
    const found = await measurePoisoning(models, name as AttackName, [trial], {
      schedule: SCHEDULE,
    });
    const told = JSON.stringify(found);
    assert(found.people === 1 && found.windows > 30, told);
    // The attack is one: whoever learns what they let pass is taken over by it.
    assert(found.undefended - found.frozen > 0.5, told);
    assert(found.poisoned - found.frozen <= MOST_GAINED, told);
    // Nor is the subject shut out.
    assert(found.ownPoisoned >= found.ownFrozen - MOST_GAINED, told);
  });
}
