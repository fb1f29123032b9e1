/** What every page does in a browser, whether or not it has an island. */
import { localiseTimes } from "./dashboard/moments.ts";

localiseTimes(document);
