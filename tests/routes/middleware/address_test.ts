import { assertEquals, assertThrows } from "@std/assert";
import { Hono } from "hono";
import { addressOf, networkList, readAddress } from "../../../routes/middleware/address.ts";

/** The address that the service sees of a request. */
async function seen(
  { peer, forwarded, trusted }: { peer: string; forwarded?: string; trusted?: string[] },
): Promise<string> {
  const app = new Hono().use(readAddress(trusted)).get("/", (c) => c.text(addressOf(c) ?? "none"));
  const env = { incoming: { socket: { remoteAddress: peer, remotePort: 1 } } };
  const headers: Record<string, string> = forwarded ? { "X-Forwarded-For": forwarded } : {};
  return await (await app.request("/", { headers }, env)).text();
}

Deno.test("readAddress() believes X-Forwarded-For from a trusted proxy alone, and its last hop alone", async () => {
  const [peer, trusted] = ["10.0.0.7", ["10.0.0.0/8", "2001:db8::/32"]];
  const forged = "203.0.113.66";
  assertEquals(await seen({ peer, forwarded: forged }), peer);
  assertEquals(await seen({ peer: "198.51.100.1", forwarded: forged, trusted }), "198.51.100.1");
  assertEquals(await seen({ peer, forwarded: "198.51.100.1", trusted }), "198.51.100.1");
  // The client wrote the first; the proxy added the second.
  assertEquals(await seen({ peer, forwarded: `${forged}, 198.51.100.1`, trusted }), "198.51.100.1");
  const chain = `${forged}, 198.51.100.1, 10.1.1.1, 2001:db8::5`;
  assertEquals(await seen({ peer, forwarded: chain, trusted }), "198.51.100.1");
  assertEquals(await seen({ peer: `::ffff:${peer}`, forwarded: chain, trusted }), "198.51.100.1");
  assertEquals(await seen({ peer, forwarded: "10.2.2.2, 10.1.1.1", trusted }), "10.2.2.2");
  assertEquals(await seen({ peer, trusted }), peer);
});

Deno.test("readAddress() stops where the header says what is no address", async () => {
  const trusted = ["10.0.0.7"];
  for (const junk of ["unknown", "", "198.51.100.1:443", "<script>", "203.0.113.1, evil"]) {
    assertEquals(await seen({ peer: "10.0.0.7", forwarded: junk, trusted }), "10.0.0.7", junk);
  }
});

Deno.test("networkList() refuses what is neither an address nor a network", () => {
  for (
    const wrong of ["", "proxy", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "::1/129", "/8"]
  ) {
    assertThrows(() => networkList([wrong]), TypeError, "Cannot read network", wrong);
  }
});
