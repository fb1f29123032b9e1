/**
 * Pictures of every page in every state, to be looked at: `deno task screenshots [state …]` writes
 * `.screenshots/<state>-<width>-<scheme>.png`. The states are those of `tests/screenshots/*.ts`, and
 * the pictures that files there take by themselves, `PICTURES`; a name that ends with `*` stands for all that begin so.
 */
import type { Browser } from "playwright-core";
import { buildIslands } from "../islands/build.ts";
import { withBrowser } from "./browser/browser.ts";
import { type Look, picture, type State } from "./screenshots/state.ts";

const OUT = new URL("../.screenshots/", import.meta.url);
const STATES_DIR = new URL("./screenshots/", import.meta.url);
const VIEWPORTS = [{ width: 1280, height: 900 }, { width: 390, height: 844 }];
const SCHEMES = ["light", "dark"] as const;

type Picture = (look: Look) => Promise<void>;

async function allStates(): Promise<Map<string, Picture>> {
  const states = new Map<string, Picture>();
  for await (const { name } of Deno.readDir(STATES_DIR)) {
    const { STATES = {}, PICTURES = {} } = await import(new URL(name, STATES_DIR).href);
    for (const [name, state] of Object.entries<State>(STATES)) {
      states.set(name, (look) => picture(state, look));
    }
    for (const [name, take] of Object.entries<Picture>(PICTURES)) states.set(name, take);
  }
  return states;
}

async function pictureAll(browser: Browser, name: string, take: Picture) {
  for (const viewport of VIEWPORTS) {
    for (const colorScheme of SCHEMES) {
      const path = new URL(`${name}-${viewport.width}-${colorScheme}.png`, OUT).pathname;
      await take({ browser, viewport, colorScheme, path });
    }
  }
}

function isAsked(name: string, asked: readonly string[]): boolean {
  if (asked.length === 0) return true;
  return asked.some((one) => one.endsWith("*") ? name.startsWith(one.slice(0, -1)) : one === name);
}

if (import.meta.main) {
  await buildIslands();
  await Deno.mkdir(OUT, { recursive: true });
  const states = [...await allStates()].sort(([a], [b]) => a < b ? -1 : 1);
  const failed: string[] = [];
  await withBrowser(async (browser) => {
    for (const [name, state] of states.filter(([name]) => isAsked(name, Deno.args))) {
      const startedMs = performance.now();
      try {
        await pictureAll(browser, name, state);
        console.log(name, `${Math.round(performance.now() - startedMs)} ms`);
      } catch (error) {
        failed.push(name);
        console.error(name, error);
      }
    }
  });
  if (failed.length) console.error(`Not pictured: ${failed.join(", ")}`);
  Deno.exitCode = failed.length ? 1 : 0;
}
