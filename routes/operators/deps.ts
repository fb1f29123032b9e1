/** What operators' pages are made with, and where a request of theirs comes from. */
import type { Context } from "hono";
import type { SignInPlace } from "../../core/store/operator_sessions.ts";
import type { AppDeps } from "../deps.ts";
import { addressOf } from "../middleware/address.ts";
import type { RelyingParty } from "./passkeys.ts";

export type OperatorDeps = Pick<
  AppDeps,
  "kv" | "audit" | "nowMs" | "origin" | "dev" | "operatorVault" | "passwords"
>;

/** Origin of the pages: the public one, but in dev whichever name of this machine was opened. */
export function pageOrigin({ dev, origin }: Pick<AppDeps, "dev" | "origin">, c: Context): string {
  return dev ? new URL(c.req.url).origin : origin;
}

export function relyingParty(deps: OperatorDeps, c: Context): RelyingParty {
  return { vault: deps.operatorVault, nowMs: deps.nowMs, origin: pageOrigin(deps, c) };
}

export function placeOf({ nowMs }: Pick<AppDeps, "nowMs">, c: Context): SignInPlace {
  return { nowMs: nowMs(), address: addressOf(c), browser: c.req.header("User-Agent") };
}
