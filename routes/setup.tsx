/** `/setup`: the first owner registers, with the link that the service printed when it started. */
import type { OperatorDeps } from "./operators/deps.ts";
import { createRegistration } from "./operators/registration_pages.tsx";

export function createSetup(deps: OperatorDeps) {
  return createRegistration(deps, "setup");
}
