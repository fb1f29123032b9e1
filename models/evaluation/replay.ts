/** `deno task replay`: plays trace files into a running service and prints the risk over time. */
import { parseArgs } from "@std/cli/parse-args";
import { GaitkeeperError } from "../../core/error.ts";
import { play, type Played, type PlayOptions, type Reading } from "./player.ts";
import { ProgressBar } from "./progress.ts";
import {
  EVERY_SESSION,
  parseSessionRange,
  partOfSessions,
  readRecordings,
  startAfter,
} from "./recordings.ts";
import { secretKeyFrom } from "./secret_key.ts";

const HELP = `Plays recorded sessions into a running service and prints the risk over time.

deno task replay --traces FILE --subject A [--then B] [options]

  --traces FILE          gzipped NDJSON trace file
  --subject A            who plays first and, on a new profile, is enrolled
  --sessions N|FROM-TO   which of A's sessions, counted from 1 in the order of their names:
                         the first N, or FROM to TO inclusive; all of them by default
  --then B               who then goes on in the same session, on the same socket
  --then-sessions ...    which of B's sessions, likewise
  --as ID                subject whose session it is said to be; A by default
  --speed N|max          times real time, 1 by default; max is as fast as it is acknowledged
  --to URL               the service, http://localhost:3000 by default
  --key SECRET           the tenant's secret key; else GAITKEEPER_SECRET_KEY, else the one that
                         a service started in this folder uses
  --json                 one line of JSON in place of the table

Sessions are played one after the other, two seconds apart.`;

const STRING_OPTIONS = [
  "traces",
  "subject",
  "sessions",
  "then",
  "then-sessions",
  "as",
  "speed",
  "to",
  "key",
] as const;

async function main(): Promise<void> {
  const args = parseArgs(Deno.args, {
    string: STRING_OPTIONS,
    boolean: ["help", "json"],
    default: { speed: "1", to: "http://localhost:3000" },
    unknown: (option: string) => {
      throw invalid(`options must be those of --help, got "${option}"`);
    },
  });
  if (args.help) return console.log(HELP);
  if (!args.traces || !args.subject) throw invalid("--traces and --subject must be given");

  const { subject, then } = args;
  const recordings = await readRecordings(args.traces, then ? [subject, then] : [subject]);
  const range = (text?: string) => text === undefined ? EVERY_SESSION : parseSessionRange(text);
  const first = partOfSessions(recordings.get(subject)!, range(args.sessions), Date.now());
  const parts = [first];
  if (then) {
    const thenRange = range(args["then-sessions"]);
    parts.push(partOfSessions(recordings.get(then)!, thenRange, startAfter(first)));
  }

  const bar = new ProgressBar();
  const service = { origin: new URL(args.to), secretKey: await secretKeyFrom(args.key) };
  let isFirst = true;
  const played = await play(service, parts, {
    ...systemOptions(),
    as: args.as ?? subject,
    speed: parseSpeed(args.speed),
    onReading: (reading, share) => {
      bar.hide();
      if (!args.json) console.log(isFirst ? `${HEADING}\n${row(reading)}` : row(reading));
      isFirst = false;
      bar.show(share, `${reading.strokes} strokes, risk ${reading.risk.toFixed(1)}`);
    },
  });
  bar.hide();
  console.log(args.json ? JSON.stringify(reportOf(played, subject, then)) : summary(played));
}

/** The clock and chance that a command plays by. */
export function systemOptions(): Pick<PlayOptions, "nowMs" | "delay" | "stream"> {
  return {
    nowMs: () => Date.now(),
    delay: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    stream: crypto.getRandomValues(new Uint32Array(1))[0]!,
  };
}

function parseSpeed(text: string): number | "max" {
  if (text === "max") return text;
  const speed = Number(text);
  if (speed > 0) return speed;
  throw invalid(`--speed must be a number above 0 or max, got "${text}"`);
}

function invalid(what: string): GaitkeeperError {
  return new GaitkeeperError("request_invalid", `Cannot replay: ${what}`);
}

const COLUMNS = [["time", 8], ["strokes", 8], ["risk", 7], ["conf.", 6], ["level", 9]] as const;
const HEADING = `${COLUMNS.map(([name, width]) => name.padStart(width)).join("")}  ` +
  `${"action".padEnd(8)} strongest reason`;

function row(reading: Reading): string {
  const { atMs, strokes, risk, confidence, level, action, reasons } = reading;
  const cells = [clock(atMs), strokes, risk.toFixed(1), confidence.toFixed(2), level];
  const numbers = cells.map((cell, i) => String(cell).padStart(COLUMNS[i]![1])).join("");
  return `${numbers}  ${action.padEnd(8)} ${reasons[0]?.words ?? missingWords(reading)}`;
}

function missingWords({ keyboard, pointer }: Reading): string {
  return `keyboard ${keyboard.stage}, pointer ${pointer.stage}`;
}

function clock(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function summary({ session, readings, alerts, stepUps, final }: Played): string {
  const highest = Math.max(final.risk, ...readings.map(({ risk }) => risk));
  const asked = stepUps.map(({ playing, strokesOfPart, level }) =>
    `\nstep-up asked at ${level}, ${strokesOfPart} strokes into ${playing}`
  );
  return `\nsession ${session}: ${final.strokes} strokes, ` +
    `risk ${final.risk.toFixed(1)} at the end and ${highest.toFixed(1)} at most, ` +
    `level ${final.level}, action ${final.action}, ` +
    `${alerts.length} ${alerts.length === 1 ? "alert" : "alerts"}${asked.join("")}`;
}

/** What `--json` prints, on one line. */
function reportOf(
  { session, readings, alerts, stepUps, final }: Played,
  subject: string,
  then = "",
) {
  return {
    subject,
    then: then || null,
    session,
    strokes: final.strokes,
    finalRisk: final.risk,
    maxRisk: Math.max(final.risk, ...readings.map(({ risk }) => risk)),
    confidence: final.confidence,
    level: final.level,
    action: final.action,
    alerts,
    stepUpAtStroke: stepUps[0]?.strokes ?? null,
    stepUps,
    timeline: readings.map(
      ({ atMs, playing, strokes, risk, confidence, level, action, reasons }) => {
        return {
          atMs,
          playing,
          strokes,
          risk,
          confidence,
          level,
          action,
          reason: reasons[0]?.words,
        };
      },
    ),
  };
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof GaitkeeperError)) throw error;
    console.error(`${error.message} (${error.code})`);
    Deno.exit(1);
  }
}
