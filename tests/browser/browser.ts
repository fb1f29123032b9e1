/**
 * The real browser that tests drive: Chromium's headless shell out of an npm package, so nothing has
 * to be installed by hand.
 */
import { inflate } from "@sparticuz/chromium";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

const PACKAGE = new URL(".", import.meta.resolve("@sparticuz/chromium"));

/** Starts a browser; the caller closes it. */
export async function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  const home = await unpackedBrowser();
  const libraries = [`${home}/al2023/lib`, Deno.env.get("LD_LIBRARY_PATH")];
  return await chromium.launch({
    executablePath: `${home}/chromium`,
    // The package brings what a bare machine lacks: NSS, NSPR and Expat.
    env: { ...Deno.env.toObject(), LD_LIBRARY_PATH: libraries.filter(Boolean).join(":") },
    args: ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none", ...args],
  });
}

/** Runs `use` with a browser of its own and closes it, also when `use` throws. */
export async function withBrowser<T>(use: (browser: Browser) => Promise<T>): Promise<T> {
  const browser = await launchBrowser();
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
}

/** A page, and what went wrong in it so far: uncaught errors and `console.error`. */
export interface OpenedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly errors: readonly string[];
  close(): Promise<void>;
}

/** Opens `url` in a context of its own (no cookies shared), waiting for its load event. */
export async function openPage(browser: Browser, url: string): Promise<OpenedPage> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: "en-US",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  await page.goto(url);
  return { page, context, errors, close: () => context.close() };
}

/**
 * Registers a test that drives a browser, one browser a test file, started when its first such test
 * runs. The sanitizers are off: the browser outlives a single test.
 */
export function browserTest(
  name: string,
  run: (browser: Browser) => Promise<void>,
): void {
  if (!shared.registered) {
    shared.registered = true;
    Deno.test.afterAll(async () => await (await shared.browser)?.close());
  }
  Deno.test({
    name,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => await run(await (shared.browser ??= launchBrowser())),
  });
}

const shared: { registered: boolean; browser?: Promise<Browser> } = { registered: false };

/**
 * Folder of the unpacked browser and its libraries. It is unpacked once a machine, beside the final
 * place and then renamed, so that two test runs at a time never start half a browser.
 */
async function unpackedBrowser(): Promise<string> {
  const { version } = JSON.parse(await Deno.readTextFile(new URL("../package.json", PACKAGE)));
  const temporary = Deno.env.get("TMPDIR");
  const home = `${temporary ?? "/tmp"}/gaitkeeper-browser-${version}`;
  if (await exists(home)) return home;
  const unpacking = await Deno.makeTempDir({ prefix: "gaitkeeper-unpacking-" });
  Deno.env.set("TMPDIR", unpacking);
  try {
    const archives = ["chromium.br", "al2023.tar.br", "fonts.tar.br", "swiftshader.tar.br"];
    await Promise.all(
      archives.map((name) =>
        inflate(decodeURIComponent(new URL(`../bin/${name}`, PACKAGE).pathname))
      ),
    );
  } finally {
    if (temporary) Deno.env.set("TMPDIR", temporary);
    else Deno.env.delete("TMPDIR");
  }
  try {
    await Deno.rename(unpacking, home);
  } catch (error) {
    // Another run was faster: its browser serves as well.
    await Deno.remove(unpacking, { recursive: true });
    if (!await exists(home)) throw error;
  }
  return home;
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}
