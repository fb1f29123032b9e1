/** Entry of a session's page. */
import { hydrateIsland } from "./dashboard/hydrate.ts";
import { SessionPage } from "./session/session_page.tsx";

hydrateIsland("session", SessionPage);
