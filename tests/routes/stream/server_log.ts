/** Runs with the server's log kept aside, and returns what went there. */
export async function withLog(run: () => Promise<void>): Promise<string> {
  const { error } = console;
  const lines: string[] = [];
  console.error = (...values: unknown[]) => lines.push(values.map(String).join(" "));
  try {
    await run();
  } finally {
    console.error = error;
  }
  return lines.join("\n");
}
