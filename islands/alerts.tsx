/** Entry of the alerts page. */
import { AlertsPage } from "./alerts/alerts_page.tsx";
import { hydrateIsland } from "./dashboard/hydrate.ts";

hydrateIsland("alerts", AlertsPage);
