/** `POST /live/ticket`: the dashboard's own page watches itself, so it needs a ticket of its own. */
import { ulid } from "@std/ulid";
import { Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { z } from "zod";
import { giveConsent } from "../core/store/consents.ts";
import { getTenant } from "../core/store/tenants.ts";
import { createTicket } from "../core/store/tickets.ts";
import type { AppDeps } from "./deps.ts";
import { addressOf } from "./middleware/address.ts";
import { type OperatorEnv, requireSameOrigin } from "./middleware/credentials.ts";
import { isOwnPageSubject } from "./own_page.ts";
import { OpaqueId, validated } from "./validation.ts";

const SUBJECT_COOKIE = "gaitkeeper_subject";
/** Whoever opens the dashboard or the guided page is told on it that it watches itself. */
const OWN_CONSENT = { policyVersion: "dashboard-1", how: "opened the dashboard" };
const COOKIE_LIFE_S = 180 * 24 * 3600;

const Body = z.strictObject({
  session: OpaqueId.optional(),
  /** Begin as somebody new, of whom nothing is known. */
  fresh: z.boolean().optional(),
});

/** The subject is a random id in a cookie of this browser; scripts cannot read it. */
export function createLiveTicket(deps: AppDeps) {
  return new Hono<OperatorEnv>().post(
    "/live/ticket",
    requireSameOrigin(deps),
    validated("json", Body),
    async (c) => {
      const { session, fresh = false } = c.req.valid("json");
      const nowMs = deps.nowMs();
      const cookie = getCookie(c, SUBJECT_COOKIE) ?? "";
      const known = !fresh && isOwnPageSubject(cookie) ? cookie : undefined;
      const subject = known ?? `browser-${ulid(nowMs)}`;
      setCookie(c, SUBJECT_COOKIE, subject, {
        httpOnly: true,
        sameSite: "Lax",
        path: "/",
        maxAge: COOKIE_LIFE_S,
        secure: new URL(deps.origin).protocol === "https:",
      });
      const grant = {
        tenant: c.var.operator.tenant,
        subject,
        session: (known && session) ?? ulid(nowMs) as string,
        origin: c.req.header("Origin")!,
        replay: false,
        oneSitting: true,
      };
      const tenant = (await getTenant(deps.kv, grant.tenant))!;
      const by = {
        actor: { kind: "operator" as const, id: c.var.operator.operator },
        from: addressOf(c),
      };
      await giveConsent(deps.audit, tenant, subject, OWN_CONSENT, by);
      const { secret } = await createTicket(deps.kv, grant, nowMs);
      return c.json({ ticket: secret, session: grant.session, subject });
    },
  );
}
