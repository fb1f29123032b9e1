/** What a session was given to judge by, as it is stored. */
import { z } from "zod";
import { DEVICES } from "../wire.ts";

const Count = z.number().int();

export const InputRecord = z.object({
  strokes: Count,
  pointerSamples: Count,
  presses: Count,
  wheelSteps: Count,
  marks: z.object({
    paste: Count.optional(),
    drop: Count.optional(),
    autofill: Count.optional(),
    composition: Count.optional(),
    lost: Count.optional(),
  }),
  device: z.enum(DEVICES).optional(),
});
export type InputRecord = z.infer<typeof InputRecord>;
