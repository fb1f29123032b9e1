/** Entry of the live page. */
import { hydrateIsland } from "./dashboard/hydrate.ts";
import { LivePage } from "./dashboard/live_page.tsx";

hydrateIsland("live", LivePage);
