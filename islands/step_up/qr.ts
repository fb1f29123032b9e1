/** QR codes, loaded when an authenticator app is registered. */
import { encode } from "uqr";

/** The QR code of a text: its side in modules, quiet zone included, and its dark ones as a path. */
export function qrPath(text: string): { readonly size: number; readonly path: string } {
  const { size, data } = encode(text, { ecc: "M", border: 4 });
  const path = data.flatMap((row, y) =>
    row.flatMap((isDark, x) => isDark ? [`M${x} ${y}h1v1h-1z`] : [])
  );
  return { size, path: path.join("") };
}
