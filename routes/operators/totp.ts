/** Time-based one-time passwords (RFC 6238): six digits, 30 s, SHA-1, as every authenticator app has. */
import { Secret, TOTP } from "otpauth";
import { encode } from "uqr";

const ISSUER = "Gaitkeeper";
const PERIOD_S = 30;
const DIGITS = 6;
/** Steps to either side that count as now, for clocks that differ (RFC 6238, section 5.2). */
const WINDOW = 1;
/** As RFC 4226 (section 4) recommends for SHA-1. */
const SECRET_BYTES = 20;

/** A new shared secret, base32. */
export function newTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/**
 * The 30 s step whose code this is, the latest one if several, or `undefined` when it is none's.
 * @param code as typed: spaces are ignored.
 */
export function matchingStep(secret: string, code: string, nowMs: number): number | undefined {
  const token = code.replace(/\s/g, "");
  if (!/^\d{6}$/.test(token)) return undefined;
  const delta = totpOf(secret).validate({ token, timestamp: nowMs, window: WINDOW });
  return delta === null ? undefined : Math.floor(nowMs / 1000 / PERIOD_S) + delta;
}

/** What a QR code tells an authenticator app. */
export function totpUri(secret: string, account: string): string {
  return totpOf(secret, account).toString();
}

function totpOf(secret: string, label = ""): TOTP {
  return new TOTP({
    issuer: ISSUER,
    label,
    algorithm: "SHA1",
    digits: DIGITS,
    period: PERIOD_S,
    secret: Secret.fromBase32(secret),
  });
}

/** The QR code of a text: its side in modules, quiet zone included, and its dark ones as a path. */
export function qrPath(text: string): { readonly size: number; readonly path: string } {
  const { size, data } = encode(text, { ecc: "M", border: 2 });
  const path = data.flatMap((row, y) =>
    row.flatMap((isDark, x) => isDark ? [`M${x} ${y}h1v1h-1z`] : [])
  );
  return { size, path: path.join("") };
}
