/** The composition root: settings, store, models, server, shutdown. */
import { loadModels, readWindows } from "./core/models/load.ts";
import { abortableDelay } from "./routes/delay.ts";
import { deriveSecretKey, ensureDevMasterKey } from "./routes/secret_key.ts";
import { serveGaitkeeper } from "./routes/server.ts";
import { parseSettings } from "./routes/settings.ts";

/** Deno Deploy kills 5 s after SIGINT. */
const SHUTDOWN_MS = 4500;

const settings = parseSettings(Deno.env.toObject(), { dev: Deno.args.includes("--dev") });
const masterKey = settings.masterKey ?? await ensureDevMasterKey(settings.data);
if (!/^https?:/.test(settings.kv)) await Deno.mkdir(settings.data, { recursive: true });
const kv = await Deno.openKv(settings.kv);

const readModel = (name: string) => Deno.readFile(new URL(`./models/${name}`, import.meta.url));
const startedMs = performance.now();
const models = loadModels(readModel);
models.then(
  () => console.log(`Models ready after ${Math.round(performance.now() - startedMs)} ms`),
  (error) => console.error("Models could not be loaded:", error),
);

const server = await serveGaitkeeper({
  kv,
  models,
  windows: await readWindows(readModel),
  nowMs: Date.now,
  random: Math.random,
  delay: abortableDelay,
  secretKey: await deriveSecretKey(masterKey),
  origin: settings.origin,
  dev: settings.dev,
  staticRoot: new URL("./static", import.meta.url).pathname,
}, { port: settings.port, hostname: settings.dev ? "127.0.0.1" : "0.0.0.0" });

console.log(`Gaitkeeper is on ${settings.origin} (port ${server.port})`);
if (settings.dev) {
  console.log(`  watch this very page    ${settings.origin}/`);
  console.log(`  be attacked, guided     ${settings.origin}/try`);
  console.log("Dev: the dashboard is open to this machine, and keys are made and kept under");
  console.log(`  ${settings.data}; \`deno task key\` prints the secret API key.`);
}

let stopping = false;
async function shutDown() {
  if (stopping) return;
  stopping = true;
  Deno.unrefTimer(setTimeout(() => Deno.exit(1), SHUTDOWN_MS));
  await server.close();
  kv.close();
  Deno.exit(0);
}
for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, shutDown);
