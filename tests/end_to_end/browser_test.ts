import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import { decodeFrame, type ServerMessage } from "../../core/wire.ts";
import { createTypist } from "../../islands/try/generated_typist.ts";
import { readAlerts, readSession } from "../../models/evaluation/service.ts";
import { browserTest, openPage } from "../browser/browser.ts";
import { enrolInOneSession, openHostPage } from "./host_page.ts";
import { startServiceProcess } from "./service_process.ts";
import { TYPED_CODES, typeStrokes } from "./typing.ts";

/** Both fast, and unlike each other. */
const ADA = 8;
const EVE = 38;
/** What a keyboard profile needs (50 + 15 x 10), and a few. */
const ENROLMENT = 204;

type Message<Type extends ServerMessage["type"]> = ServerMessage & { readonly type: Type };

/** Everything that a page sent, and what the service said on the socket. */
interface Traffic {
  readonly frames: Uint8Array[];
  readonly bodies: string[];
  readonly told: ServerMessage[];
}

async function openWatchedPage(browser: Browser, url: string) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  const traffic: Traffic = { frames: [], bodies: [], told: [] };
  await cdp.send("Network.enable");
  cdp.on("Network.webSocketFrameSent", ({ response }) => {
    const binary = atob(response.payloadData);
    traffic.frames.push(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
  });
  cdp.on("Network.webSocketFrameReceived", ({ response }) => {
    traffic.told.push(JSON.parse(response.payloadData));
  });
  page.on("request", (request) => traffic.bodies.push(request.url() + (request.postData() ?? "")));
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  await page.goto(url);
  return { context, page, cdp, traffic, errors };
}

/** Polls until the promise gives true. */
async function until(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`It never came to be that ${what}`);
}

/** Every file of the store, write-ahead log included, as bytes read one to one. */
async function readStore(data: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const { name } of Deno.readDir(data)) {
    files.set(name, oneToOne(await Deno.readFile(`${data}/${name}`)));
  }
  return files;
}

const oneToOne = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes);

/** Finds typed words, in one byte a character or two, and names of keys. */
function assertNothingTyped(where: string, content: string, words: readonly string[]): void {
  for (const word of words) {
    const wide = [...word].join("\0");
    assert(!content.includes(word) && !content.includes(wide), `${where} holds the word ${word}`);
  }
  for (const code of TYPED_CODES) {
    // Behind its length or a quote, as any format would store it: four letters alone occur by chance.
    const stored = [`${String.fromCharCode(code.length)}${code}`, `"${code}"`, ` ${code}`];
    assert(!stored.some((text) => content.includes(text)), `${where} names the key ${code}`);
  }
}

Deno.test("assertNothingTyped() finds words and key codes in whatever way they were stored", () => {
  const clean = oneToOne(crypto.getRandomValues(new Uint8Array(50_000)));
  assertNothingTyped("noise", clean, ["zxjqv"]);
  const stored = ["zxjqv", "z\0x\0j\0q\0v\0", '{"code":"KeyX"}', "\x04KeyX", "pressed Backspace"];
  for (const text of stored) {
    assertThrows(() => assertNothingTyped("a leak", clean + text + clean, ["zxjqv"]));
  }
});

const level = (page: Page) => page.getByRole("meter").getAttribute("aria-valuetext");

browserTest(
  "a person who types is enrolled and recognised, a stranger is alerted on, and no key is kept",
  async (browser) => {
    const data = await Deno.makeTempDir();
    const service = await startServiceProcess({ data });
    try {
      await enrolInOneSession(service);
      await using site = await openHostPage(service, { subject: "ada", session: "stay" });
      const dashboard = await openPage(browser, service.origin.href);
      await dashboard.page.getByRole("heading", { name: "No sessions yet" }).waitFor();
      const { context, page, cdp, traffic, errors } = await openWatchedPage(browser, site.origin);
      await page.click("#typing");
      await until("the service greets the page", () => traffic.told.length > 0);
      const [greeting] = traffic.told as Message<"resume">[];
      assertEquals(greeting!.type, "resume");
      const { session } = greeting!;
      const read = () => readSession(service, session);
      const ada = createTypist(ADA);

      const enrolment = await typeStrokes(cdp, ada.type(ENROLMENT, 0));
      await until("the keyboard is enrolled", async () => {
        const now = await read().catch(() => undefined);
        return now?.strokes === enrolment && now.keyboard.stage === "ready";
      });
      await dashboard.page.getByRole("link", { name: "ada" }).click();
      const shown = dashboard.page;
      await shown.getByRole("heading", { name: "Session of ada" }).waitFor();
      await shown.locator(".profile-words", { hasText: "ready" }).first().waitFor();

      const recognition = await typeStrokes(cdp, ada.type(60, 0));
      await until("her strokes are scored", async () => {
        const { strokes, keyboard } = await read();
        return strokes === enrolment + recognition && keyboard.windowsScored >= 5;
      });
      const recognised = await read();
      assert(recognised.risk < 5 && recognised.confidence > 0.4, JSON.stringify(recognised));
      assertEquals([recognised.level, recognised.action], ["low", "allow"]);
      assertEquals(await readAlerts(service, session), []);
      await until("the dashboard shows that", async () => /Low/.test(await level(shown) ?? ""));

      const isAsked = () =>
        traffic.told.some((message) => message.type === "action" && message.action === "step_up");
      await typeStrokes(cdp, createTypist(EVE).type(150, 0), isAsked);
      await until("the page is asked for a step-up", isAsked);
      const asked = traffic.told.findLast((message) => message.type === "action");
      const alerts = await readAlerts(service, session);
      assertEquals(alerts.map(({ id }) => id), [(asked as Message<"action">).alert]);
      await until(
        "the dashboard shows that",
        async () => /High|Critical/.test(await level(shown) ?? ""),
      );
      await shown.locator(".step-ups .turn-asked").first().waitFor();
      assert(await shown.locator(".ranges .range").count() > 0, "its features are drawn");
      await shown.getByRole("link", { name: "Sessions now" }).click();
      await shown.locator(".alerts .alert").first().waitFor();
      await shown.locator(".session-rows", { hasText: "Asked to step up" }).waitFor();

      const words = (await page.inputValue("#typing")).split(/[^a-z]+/)
        .filter((word) => word.length >= 5);
      assert(words.length >= 10, `typed ${words}`);
      assertEquals([...errors, ...dashboard.errors], []);
      await context.close();
      await dashboard.close();

      const strokes = traffic.frames.flatMap((bytes) => decodeFrame(bytes).events)
        .filter(({ kind }) => kind === "stroke");
      assert(strokes.length > enrolment + recognition);
      for (const frame of traffic.frames) assertNothingTyped("a frame", oneToOne(frame), words);
      for (const body of traffic.bodies) assertNothingTyped("a request", body, words);
      const running = await readStore(data);
      assert([...running.keys()].some((name) => name.endsWith("-wal")), `${[...running.keys()]}`);
      await service.end("SIGTERM");
      for (const [name, content] of [...running, ...await readStore(data)]) {
        assertNothingTyped(name, content, words);
      }
      assert(service.log().length > 0);
      assertNothingTyped("the log", service.log(), words);
    } finally {
      await service.end("SIGKILL");
      await Deno.remove(data, { recursive: true });
    }
  },
);
