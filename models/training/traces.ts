/** `deno task traces`: what was recorded of people who consented, for training and evaluation. */
import { parseArgs } from "@std/cli/parse-args";
import { GaitkeeperError } from "../../core/error.ts";
import { DEFAULT_TENANT } from "../../core/store/keys.ts";
import type { Modality } from "../../core/window.ts";
import { derivePseudonymKey, readDevMasterKey } from "../../routes/secret_key.ts";
import { parseSettings } from "../../routes/settings.ts";
import { TraceFolder } from "../../routes/trace_folder.ts";
import { joinTraces } from "./join_traces.ts";
import { partOf } from "./split.ts";
import { writeTraceFile } from "./trace_file.ts";

const HELP = `What was recorded of people who consented, in the folder GAITKEEPER_TRACES.

deno task traces                          who was recorded, and how much
deno task traces keyboard|pointer OUT     all of it as one trace file, for train and evaluate
deno task traces --delete SUBJECT         deletes all of a person's, by the tenant's own id
deno task traces --delete-older-than DAYS

  --name SUBJECT   this person is called by the tenant's own id, not by a pseudonym; may be repeated`;

const DAY_MS = 24 * 3600_000;

try {
  await traces(Deno.args);
} catch (error) {
  if (!(error instanceof GaitkeeperError)) throw error;
  console.error(`${error.message} (${error.code})`);
  Deno.exit(1);
}

async function traces(argv: readonly string[]): Promise<void> {
  const args = parseArgs([...argv], {
    string: ["delete", "delete-older-than", "name"],
    boolean: ["help"],
    collect: ["name"],
    unknown: (option: string) => {
      if (option.startsWith("-")) throw invalid(`options must be those of --help, got "${option}"`);
    },
  });
  if (args.help) return console.log(HELP);
  const [modality, out, ...rest] = args._.map(String);
  const days = args["delete-older-than"];
  const asked = [modality, args.delete, days].filter((one) => one !== undefined);
  if (asked.length > 1 || rest.length) throw invalid("one thing must be asked for at a time");
  if (modality !== undefined && (!isModality(modality) || !out)) {
    throw invalid(`what to join must be keyboard or pointer, and a file, got "${argv.join(" ")}"`);
  }
  const folder = await openFolder();
  if (args.delete !== undefined) {
    if (!args.delete) throw invalid("--delete must name a subject");
    report(await folder.erase({ tenant: DEFAULT_TENANT, subject: args.delete }));
  } else if (days !== undefined) {
    if (!(days.trim() && Number(days) >= 0)) {
      throw invalid(`--delete-older-than must be a number of days, got "${days}"`);
    }
    report(await folder.eraseBefore(Date.now() - Number(days) * DAY_MS));
  } else {
    const names = await namesOf(folder, args.name);
    if (modality === undefined) await list(folder, names);
    else await join(folder, modality as Modality, out!, names);
  }
}

/** @throws {GaitkeeperError} `settings_invalid` where no folder or no key is set. */
async function openFolder(): Promise<TraceFolder> {
  const { traces, data, masterKey } = parseSettings(Deno.env.toObject(), { dev: true });
  const key = masterKey ?? await readDevMasterKey(data);
  if (traces === undefined || !key) {
    throw new GaitkeeperError(
      "settings_invalid",
      `Cannot open traces: ${
        traces === undefined ? "GAITKEEPER_TRACES" : "GAITKEEPER_MASTER_KEY"
      } ` +
        "must be set as for the service, got none",
    );
  }
  return await TraceFolder.open(traces, await derivePseudonymKey(key));
}

async function namesOf(
  folder: TraceFolder,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const names = subjects.map(async (subject): Promise<[string, string]> => {
    return [await folder.pseudonymOf({ tenant: DEFAULT_TENANT, subject }), subject];
  });
  return new Map(await Promise.all(names));
}

async function list(folder: TraceFolder, names: ReadonlyMap<string, string>): Promise<void> {
  let people = 0;
  for await (const { subject, sessions } of joinTraces(folder, { names })) {
    people++;
    const count = (of: "keys" | "pointer") =>
      sessions.reduce((sum, session) => sum + (session[of]?.length ?? 0), 0);
    const figures = `${sessions.length} sessions, ${count("keys")} strokes, ${
      count("pointer")
    } pointer rows`;
    console.log(`${subject.padEnd(32)}  ${partOf(subject).padEnd(9)}  ${figures}`);
  }
  console.log(`${people} people in ${folder.path}`);
}

async function join(
  folder: TraceFolder,
  modality: Modality,
  out: string,
  names: ReadonlyMap<string, string>,
): Promise<void> {
  let [people, sessions] = [0, 0];
  await writeTraceFile(
    out,
    async function* () {
      for await (const person of joinTraces(folder, { modality, names })) {
        people++;
        sessions += person.sessions.length;
        yield* person.sessions;
      }
    }(),
  );
  console.log(`${people} people, ${sessions} sessions in ${out}`);
}

function report(deleted: number): void {
  console.log(`${deleted} files deleted; a stay that is going on is not written at its end`);
}

function isModality(name: string): name is Modality {
  return name === "keyboard" || name === "pointer";
}

function invalid(what: string): GaitkeeperError {
  return new GaitkeeperError("request_invalid", `Cannot open traces: ${what}`);
}
