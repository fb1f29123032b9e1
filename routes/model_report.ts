/** What `deno task evaluate report` measured, as `report.json` holds it. */
export interface Table {
  readonly title: string;
  /** What prints its figures one by one. */
  readonly command: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Report {
  /** As YYYY-MM-DD. */
  readonly date: string;
  /** By modality. */
  readonly tables: Readonly<Record<string, readonly Table[]>>;
}

/** `undefined` where nothing was measured yet. */
export async function readReport(path: string): Promise<Report | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
