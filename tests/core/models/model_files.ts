/** The models folder as the server reads it. */
export function readModelFile(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return Deno.readFile(new URL(`../../../models/${name}`, import.meta.url));
}
