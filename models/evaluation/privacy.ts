/**
 * `deno task evaluate privacy`: what somebody learns of the text typed who has all that crosses the
 * wire, and what somebody learns who has the embeddings that are made of it.
 */
import { parseArgs } from "@std/cli/parse-args";
import { GaitkeeperError } from "../../core/error.ts";
import { type Random, seededRandom } from "../../core/random.ts";
import { type Part, partOf } from "../training/split.ts";
import { readTraceFile } from "../training/trace_file.ts";
import { type Identification, identify } from "./privacy/identification.ts";
import { groupSentences, type SentenceGroup } from "./privacy/sentence_groups.ts";
import { readSentence, type TypedSentence } from "./privacy/typed_text.ts";
import {
  type AttackName,
  attackWords,
  LONG_WORD,
  type WordFigures,
} from "./privacy/word_attacks.ts";
import { ProgressBar } from "./progress.ts";
import { loadScorer } from "./scorer.ts";

export const PRIVACY_HELP = `What an attacker who has everything that crosses the wire learns of the
words that people typed, who are none of those whom the attacker learned from; and which sentence of
a hundred an embedding gives away. A word is what is left standing when all corrections are made.

deno task evaluate privacy --traces FILE [--part heldOut|calibrate] [--seed 1] [--json]

FILE holds transcripts with key codes, which the attacker never sees of the people attacked. Every
sentence is attacked twice: by an attacker who has read that very sentence, as other people typed it,
and by one who has read all others.`;

const ATTACKED: readonly Part[] = ["heldOut", "calibrate"];
/** Sentences are typed at any time of a day: which Shifts are told hangs on it. */
const TIMES_MS = 24 * 3600 * 1000;
/** How the time is spent, for the bar. */
const SHARES = { reading: 0.05, words: 0.45 } as const;

const NAMES: Readonly<Record<AttackName, string>> = {
  lengths: "lengths of words, a dictionary",
  zonesOfKeys: "zones of the keys that stand, a dictionary",
  nineZones: "nine zones, modifiers read too, a dictionary",
  wordPairs: "nine zones, word pairs",
  timings: "nine zones and timings, word pairs",
  hands: "not sent: letters by hand, a dictionary",
  handsAndRows: "not sent: hand and row, a dictionary",
  fingers: "not sent: fingers, a dictionary",
};

export async function evaluatePrivacy(argv: readonly string[]): Promise<void> {
  const args = parseArgs([...argv], {
    string: ["traces", "part", "seed"],
    boolean: ["json", "help"],
  });
  if (args.help || !args.traces) return console.log(PRIVACY_HELP);
  const part = ATTACKED.find((part) => part === (args.part ?? "heldOut"));
  if (!part) {
    throw new GaitkeeperError(
      "request_invalid",
      `Cannot evaluate: part must be one of ${ATTACKED.join(", ")}, got "${args.part}"`,
    );
  }
  const startedMs = performance.now();
  const bar = new ProgressBar();
  bar.show(0, "reading");
  const random = seededRandom(Number(args.seed ?? 1));
  const { sentences, leftOut } = await readSentences(args.traces, part, random);
  const groups = groupSentences(sentences);
  const learned = ofPart(groups, "train");
  const attacked = ofPart(groups, part);
  if (!learned.length || !attacked.length) {
    throw new GaitkeeperError(
      "trace_invalid",
      "Cannot evaluate: the file must hold people to learn from and people to attack",
    );
  }
  const words = attackWords({ learned, attacked, random }, (share) => {
    bar.show(SHARES.reading + SHARES.words * share, "words");
  });
  const before = SHARES.reading + SHARES.words;
  const scorer = await loadScorer("keyboard");
  const sentence = await identify({ known: learned, attacked }, scorer, (share) => {
    bar.show(before + (1 - before) * share, "embeddings");
  });
  bar.hide();
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  const result = { part, leftOut, words, sentence, seconds };
  console.log(args.json ? JSON.stringify(result) : inWords(words, sentence));
}

/** Sentences of those who train and of the part attacked, and how many of the latter tell no text. */
async function readSentences(
  path: string,
  attacked: Part,
  random: Random,
): Promise<{ sentences: TypedSentence[]; leftOut: number }> {
  const sentences: TypedSentence[] = [];
  let leftOut = 0;
  for await (const trace of readTraceFile(path)) {
    const part = partOf(trace.subject);
    if (part !== "train" && part !== attacked) continue;
    const sentence = readSentence(trace, Math.floor(TIMES_MS * random()));
    if (sentence) sentences.push(sentence);
    else if (part === attacked) leftOut++;
  }
  return { sentences, leftOut };
}

/** Groups keep their numbers; those without anybody of the part are left out. */
function ofPart(groups: readonly SentenceGroup[], part: Part): SentenceGroup[] {
  return groups.map(({ number, sentences }) => ({
    number,
    sentences: sentences.filter(({ subject }) => partOf(subject) === part),
  })).filter(({ sentences }) => sentences.length);
}

function inWords(figures: WordFigures, sentence: Identification): string {
  const percent = (share: number) => `${(100 * share).toFixed(1).padStart(5)} %`;
  const lines = Object.entries(figures.attacks).map(([name, { same, others }]) => {
    const cells = [same, others].map(({ share, ci95: [low, high], ofKnownWords }) =>
      `${percent(share)} [${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]` +
      `  ${percent(ofKnownWords)}`
    );
    return `  ${NAMES[name as AttackName].padEnd(46)}${cells.join("   |")}`;
  });
  const { same, others } = figures.knownWords;
  const zonesAlone = figures.attacks.nineZones.same;
  const { chance, embeddings, zones } = sentence;
  return `Words recovered of ${figures.words} that ${figures.people} people typed; each time of all
[95 % interval] and of those in the attacker's vocabulary, which holds ${
    percent(same).trim()
  } and ${percent(others).trim()}
  ${"".padEnd(46)}sentence read before          |sentence never read
${lines.join("\n")}
  Nine zones and a dictionary recover ${zonesAlone.differentWords} different words, ${
    percent(zonesAlone.ofLongWords).trim()
  } of those of
  ${LONG_WORD} letters or more; of all hits, ${
    Object.entries(zonesAlone.mostOften)
      .map(([word, share]) => `${percent(share).trim()} are "${word}"`).join(", ")
  }
Which of ${sentence.candidates} sentences, of ${sentence.transcripts} transcripts; first, and among the first ten
  chance              ${percent(chance.first)}  ${percent(chance.firstTen)}
  embeddings          ${percent(embeddings.first)}  ${percent(embeddings.firstTen)}
  zones alone         ${percent(zones.first)}  ${percent(zones.firstTen)}`;
}
