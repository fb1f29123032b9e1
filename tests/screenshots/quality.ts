/** What the models are worth. */
import type { State } from "./state.ts";

export const STATES: Readonly<Record<string, State>> = {
  quality: { seed: () => Promise.resolve({ path: "/quality" }) },
};
