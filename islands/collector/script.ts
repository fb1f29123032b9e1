/** What the script tag loads. */
export * from "./mod.ts";
