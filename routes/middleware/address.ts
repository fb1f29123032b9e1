/** Where a request came from. */
import type { Context } from "hono";
import { getConnInfo } from "@hono/node-server/conninfo";

/** Address of the peer of the connection, or `undefined` where there is none, as within a process. */
export function addressOf(c: Context): string | undefined {
  return c.env?.incoming ? getConnInfo(c).remote.address : undefined;
}
