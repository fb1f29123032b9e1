/** The product as it is started: `main.ts` in a process of its own, with a store on disk. */
import { deriveSecretKey, readDevMasterKey } from "../../routes/secret_key.ts";
import type { Service } from "../../models/evaluation/service.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const READY_WITHIN_MS = 60_000;

export interface ServiceProcess extends Service {
  readonly port: number;
  /** All that it has printed. */
  log(): string;
  /** Ends the process by this signal and waits until it is gone. */
  end(signal: Deno.Signal): Promise<void>;
}

/** Starts the service and waits until it is ready for streams. */
export async function startServiceProcess(
  { data, port = 0 }: { readonly data: string; readonly port?: number },
): Promise<ServiceProcess> {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "-P=serve", "main.ts", "--dev"],
    cwd: ROOT,
    env: { PORT: String(port), GAITKEEPER_DATA: data },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let log = "";
  const read = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) log += text;
  };
  const printed = Promise.all([read(process.stdout), read(process.stderr)]);
  let isGone = false;
  const gone = process.status.then(() => isGone = true);

  const endMs = Date.now() + READY_WITHIN_MS;
  let found: number | undefined;
  for (;;) {
    found ??= Number(/\(port (\d+)\)/.exec(log)?.[1]) || undefined;
    if (found && await isReady(found)) break;
    if (isGone || Date.now() > endMs) throw new Error(`The service did not start:\n${log}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    origin: new URL(`http://localhost:${found}`),
    port: found,
    secretKey: await deriveSecretKey((await readDevMasterKey(data))!),
    log: () => log,
    end: async (signal) => {
      if (!isGone) process.kill(signal);
      await gone;
      await printed;
    },
  };
}

async function isReady(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://localhost:${port}/readyz`);
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
