import { assert, assertEquals, assertFalse } from "@std/assert";
import { createApp } from "../../../routes/app.ts";
import { PROBLEM_WORDS } from "../../../routes/pages/docs/problem_words.ts";
import { exampleOf } from "../../../routes/pages/docs/example.ts";
import { filterOperations, groupOperations } from "../../../routes/pages/docs/reference.ts";
import { TicketRequest } from "../../../routes/tickets.ts";
import { KeyRequest } from "../../../routes/keys.ts";
import { PROBLEM_STATUS } from "../../../routes/problem.ts";
import { createTestDeps } from "../test_service.ts";

async function readDocs(query = "") {
  using kv = await Deno.openKv(":memory:");
  const app = createApp((await createTestDeps(kv)).deps);
  const answer = await app.request(`https://gaitkeeper.example/docs${query}`);
  const document = await (await app.request("https://gaitkeeper.example/v1/openapi.json")).json();
  return { answer, html: await answer.text(), document };
}

Deno.test("GET /docs is public and shows every operation once, with an anchor of its own", async () => {
  const { answer, html, document } = await readDocs();
  assertEquals(answer.status, 200);
  const operations = groupOperations(document).flatMap(({ operations }) => operations);
  const methods = Object.values<object>(document.paths).flatMap((item) => Object.keys(item));
  assertEquals(operations.length, methods.length);
  assertEquals(new Set(operations.map(({ id }) => id)).size, operations.length);
  for (const { id } of operations) assertEquals(html.split(` id="${id}"`).length, 2, id);
});

Deno.test("GET /docs asks nobody else for anything", async () => {
  const { html } = await readDocs();
  const loaded = Array.from(
    html.matchAll(/<(?:script|link|img|iframe)[^>]*(?:src|href)="([^"]*)"/g),
  );
  assert(loaded.length > 0);
  for (const [, address] of loaded) assert(address!.startsWith("/"), address);
});

Deno.test("GET /docs tells scopes, fields, bounds, problems and an example of an operation", async () => {
  const { html } = await readDocs();
  const ticket = html.slice(html.indexOf('id="post-v1-tickets"'), html.indexOf('id="sessions"'));
  const told = [
    "<code>tickets:create</code>",
    "<code>policyVersion</code>",
    "1 to 64 characters",
    'href="#problem-consent_missing"',
    'href="#problem-request_invalid"',
    "curl -X POST https://gaitkeeper.example/v1/tickets",
  ];
  for (const words of told) assert(ticket.includes(words), words);
});

Deno.test("the document names the permission of every operation that wants a credential", async () => {
  const { document } = await readDocs();
  for (const { operations } of groupOperations(document)) {
    for (const { id, credentials, permission } of operations) {
      assertEquals(permission !== undefined, credentials.length > 0, id);
    }
  }
});

Deno.test("the document promises no answer of a shape that is never sent", async () => {
  const { document } = await readDocs();
  assertFalse(JSON.stringify(document).includes("Validation Error"));
});

Deno.test("every problem code that an answer may carry is explained", () => {
  for (const code of Object.keys(PROBLEM_STATUS)) {
    assert(PROBLEM_WORDS[code as keyof typeof PROBLEM_WORDS], code);
  }
});

Deno.test("exampleOf() makes bodies that the service's own schemas accept", async () => {
  const { document } = await readDocs();
  const bodies = groupOperations(document).flatMap(({ operations }) => operations);
  const bodyOf = (id: string) => exampleOf(bodies.find((one) => one.id === id)!.body!);
  const ticket = TicketRequest.parse(bodyOf("post-v1-tickets"));
  assert(ticket.consent, "nobody new is watched without their consent");
  assert(KeyRequest.safeParse(bodyOf("post-v1-keys")).success);
});

Deno.test("filterOperations() keeps what has every word, whatever the order", async () => {
  const groups = groupOperations((await readDocs()).document);
  const ids = (text: string) =>
    filterOperations(groups, text).flatMap(({ operations }) => operations.map(({ id }) => id));
  assertEquals(ids("").length, groups.flatMap(({ operations }) => operations).length);
  assertEquals(ids("TICKETS:create  post"), ["post-v1-tickets"]);
  assert(ids("consent_missing").includes("post-v1-tickets"));
  assertEquals(ids("tickets no-such-word"), []);
});

Deno.test("GET /docs filters without script, and shows what was sought as text", async () => {
  const { html } = await readDocs("?q=tickets%3Acreate");
  assert(html.includes('id="post-v1-tickets"'));
  assertFalse(html.includes('id="get-v1-alerts"'));
  assert(html.includes('id="problem-consent_missing"'), "every problem code stays linked");
  const odd = await readDocs(`?q=${encodeURIComponent('"><script>x</script>')}`);
  assertEquals(odd.answer.status, 200);
  assertFalse(odd.html.includes("<script>x"));
  assert(odd.html.includes("No operation"));
});
