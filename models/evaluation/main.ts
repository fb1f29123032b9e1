/** `deno task evaluate`: what the models are worth, measured by commands that anyone can run. */
import { GaitkeeperError } from "../../core/error.ts";
import { evaluateAutomation } from "./automation.ts";
import { evaluateCmu } from "./cmu.ts";
import { evaluatePoisoning } from "./poisoning.ts";
import { evaluatePrivacy } from "./privacy.ts";
import { evaluateReplays } from "./replays.ts";
import { evaluateReport } from "./report.ts";
import { evaluateSocket } from "./socket.ts";
import { evaluateVerification, VERIFICATION_HELP } from "./verification.ts";

const COMMANDS: Readonly<Record<string, (argv: readonly string[]) => Promise<void>>> = {
  automation: evaluateAutomation,
  cmu: evaluateCmu,
  poisoning: evaluatePoisoning,
  privacy: evaluatePrivacy,
  replays: evaluateReplays,
  report: evaluateReport,
  socket: evaluateSocket,
};

const HELP = `${VERIFICATION_HELP}

deno task evaluate COMMAND --help

  automation  how often the automation rules take a hand for a program, by the clock's step
  cmu         the isolation forest on the CMU password benchmark
  poisoning   what impostors gain who move a profile from its subject to themselves
  privacy     what is learned of the words typed by who has all that crosses the wire
  replays     recordings played again, and people who are taken for one
  report      all that is stated of the models: tables and error curves
  socket      people whom no model has learned from, over the real socket of a real service`;

const [command = "--help", ...argv] = Deno.args;
const evaluate = COMMANDS[command] ?? (command.startsWith("--") ? evaluateVerification : undefined);
if (!evaluate || command === "--help") {
  (evaluate ? console.log : console.error)(HELP);
  Deno.exit(evaluate ? 0 : 2);
}
try {
  await evaluate(COMMANDS[command] ? argv : Deno.args);
} catch (error) {
  if (!(error instanceof GaitkeeperError)) throw error;
  console.error(`${error.message} (${error.code})`);
  Deno.exit(1);
}
