/** `deno task evaluate`: what the models are worth, measured by commands that anyone can run. */
import { GaitkeeperError } from "../../core/error.ts";
import { evaluateCmu } from "./cmu.ts";
import { evaluatePeople } from "./people.ts";
import { evaluatePointer } from "./pointer.ts";
import { evaluateSocket } from "./socket.ts";

const COMMANDS: Readonly<Record<string, (argv: readonly string[]) => Promise<void>>> = {
  cmu: evaluateCmu,
  people: evaluatePeople,
  pointer: evaluatePointer,
  socket: evaluateSocket,
};

const HELP = `deno task evaluate COMMAND --help

  cmu      the isolation forest on the CMU password benchmark
  people   windows of people whom no model has learned from, by detector
  pointer  one session of such people against a profile of another, at several polling rates
  socket   such people over the real socket of a real service`;

const [command = "", ...argv] = Deno.args;
const evaluate = COMMANDS[command];
if (!evaluate) {
  console.error(HELP);
  Deno.exit(command === "--help" ? 0 : 2);
}
try {
  await evaluate(argv);
} catch (error) {
  if (!(error instanceof GaitkeeperError)) throw error;
  console.error(`${error.message} (${error.code})`);
  Deno.exit(1);
}
