/** Made-up sentences: something to type that nobody wrote. */
import type { Random } from "../../core/random.ts";

const WORDS =
  ("the a of to and in that it was for on with as at by from they we you this but not are or had when " +
    "their what said each which will about many then them some her would make like time look two more " +
    "write go see number way people water call first find long down day come made part over new sound " +
    "take only little work know place year live back give most very after thing our just name good " +
    "sentence man think say great where help through much before line right too mean old any same tell " +
    "boy follow came want show also around form three small set put end does another well large must " +
    "big even such because turn here why ask went men read need land different home us move try kind " +
    "hand picture again change off play spell air away animal house point page letter mother answer " +
    "found study still learn should world").split(" ");

/** One sentence of 5 to 12 words with its closing space. */
export function generateText(random: Random): string {
  const count = 5 + Math.floor(8 * random());
  const words = Array.from({ length: count }, () => WORDS[Math.floor(WORDS.length * random())]!);
  const comma = count > 7 ? 2 + Math.floor(3 * random()) : -1;
  const sentence = words.map((word, i) => i === comma ? `${word},` : word).join(" ");
  return `${sentence[0]!.toUpperCase()}${sentence.slice(1)}. `;
}
