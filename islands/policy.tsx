/** Entry of the policy page. */
import { hydrateIsland } from "./dashboard/hydrate.ts";
import { PolicyPage } from "./policy/policy_page.tsx";

hydrateIsland("policy", PolicyPage);
