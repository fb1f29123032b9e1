import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Assurance, standing } from "../../core/assurance.ts";
import { openSession } from "../../core/session.ts";
import { createTypist } from "../../islands/try/generated_typist.ts";
import { createDeps, deliver, framesOf, IDENTITY, START_MS } from "./live_sessions.ts";

const PROOF: Assurance = { acr: "phr", amr: ["pop"], atMs: START_MS, untilMs: START_MS + 900_000 };

Deno.test("standing() counts an assurance until its time is over and not at it", () => {
  assertEquals(standing(PROOF, PROOF.untilMs - 1), PROOF);
  assertEquals(standing(PROOF, PROOF.untilMs), undefined);
  assertEquals(standing(undefined, 0), undefined);
});

Deno.test("behaviour never raises an assurance: only a proof does, and a failed one takes it away", async () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant("type"),
      seed: fc.integer({ min: 1, max: 3 }),
      strokes: fc.nat(120),
    }),
    fc.record({ kind: fc.constantFrom("verify", "block", "reopen") }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      using kv = await Deno.openKv(":memory:");
      const deps = createDeps(kv);
      let session = await openSession(deps, IDENTITY);
      let expected: Assurance | undefined;
      let startMs = START_MS;
      for (const [i, step] of steps.entries()) {
        startMs += 600_000;
        if ("seed" in step) {
          const strokes = createTypist(100 * i + step.seed).type(step.strokes, startMs);
          for (const frame of framesOf(strokes)) {
            await deliver(deps, session, { ...frame, stream: i + 1 });
          }
        } else if (step.kind === "verify") session.verify(expected = { ...PROOF, atMs: startMs });
        else if (step.kind === "block") session.block(), expected = undefined;
        await session.commit();
        if (step.kind === "reopen") session = await openSession(deps, IDENTITY);
        assertEquals(session.assurance, expected);
        if (step.kind === "block") assertEquals(session.decision.action, "block");
      }
    }),
    { numRuns: 15 },
  );
});

Deno.test("a blocked session stays so, whatever is typed, until a step-up is passed", async () => {
  using kv = await Deno.openKv(":memory:");
  const deps = createDeps(kv);
  const session = await openSession(deps, IDENTITY);
  const typist = createTypist(1);
  const play = async (strokes: number, stream: number) => {
    const events = typist.type(strokes, START_MS + 3600_000 * stream);
    for (const frame of framesOf(events)) await deliver(deps, session, { ...frame, stream });
    await session.commit();
  };
  await play(300, 1);
  session.block();
  await play(400, 2);
  assertEquals(session.decision.action, "block");
  const again = await openSession(deps, IDENTITY);
  assertEquals(again.decision.action, "block");
  again.verify(PROOF);
  assertEquals(again.decision.action, "allow");
});
