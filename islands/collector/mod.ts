/** The collector: captures how a page is typed into and pointed at, and streams it. */
export type * from "./collector.d.ts";
