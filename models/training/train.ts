/**
 * `deno task train MODALITY TRACES...`: from trace files to models.
 *
 * Features come from core/features, here in TypeScript; Python only trains on them. What lies between
 * the steps is kept; an embedder whose training was stopped goes on from its last epoch, and one that
 * is finished is only exported again.
 */
import { parseArgs } from "@std/cli/parse-args";
import { GaitkeeperError } from "../../core/error.ts";
import type { Modality } from "../../core/window.ts";
import { readTraceFile } from "./trace_file.ts";
import { trainAutomation } from "./train_automation.ts";
import { trainKeyboard } from "./train_keyboard.ts";
import { trainPointer } from "./train_pointer.ts";
import { claimWork, runner } from "./training_run.ts";

const HELP = `Trains a modality's models from trace files; see models/training/README.md.

deno task train keyboard|pointer TRACES... [options]
deno task train automation --keyboard TRACES --pointer TRACES... [--seed N] [--out DIR]

  --python PROGRAM     with the packages of models/training/requirements.txt; python3
  --epochs N           of the embedder; 60 for the keyboard, 20 for the pointer
  --work DIR           what lies between the steps, and what a stopped training goes on from;
                       models/training/work
  --models DIR         where the models go; without it they are those that ship, and what they are
                       worth is measured into models/report and their card
  --enrol-sessions N   each person's first N sessions enrol when the fusion is fitted; 5 for the
                       keyboard, for the pointer those with "3min" in their name`;

const HERE = new URL("./", import.meta.url).pathname;
const SHIPPED = new URL("../", import.meta.url).pathname;
const EPOCHS: Readonly<Record<Modality, string>> = { keyboard: "60", pointer: "20" };
const PACKAGES = ["numpy", "onnx", "onnxruntime", "sklearn", "scipy", "skl2onnx", "torch"];

try {
  const [what, ...words] = Deno.args;
  const isAutomation = what === "automation" && !words.includes("--help");
  await (isAutomation ? trainAutomation(words) : train(Deno.args));
} catch (error) {
  if (!(error instanceof GaitkeeperError)) throw error;
  console.error(`${error.message} (${error.code})`);
  Deno.exit(1);
}

async function train(argv: readonly string[]): Promise<void> {
  const args = parseArgs([...argv], {
    string: ["_", "python", "epochs", "work", "models", "enrol-sessions"],
    boolean: ["help"],
    unknown: (option: string) => {
      if (option.startsWith("-")) throw invalid(`options must be those of --help, got "${option}"`);
    },
  });
  if (args.help) return console.log(HELP);
  const [modality, ...traces]: string[] = args._.map(String);
  if (modality !== "keyboard" && modality !== "pointer") {
    throw invalid(`what to train must be keyboard, pointer or automation, got "${modality ?? ""}"`);
  }
  if (!traces.length) throw invalid("a trace file must be given");
  const count = (name: "epochs" | "enrol-sessions") => {
    const value = args[name];
    if (value === undefined || /^[1-9]\d*$/.test(value)) return value;
    throw invalid(`--${name} must be a whole number from 1, got "${value}"`);
  };
  const epochs = count("epochs") ?? EPOCHS[modality];
  const enrolSessions = count("enrol-sessions");
  for (const path of traces) await requireTraces(modality, path, enrolSessions);
  const python = args.python ?? "python3";
  await requirePackages(python);
  const { work = `${HERE}work`, models = SHIPPED } = args;
  await makeFolders({ work, models });
  await claimWork(modality, { work, traces, epochs });

  const deno = ["run", "-R", "-W", "--allow-env", "--allow-sys"];
  await (modality === "keyboard" ? trainKeyboard : trainPointer)({
    deno: runner(Deno.execPath(), ...deno),
    python: runner(python),
    work,
    models,
    traces,
    epochs,
    enrolling: enrolSessions === undefined ? [] : ["--enrol-sessions", enrolSessions],
  });
  if (args.models !== undefined) {
    console.log(`\nWhat they are worth: deno task evaluate --models ${models} …`);
    return;
  }
  // What it is worth, into models/report and the model card.
  const report = runner(Deno.execPath(), ...deno, "--allow-net");
  await report("../evaluation/main.ts", "report", `--${modality}`, traces[0]!);
}

/** @throws {GaitkeeperError} `request_invalid` */
async function makeFolders(folders: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, folder] of Object.entries(folders)) {
    try {
      await Deno.mkdir(folder, { recursive: true });
    } catch {
      throw invalid(`--${name} must be a folder, got "${folder}"`);
    }
  }
}

/** @throws {GaitkeeperError} `request_invalid` */
async function requireTraces(
  modality: Modality,
  path: string,
  enrolSessions: string | undefined,
): Promise<void> {
  const wanted = modality === "keyboard" ? "keys" : "pointer";
  let [isUsable, enrols] = [false, modality === "keyboard" || enrolSessions !== undefined];
  try {
    for await (const trace of readTraceFile(path)) {
      isUsable ||= (trace[wanted]?.length ?? 0) > 0;
      enrols ||= trace.session.includes("3min");
      if (isUsable && enrols) return;
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : cause;
    throw invalid(`${path} must be a trace file, got ${why}`);
  }
  throw invalid(
    isUsable
      ? `--enrol-sessions must be given, for no session of ${path} has "3min" in its name`
      : `${path} must hold sessions with "${wanted}", got none`,
  );
}

/** @throws {GaitkeeperError} `request_invalid` */
async function requirePackages(python: string): Promise<void> {
  const script = "import importlib.util, sys\n" +
    "print(*[name for name in sys.argv[1:] if importlib.util.find_spec(name) is None])";
  let missing: string;
  try {
    const { success, stdout, stderr } = await new Deno.Command(python, {
      args: ["-c", script, ...PACKAGES],
    }).output();
    const said = new TextDecoder().decode(success ? stdout : stderr).trim();
    missing = success ? said && `one without ${said}` : said;
  } catch (cause) {
    missing = `${python} (${cause instanceof Error ? cause.message : cause})`;
  }
  if (!missing) return;
  throw invalid(
    `--python must be an interpreter with models/training/requirements.txt, got ${missing}`,
  );
}

function invalid(what: string): GaitkeeperError {
  return new GaitkeeperError("request_invalid", `Cannot train: ${what}`);
}
