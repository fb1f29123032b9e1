/**
 * A page as its accessibility tree tells of it. Test tools do not look into closed shadow trees;
 * people and screen readers do, and so does this.
 */
import type { Browser, BrowserContextOptions, CDPSession, Page } from "playwright-core";
import type { HostSite } from "./host_site.ts";

export interface SeenNode {
  readonly role: string;
  readonly name: string;
  readonly description: string;
  readonly focused: boolean;
  readonly invalid: boolean;
  readonly node: number;
}

type Told = [type: string, detail: Record<string, unknown>];

declare global {
  // deno-lint-ignore no-explicit-any
  var site: any;
}

const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 40;

export class SeenPage {
  /** Frames that the collector sent. */
  readonly sent: Uint8Array[] = [];

  private constructor(readonly page: Page, readonly cdp: CDPSession, readonly errors: string[]) {}

  /** Opens the site's page, in a context of its own, with a willing authenticator in the device. */
  static async open(
    browser: Browser,
    { origin }: HostSite,
    { options = {}, before }: {
      readonly options?: BrowserContextOptions;
      readonly before?: (page: Page) => Promise<void>;
    } = {},
  ): Promise<SeenPage> {
    const context = await browser.newContext({ locale: "en-US", ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => {
      // A browser reports a refusal by itself.
      const isRefusal = /status of (401|403|409|429)/.test(message.text());
      if (message.type() === "error" && !isRefusal) errors.push(message.text());
    });
    const cdp = await context.newCDPSession(page);
    await cdp.send("Accessibility.enable");
    await cdp.send("WebAuthn.enable");
    await before?.(page);
    const seen = new SeenPage(page, cdp, errors);
    page.on("websocket", (socket) =>
      socket.on("framesent", ({ payload }) => {
        if (typeof payload !== "string") seen.sent.push(new Uint8Array(payload));
      }));
    await page.goto(origin);
    await page.locator("html[data-ready]").waitFor();
    return seen;
  }

  /** A platform authenticator with discoverable credentials. @returns its id. */
  async giveAuthenticator(): Promise<string> {
    const { authenticatorId } = await this.cdp.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    return authenticatorId;
  }

  /** All that is told of. */
  async nodes(): Promise<SeenNode[]> {
    const { nodes } = await this.cdp.send("Accessibility.getFullAXTree");
    return nodes.filter(({ ignored }) => !ignored).map((node) => {
      const property = (name: string) =>
        node.properties?.find((one) => one.name === name)?.value.value;
      return {
        role: String(node.role?.value),
        name: String(node.name?.value ?? ""),
        description: String(node.description?.value ?? ""),
        focused: property("focused") === true,
        invalid: property("invalid") === "true",
        node: node.backendDOMNodeId!,
      };
    });
  }

  /** Waits for a node of this role whose name, or content, has these words in it. */
  async find(role: string, words = "", focused = false): Promise<SeenNode> {
    let nodes: SeenNode[] = [];
    const found = await this.#until(async () => {
      nodes = await this.nodes();
      for (const node of nodes) {
        if (node.role !== role || focused && !node.focused) continue;
        if (node.name.includes(words)) return node;
        if (words && (await this.textOf(node)).includes(words)) return node;
      }
      return undefined;
    });
    if (found) return found;
    const told = nodes.map(({ role, name, focused }) => `${role} "${name}"${focused ? " *" : ""}`);
    throw new Error(`No ${role} "${words}" came in\n${told.join("\n")}\n${this.errors.join("\n")}`);
  }

  async has(role: string, words = ""): Promise<boolean> {
    return (await this.nodes()).some((node) => node.role === role && node.name.includes(words));
  }

  /** What a node says. */
  async textOf({ node }: SeenNode): Promise<string> {
    return await this.evaluate(node, "function () { return this.textContent; }") ?? "";
  }

  /** Calls a function on a node, in whatever tree it lies. */
  // deno-lint-ignore no-explicit-any
  async evaluate(node: number, functionDeclaration: string): Promise<any> {
    try {
      const { object } = await this.cdp.send("DOM.resolveNode", { backendNodeId: node });
      const options = { objectId: object.objectId!, functionDeclaration, returnByValue: true };
      return (await this.cdp.send("Runtime.callFunctionOn", options)).result.value;
    } catch {
      // Replaced between the look and the question.
      return undefined;
    }
  }

  /** Clicks the middle of a node. */
  async click(role: string, name: string): Promise<void> {
    const { node } = await this.find(role, name);
    await this.cdp.send("DOM.scrollIntoViewIfNeeded", { backendNodeId: node });
    const { quads } = await this.cdp.send("DOM.getContentQuads", { backendNodeId: node });
    const [x1, y1, , , x2, y2] = quads[0] as number[];
    await this.page.mouse.click((x1! + x2!) / 2, (y1! + y2!) / 2);
  }

  /** Types into what has the focus, which must be this field, and presses Enter. */
  async enterCode(code: string): Promise<void> {
    await this.find("textbox", "Code from", true);
    await this.page.keyboard.type(code);
    await this.page.keyboard.press("Enter");
  }

  /** The page's script does something. */
  do(what: string): Promise<unknown> {
    return this.page.evaluate(what);
  }

  told(): Promise<Told[]> {
    return this.page.evaluate(() => site.told);
  }

  /** Waits until the page was told that; its detail. */
  async hears(type: string, matches: Record<string, unknown> = {}): Promise<Told[1]> {
    const found = await this.#until(async () =>
      (await this.told()).findLast(([name, detail]) =>
        name === type && Object.entries(matches).every(([key, value]) => detail?.[key] === value)
      )
    );
    if (!found) throw new Error(`No ${type}: ${JSON.stringify(await this.told())} ${this.errors}`);
    return found[1];
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  async #until<Found>(look: () => Promise<Found | undefined>): Promise<Found | undefined> {
    const endMs = Date.now() + PATIENCE_MS;
    for (;;) {
      const found = await look();
      if (found !== undefined || Date.now() > endMs) return found;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }
}
