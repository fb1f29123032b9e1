import { assert, assertEquals } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import { browserTest, openPage } from "../browser/browser.ts";
import { type ServiceProcess, startServiceProcess } from "./service_process.ts";

/**
 * How an example of a back end is started, where its language is on this machine. Go is left out: it
 * compiles its own packages first, for most of a minute.
 */
const BACK_ENDS = {
  node: { file: "site.mjs", command: ["node", "site.mjs"], version: ["node", "--version"] },
  python: { file: "site.py", command: ["python3", "site.py"], version: ["python3", "--version"] },
} as const;
type Language = keyof typeof BACK_ENDS;

const WITHIN_MS = 15_000;

async function isInstalled(language: Language): Promise<boolean> {
  const [name, ...args] = BACK_ENDS[language].version;
  try {
    return (await new Deno.Command(name!, { args, stdout: "null", stderr: "null" }).output())
      .success;
  } catch {
    return false;
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** What the developers' page gives to whoever does as it says, and nothing else. */
interface Given {
  readonly secret: string;
  readonly codeOf: (id: string) => Promise<string>;
}

/** Allows the origin and makes a key, by the page's own forms. */
async function followPage(page: Page, service: ServiceProcess, site: string): Promise<Given> {
  await page.goto(new URL("/developers", service.origin).href);
  await page.getByLabel("Origin of your pages").fill(site);
  await page.getByRole("button", { name: "Allow it" }).click();
  await page.getByRole("button", { name: `Remove ${site}` }).waitFor();
  await page.getByText("New key").click();
  await page.getByLabel("Name, to tell it apart").fill("Shop");
  await page.getByRole("button", { name: "Make the key" }).click();
  const codeOf = async (id: string) => (await page.locator(`#code-${id}`).textContent())!;
  return { secret: (await codeOf("secret")).trim(), codeOf };
}

async function until<T>(what: string, look: () => Promise<T | undefined>) {
  const endMs = Date.now() + WITHIN_MS;
  for (;;) {
    const found = await look().catch(() => undefined);
    if (found !== undefined) return found;
    if (Date.now() > endMs) throw new Error(`It never came to be that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

interface SessionView {
  readonly id: string;
  readonly strokes: number;
}

async function readSessions(service: ServiceProcess, secret: string): Promise<SessionView[]> {
  const headers = { Authorization: `Bearer ${secret}` };
  const answer = await fetch(new URL("/v1/sessions", service.origin), { headers });
  return (await answer.json()).sessions;
}

/** Starts the example as the page says, opens the site in a browser, and types into it. */
async function typeOnSite(
  browser: Browser,
  language: Language,
  { given, folder, port }: { given: Given; folder: string; port: number },
  isSeen: () => Promise<true | undefined>,
): Promise<void> {
  const { file, command: [name, ...args] } = BACK_ENDS[language];
  await Deno.writeTextFile(`${folder}/${file}`, await given.codeOf(language));
  const backEnd = new Deno.Command(name!, {
    args,
    cwd: folder,
    env: { GAITKEEPER_SECRET_KEY: given.secret, PORT: String(port) },
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    const site = `http://localhost:${port}/`;
    await until(`${language} serves`, async () => {
      const answer = await fetch(site);
      await answer.body?.cancel();
      return answer.ok || undefined;
    });
    const { page, errors, close } = await openPage(browser, site);
    try {
      await page.locator("textarea").pressSequentially("hello from another origin", { delay: 15 });
      await until(`the session of ${language} was seen`, isSeen);
      assertEquals(errors.filter((error) => !error.includes("favicon") && !/404/.test(error)), []);
    } finally {
      await close();
    }
  } finally {
    backEnd.kill("SIGTERM");
    await backEnd.status;
  }
}

browserTest(
  "each example of /developers, run as it stands, has its session seen",
  async (browser) => {
    const [data, folder] = [await Deno.makeTempDir(), await Deno.makeTempDir()];
    const service = await startServiceProcess({ data });
    const { page, close } = await openPage(browser, "about:blank");
    try {
      const port = freePort();
      const given = await followPage(page, service, `http://localhost:${port}`);
      await Deno.writeTextFile(`${folder}/index.html`, await given.codeOf("page"));
      await Deno.writeTextFile(`${folder}/behaviour.js`, await given.codeOf("script"));
      let seen = 0;
      for (const language of Object.keys(BACK_ENDS) as Language[]) {
        if (!await isInstalled(language)) continue;
        seen++;
        await typeOnSite(browser, language, { given, folder, port }, async () => {
          const sessions = await readSessions(service, given.secret);
          const typed = sessions.filter(({ strokes }) => strokes > 0);
          return typed.length === seen || undefined;
        });
      }
      assert(seen > 0, "no language of the examples is on this machine");
      await page.goto(new URL("/developers", service.origin).href);
      assertEquals(
        await page.locator(".checklist-done").first().locator("strong").textContent(),
        "First session seen",
      );
      const curl = (await given.codeOf("curl")).replaceAll("\\\n", " ");
      const asked = await new Deno.Command("sh", {
        args: ["-c", `${curl.trim()} -sS`],
        env: { GAITKEEPER_SECRET_KEY: given.secret },
      }).output();
      const ticket = JSON.parse(new TextDecoder().decode(asked.stdout));
      assert(typeof ticket.ticket === "string" && ticket.session, JSON.stringify(ticket));
    } finally {
      await close();
      await service.end("SIGTERM");
      await Deno.remove(data, { recursive: true });
      await Deno.remove(folder, { recursive: true });
    }
  },
);
