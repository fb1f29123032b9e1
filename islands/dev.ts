/** `deno task dev`: builds the islands, rebuilds them on change, and restarts the server on change. */
import { buildIslands } from "./build.ts";

const build = await buildIslands({ watch: true });
const server = new Deno.Command(Deno.execPath(), {
  args: ["run", "--no-prompt", "-P=serve", "--watch", "--no-clear-screen", "main.ts", "--dev"],
  cwd: new URL("../", import.meta.url),
}).spawn();

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => server.kill(signal));
}
const { code } = await server.status;
await build.dispose();
Deno.exit(code);
