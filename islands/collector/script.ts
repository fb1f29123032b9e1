/** What the script tag loads: the module, and its `start` for pages that cannot import. */
import { start } from "./mod.ts";

export { start };

// A page may have a `gaitkeeper` of its own, even one that cannot be changed: then it imports.
try {
  globalThis.gaitkeeper ??= Object.freeze({ start });
} catch {
  // Nothing to do.
}
