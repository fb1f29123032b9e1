/** The composition root: settings, store, models, server, shutdown. */
import { GaitkeeperError } from "./core/error.ts";
import { loadModels, readWindows } from "./core/models/load.ts";
import { AuditLog } from "./core/store/audit.ts";
import { endDevOperator } from "./core/store/dev_operator.ts";
import { Vault } from "./core/store/vault.ts";
import { issueSetupSecret } from "./core/store/setup_link.ts";
import { abortableDelay } from "./routes/delay.ts";
import {
  deriveAuditKey,
  derivePseudonymKey,
  deriveSecretKey,
  ensureDevMasterKey,
} from "./routes/secret_key.ts";
import { prepareInstallation } from "./routes/installation.ts";
import { PasswordHasher } from "./routes/operators/passwords.ts";
import { OperatorVault } from "./routes/operators/vault.ts";
import { type GaitkeeperServer, serveGaitkeeper } from "./routes/server.ts";
import { parseSettings, SETTING_NAMES, type Settings } from "./routes/settings.ts";
import { sweepForever } from "./routes/sweeper.ts";
import { TraceFolder } from "./routes/trace_folder.ts";

/** Deno Deploy kills 5 s after SIGINT. */
const SHUTDOWN_MS = 4500;

const readModel = (name: string) => Deno.readFile(new URL(`./models/${name}`, import.meta.url));

try {
  await start(readSettings());
} catch (error) {
  if (!(error instanceof GaitkeeperError) || error.code !== "settings_invalid") throw error;
  console.error(error.message);
  Deno.exit(1);
}

function readSettings(): Settings {
  const set = SETTING_NAMES.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  return parseSettings(Object.fromEntries(set), { dev: Deno.args.includes("--dev") });
}

async function start(settings: Settings): Promise<void> {
  const kv = await openStore(settings);
  const masterKey = settings.masterKey ?? await ensureDevMasterKey(settings.data);
  const audit = new AuditLog(kv, await deriveAuditKey(masterKey), Date.now);
  const vault = await Vault.open(masterKey);
  await vault.check(kv);
  await prepareInstallation(audit, await deriveSecretKey(masterKey));
  if (!settings.dev) await endDevOperator(kv);
  const traces = settings.traces === undefined
    ? undefined
    : await TraceFolder.open(settings.traces, await derivePseudonymKey(masterKey));
  const startedMs = performance.now();
  // Not awaited: HTTP is up before the models are.
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
    traces,
    audit,
    vault,
    operatorVault: await OperatorVault.open(masterKey),
    passwords: new PasswordHasher(),
    trustedProxies: settings.trustedProxies,
    origin: settings.origin,
    dev: settings.dev,
    staticRoot: new URL("./static", import.meta.url).pathname,
    reportRoot: new URL("./models/report", import.meta.url).pathname,
  }, { port: settings.port, hostname: settings.dev ? "127.0.0.1" : "0.0.0.0" });
  greet(settings, server);
  const sweeping = new AbortController();
  void sweepForever({ kv, nowMs: Date.now, delay: abortableDelay }, sweeping.signal);
  if (!settings.dev) await inviteFirstOwner(kv, settings);
  stopOnSignal(server, kv, sweeping);
}

async function openStore({ data, kv }: Settings): Promise<Deno.Kv> {
  try {
    if (!/^https?:/.test(kv)) await Deno.mkdir(data, { recursive: true });
    return await Deno.openKv(kv);
  } catch (cause) {
    throw new GaitkeeperError(
      "settings_invalid",
      `Cannot start: the store at ${kv} must open, got ${cause}`,
      { cause },
    );
  }
}

function greet({ dev, origin, data, traces }: Settings, { port }: GaitkeeperServer): void {
  console.log(`Gaitkeeper is on ${origin} (port ${port})`);
  console.log(`  sessions now            ${origin}/`);
  console.log(`  be attacked, guided     ${origin}/try`);
  if (traces !== undefined) {
    console.log(`Sessions of people who consented are recorded in ${traces}.`);
  }
  if (dev) {
    console.log(
      "Dev: this machine's browser is signed in by itself, and keys are made and kept under",
    );
    console.log(`  ${data}; \`deno task key\` prints the secret API key.`);
  } else if (!isSecure(origin)) {
    console.warn(`Nobody can sign in on ${origin}: browsers want https, or http on localhost.`);
  }
}

/** Whether browsers keep a `__Host-` cookie and offer passkeys there. */
function isSecure(origin: string): boolean {
  const { protocol, hostname } = new URL(origin);
  return protocol === "https:" || /(^|\.)localhost$/.test(hostname);
}

/** The secret stands behind the link's `#`, where no server's log and no referrer sees it. */
async function inviteFirstOwner(kv: Deno.Kv, { origin }: Settings): Promise<void> {
  const secret = await issueSetupSecret(kv, Date.now());
  if (secret === undefined) return;
  console.log("Nobody has registered yet. Whoever opens this link first becomes the owner;");
  console.log("it works once, for a day, and a later start prints another:");
  console.log(`  ${origin}/setup#${secret}`);
}

function stopOnSignal(server: GaitkeeperServer, kv: Deno.Kv, sweeping: AbortController): void {
  let isStopping = false;
  const stop = async () => {
    if (isStopping) return;
    isStopping = true;
    Deno.unrefTimer(setTimeout(() => Deno.exit(1), SHUTDOWN_MS));
    sweeping.abort();
    await server.close();
    kv.close();
    Deno.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, stop);
}
