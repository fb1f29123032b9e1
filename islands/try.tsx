/** Entry of the guided page. */
import { hydrateIsland } from "./dashboard/hydrate.ts";
import { TryPage } from "./try/try_page.tsx";

hydrateIsland("try", TryPage);
