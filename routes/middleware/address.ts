/** Where a request came from. */
import { BlockList, isIP } from "node:net";
import type { Context } from "hono";
import { getConnInfo } from "@hono/node-server/conninfo";
import { createMiddleware } from "hono/factory";

/** More hops than any chain of proxies has. */
const HOPS_LIMIT = 20;

/**
 * Reads the address once a request: that of the connection's peer, or, where that is a proxy that is
 * trusted, the last of `X-Forwarded-For` that is none. What a stranger wrote there counts for nothing.
 * @param trusted addresses and networks (CIDR).
 */
export function readAddress(trusted: readonly string[] = []) {
  const proxies = networkList(trusted);
  return createMiddleware(async (c, next) => {
    const peer = peerOf(c);
    const forwarded = c.req.header("X-Forwarded-For");
    const chain = forwarded ? forwarded.split(",").slice(-HOPS_LIMIT).map(plain) : [];
    let address = peer;
    while (address && chain.length > 0 && isListed(proxies, address)) {
      const before = chain.pop()!;
      if (!isIP(before)) break;
      address = before;
    }
    c.set("address", address);
    await next();
  });
}

/** Address of the client, or `undefined` where there is no connection, as within a process. */
export function addressOf(c: Context): string | undefined {
  return c.get("address") ?? peerOf(c);
}

/** Networks to look addresses up in. @throws {TypeError} for what is neither address nor network. */
export function networkList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address, bits, ...rest] = network.split("/");
    const version = isIP(address!);
    const most = version === 4 ? 32 : 128;
    const prefix = bits === undefined ? most : Number(bits || NaN);
    if (!version || rest.length > 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > most) {
      throw new TypeError(`Cannot read network: it must be such as 10.0.0.0/8, got ${network}`);
    }
    list.addSubnet(address!, prefix, version === 4 ? "ipv4" : "ipv6");
  }
  return list;
}

function isListed(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

function peerOf(c: Context): string | undefined {
  const address = c.env?.incoming ? getConnInfo(c).remote.address : undefined;
  return address === undefined ? undefined : plain(address);
}

/** An IPv4 address that came in an IPv6 one (RFC 4291, section 2.5.5.2) as itself. */
function plain(address: string): string {
  return address.trim().replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "");
}
