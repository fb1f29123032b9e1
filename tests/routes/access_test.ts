import { assert, assertEquals } from "@std/assert";
import { DEFAULT_TENANT } from "../../core/store/keys.ts";
import { consumeTicket } from "../../core/store/tickets.ts";
import { createApp } from "../../routes/app.ts";
import type { AppDeps } from "../../routes/deps.ts";
import { createTestDeps, SECRET_KEY } from "./test_service.ts";

type App = ReturnType<typeof createApp>;
const GUARDED = ["/", "/try", "/models", "/live/feed?session=x"];

async function withApp(
  run: (app: App, deps: AppDeps) => Promise<void>,
  change: Partial<AppDeps> = {},
) {
  using kv = await Deno.openKv(":memory:");
  const { deps } = await createTestDeps(kv, change);
  await run(createApp(deps), deps);
}

async function statusOf(response: Response | Promise<Response>): Promise<number> {
  const { status, body } = await response;
  await body?.cancel();
  return status;
}

Deno.test("the dashboard wants a signed-in operator: no key opens it", async () => {
  await withApp(async (app) => {
    const credentials = [
      {},
      { Authorization: `Basic ${btoa(`me:${SECRET_KEY}`)}` },
      { Authorization: `Bearer ${SECRET_KEY}` },
      { Cookie: `__Host-gaitkeeper=${SECRET_KEY}` },
      { Cookie: "__Host-gaitkeeper=" },
    ];
    for (const headers of credentials) {
      for (const path of GUARDED) {
        const response = await app.request(path, { headers });
        assertEquals(response.status, 401, path);
        assertEquals((await response.json()).code, "credential_invalid");
        const page = await app.request(path, { headers: { ...headers, Accept: "text/html" } });
        assertEquals(page.status, 303, path);
        assertEquals(page.headers.get("Location"), `/sign-in?next=${encodeURIComponent(path)}`);
      }
      const own = { Origin: "https://gaitkeeper.example", ...headers };
      const unnamed = await app.request("/live/ticket", { method: "POST", headers: own });
      assertEquals(await statusOf(unnamed), 401);
    }
  });
});

Deno.test("in dev the dashboard is open to this machine's own names and no other", async () => {
  await withApp(async (app) => {
    const open = ["localhost:3000", "127.0.0.1:3000", "[::1]:3000", "gaitkeeper.example"];
    for (const host of open) assertEquals(await statusOf(app.request(`http://${host}/`)), 200);
    // Names that an attacker can point at 127.0.0.1.
    const foreign = ["evil.example:3000", "localhost.evil.example", "127.0.0.1.nip.io", "0.0.0.0"];
    for (const host of foreign) {
      for (const path of GUARDED) {
        assertEquals(await statusOf(app.request(`http://${host}${path}`)), 403, host);
      }
      const init = ticketRequest({ Origin: `http://${host}` });
      assertEquals(await statusOf(app.request(`http://${host}/live/ticket`, init)), 403);
    }
  }, { dev: true });
});

function ticketRequest(headers: Record<string, string>, body: unknown = {}): RequestInit {
  return {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
}

const OWN = { Origin: "http://localhost:3000", "Sec-Fetch-Site": "same-origin" };
const URL_OF_TICKETS = "http://localhost:3000/live/ticket";

Deno.test("POST /live/ticket serves its own page and refuses every other", async () => {
  await withApp(async (app, { kv, nowMs }) => {
    const foreign: Record<string, string>[] = [
      {},
      { Origin: "null" },
      { Origin: "https://evil.example" },
      { Origin: "http://localhost:3001" },
      { Origin: "https://localhost:3000" },
      { Origin: "http://localhost:3000.evil.example" },
      { ...OWN, "Sec-Fetch-Site": "cross-site" },
      { ...OWN, "Sec-Fetch-Site": "same-site" },
      { ...OWN, "Sec-Fetch-Site": "none" },
    ];
    for (const headers of foreign) {
      const response = app.request(URL_OF_TICKETS, ticketRequest(headers));
      assertEquals(await statusOf(response), 403, JSON.stringify(headers));
    }
    const response = await app.request(URL_OF_TICKETS, ticketRequest(OWN));
    assertEquals(response.status, 200);
    const { ticket, session, subject } = await response.json();
    const found = await consumeTicket(kv, ticket, nowMs());
    assertEquals(found.origin, OWN.Origin);
    assertEquals([found.tenant, found.session, found.subject], [DEFAULT_TENANT, session, subject]);
    assertEquals(found.replay, false);
  }, { dev: true });
});

Deno.test("POST /live/ticket knows its browser again by a cookie that no script can read", async () => {
  await withApp(async (app) => {
    const ask = async (cookie?: string, body = {}) => {
      const headers = cookie ? { ...OWN, Cookie: cookie } : OWN;
      const response = await app.request(URL_OF_TICKETS, ticketRequest(headers, body));
      const cookies = response.headers.getSetCookie();
      const set = cookies.find((pair) => pair.startsWith("gaitkeeper_subject=")) ?? "";
      return { ...await response.json(), cookie: set };
    };
    const first = await ask();
    for (const flag of ["HttpOnly", "SameSite=Lax", "Path=/"]) assert(first.cookie.includes(flag));
    const cookie = first.cookie.split(";")[0]!;
    const again = await ask(cookie, { session: first.session });
    assertEquals([again.subject, again.session], [first.subject, first.session]);
    const fresh = await ask(cookie, { fresh: true, session: first.session });
    assert(fresh.subject !== first.subject && fresh.session !== first.session);
    // Somebody without the cookie cannot go on with the session by knowing its id.
    assert((await ask(undefined, { session: first.session })).session !== first.session);
    // A cookie of one's own making must not name a subject of the tenant.
    for (const forged of ["ada", "browser-ada", `${first.subject}x`, "x".repeat(4000)]) {
      assert((await ask(`gaitkeeper_subject=${forged}`)).subject !== forged);
    }
  }, { dev: true });
});

async function withStatic(run: (staticRoot: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    const staticRoot = `${folder}/static`;
    await Deno.mkdir(`${staticRoot}/build`, { recursive: true });
    await Deno.writeTextFile(`${folder}/secret.css`, "the secret");
    await Deno.writeTextFile(`${staticRoot}/styles.css`, "body { color: red }");
    await Deno.writeTextFile(`${staticRoot}/build/collector.js`, "export {};");
    for (const name of ["step-up.js", "step-up-qr.js", "step-up.d.ts"]) {
      await Deno.writeTextFile(`${staticRoot}/build/${name}`, "export {};");
    }
    await Deno.writeTextFile(`${staticRoot}/build/live.js`, "export {};");
    await run(staticRoot);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("collector and step-up dialog may be loaded by every site, the dashboard's own scripts by none", async () => {
  await withStatic(async (staticRoot) => {
    await withApp(async (app) => {
      for (const path of ["/collector.js", "/step-up.js", "/step-up-qr.js", "/step-up.d.ts"]) {
        const file = await app.request(path);
        assertEquals(await file.text(), "export {};");
        const type = path.endsWith(".js") ? /^(text|application)\/javascript/ : /^text\/plain/;
        assert(type.test(file.headers.get("Content-Type")!), path);
        assertEquals(file.headers.get("Access-Control-Allow-Origin"), "*");
        assertEquals(file.headers.get("Cross-Origin-Resource-Policy"), "cross-origin");
      }
      for (const path of ["/build/live.js", "/static/styles.css"]) {
        const response = await app.request(path);
        assertEquals(await statusOf(response), 200);
        assertEquals(response.headers.get("Access-Control-Allow-Origin"), null);
        assertEquals(response.headers.get("Cross-Origin-Resource-Policy"), "same-origin");
      }
    }, { staticRoot });
  });
});

Deno.test("files carry a tag, are asked for again by it, and change with their content", async () => {
  await withStatic(async (staticRoot) => {
    await withApp(async (app) => {
      for (
        const [path, file] of [["/collector.js", "build/collector.js"], [
          "/static/styles.css",
          "styles.css",
        ]] as const
      ) {
        const first = await app.request(path);
        await first.body?.cancel();
        const tag = first.headers.get("ETag")!;
        assert(tag, path);
        assertEquals(first.headers.get("Cache-Control"), "no-cache");
        const headers = { "If-None-Match": tag };
        assertEquals(await statusOf(app.request(path, { headers })), 304);
        await Deno.writeTextFile(`${staticRoot}/${file}`, "/* another */");
        assertEquals(await statusOf(app.request(path, { headers })), 200);
      }
    }, { staticRoot });
  });
});

Deno.test("no path leads out of the folder of files", async () => {
  await withStatic(async (staticRoot) => {
    await withApp(async (app) => {
      const ways = [
        "../secret.css",
        "../../secret.css",
        "..%2fsecret.css",
        "%2e%2e/secret.css",
        "%2e%2e%2fsecret.css",
        "..%5csecret.css",
        "....//secret.css",
        "build/../../secret.css",
        "%252e%252e/secret.css",
        "/secret.css",
        "%00secret.css",
        "styles.css/../../secret.css",
        `${staticRoot}/../secret.css`,
      ];
      for (const root of ["/static/", "/build/", "/"]) {
        for (const way of ways) {
          const request = new Request("http://localhost/");
          // Past the parser, which would tidy the path up before it is asked for.
          Object.defineProperty(request, "url", { value: `http://localhost${root}${way}` });
          const response = await app.request(request);
          const text = await response.text();
          assert(!text.includes("the secret"), `${root}${way}`);
          assert(response.status >= 400, `${root}${way}: ${response.status}`);
        }
      }
    }, { staticRoot });
  });
});
