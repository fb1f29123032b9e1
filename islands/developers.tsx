/** Entry of the developers' page: its copy buttons, and the inspector. */
import { hydrateIsland } from "./dashboard/hydrate.ts";
import { enableCopying } from "./developers/copy.ts";
import { Inspector } from "./developers/inspector.tsx";

enableCopying(document);
hydrateIsland("developers", Inspector);
