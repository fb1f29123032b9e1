/** `/invitation`: whoever was invited registers. */
import type { OperatorDeps } from "./operators/deps.ts";
import { createRegistration } from "./operators/registration_pages.tsx";

export function createInvitationPage(deps: OperatorDeps) {
  return createRegistration(deps, "invitation");
}
