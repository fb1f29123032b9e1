/** What the script tag loads: the module, and what it does for pages that cannot import. */
import { enrolFactor, offerStepUp } from "./mod.ts";

export { enrolFactor, offerStepUp };

// A page may have one of its own, even one that cannot be changed: then it imports.
try {
  globalThis.gaitkeeperStepUp ??= Object.freeze({ offerStepUp, enrolFactor });
} catch {
  // Nothing to do.
}
