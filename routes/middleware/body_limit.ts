/** No request's body is read beyond a limit, whether or not it says how long it is. */
import { createMiddleware } from "hono/factory";
import { bodyLimit } from "hono/body-limit";
import { GaitkeeperError } from "../../core/error.ts";

const BODY_LIMIT_BYTES = 16 * 1024;

export const limitBody = () =>
  bodyLimit({
    maxSize: BODY_LIMIT_BYTES,
    onError: () => {
      throw new GaitkeeperError(
        "request_too_large",
        `Cannot accept request: its body must be at most ${BODY_LIMIT_BYTES} bytes`,
      );
    },
  });

/**
 * A body of unstated length is counted by hono while it is read, through a `Request` made of the one
 * that came; the Node adapter's own class cannot be made into one, so it is made here.
 */
export const nativeRequest = () =>
  createMiddleware(async (c, next) => {
    const { method, headers, body, signal } = c.req.raw;
    if (body && !c.req.header("Content-Length")) {
      // A body that streams must say so (Fetch, `RequestInit`); the types don't know it yet.
      const init: RequestInit & { duplex: "half" } = {
        method,
        headers,
        signal,
        body,
        duplex: "half",
      };
      c.req.raw = new Request(c.req.url, init);
    }
    await next();
  });
