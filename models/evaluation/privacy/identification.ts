/** Which sentence of a hundred was typed: from embeddings, and from the zones that crossed the wire. */
import { GaitkeeperError } from "../../../core/error.ts";
import type { Scorer } from "../scorer.ts";
import { EmbeddingAttack, less, meanOf, type SentenceEmbeddings } from "./embedding_attack.ts";
import type { SentenceGroup } from "./sentence_groups.ts";
import type { TypedSentence } from "./typed_text.ts";

export const CANDIDATES = 100;
/** Other people who must have typed a sentence for it to be known. */
const LEAST_TYPISTS = 3;

/** Shares of transcripts whose sentence came first, and among the first ten. */
export interface Identified {
  readonly first: number;
  readonly firstTen: number;
}

export interface Identification {
  readonly candidates: number;
  readonly transcripts: number;
  readonly chance: Identified;
  readonly embeddings: Identified;
  readonly zones: Identified;
}

/** Transcripts that an attacker knows, and those attacked. */
export interface KnownAndAttacked {
  readonly known: readonly SentenceGroup[];
  readonly attacked: readonly SentenceGroup[];
}

/**
 * Takes the sentences that most of the attacked people typed. An embedding is the last one of a
 * sentence that was typed alone, the attacker's best case: live windows run over from one sentence
 * into the next.
 *
 * @param onProgress told the share that is done, 0 to 1.
 * @throws {GaitkeeperError} `trace_invalid` where no sentence is both known and attacked.
 */
export async function identify(
  { known, attacked }: KnownAndAttacked,
  scorer: Pick<Scorer, "observe">,
  onProgress: (share: number) => void,
): Promise<Identification> {
  const all = [...known, ...attacked].reduce((sum, { sentences }) => sum + sentences.length, 0);
  let done = 0;
  const embed = async (groups: readonly SentenceGroup[]) => {
    const embeddings = new Map<TypedSentence, Float32Array>();
    for (const { sentences } of groups) {
      for (const sentence of sentences) {
        const { subject, trace } = sentence;
        const embedding = (await scorer.observe({ subject, sessions: [trace] })).at(-1)?.embedding;
        if (embedding) embeddings.set(sentence, embedding);
        onProgress(++done / all);
      }
    }
    return withoutPeople(embeddings);
  };
  const learned = embeddingsOf(known, await embed(known), LEAST_TYPISTS);
  const probes = await embed(attacked);
  const among = new Set(
    embeddingsOf(attacked, probes, 1)
      .filter(({ sentence }) => learned.some((other) => other.sentence === sentence))
      .sort((a, b) => b.embeddings.length - a.embeddings.length)
      .slice(0, CANDIDATES)
      .map(({ sentence }) => sentence),
  );
  if (!among.size) {
    throw new GaitkeeperError(
      "trace_invalid",
      `Cannot identify sentences: one at least must be typed by ${LEAST_TYPISTS} people who are ` +
        "known and by one who is attacked, long enough for a window, got none",
    );
  }
  const attack = new EmbeddingAttack(learned);
  const zones = known.filter(({ number }) => among.has(number))
    .map(({ number, sentences }) => ({ number, shape: mostFrequent(sentences.map(zonesOf)) }));
  const places = { embeddings: [] as number[], zones: [] as number[] };
  for (const { number, sentences } of attacked) {
    if (!among.has(number)) continue;
    for (const sentence of sentences) {
      const embedding = probes.get(sentence);
      if (!embedding) continue;
      places.embeddings.push(attack.rank(embedding, among).indexOf(number));
      places.zones.push(rankByZones(zonesOf(sentence), zones).indexOf(number));
    }
  }
  return {
    candidates: among.size,
    transcripts: places.zones.length,
    chance: { first: 1 / among.size, firstTen: Math.min(1, 10 / among.size) },
    embeddings: shares(places.embeddings),
    zones: shares(places.zones),
  };
}

/** Each embedding less the mean of the same person's others; who has no other is left out. */
function withoutPeople(
  embeddings: ReadonlyMap<TypedSentence, Float32Array>,
): Map<TypedSentence, Float64Array> {
  const bySubject = Map.groupBy(embeddings, ([{ subject }]) => subject);
  const centred = new Map<TypedSentence, Float64Array>();
  for (const own of bySubject.values()) {
    const count = own.length;
    if (count < 2) continue;
    const usual = meanOf(own.map(([, embedding]) => embedding));
    for (const [sentence, embedding] of own) {
      // The mean of the others, from the mean of all.
      const others = usual.map((x, i) => (count * x - embedding[i]!) / (count - 1));
      centred.set(sentence, less(embedding, others));
    }
  }
  return centred;
}

function embeddingsOf(
  groups: readonly SentenceGroup[],
  embeddings: ReadonlyMap<TypedSentence, Float64Array>,
  least: number,
): SentenceEmbeddings[] {
  return groups.flatMap(({ number, sentences }) => {
    const own = sentences.flatMap((sentence) => embeddings.get(sentence) ?? []);
    return own.length >= least ? [{ sentence: number, embeddings: own }] : [];
  });
}

/** What stands, by zones: one character a key. */
function zonesOf({ keys }: TypedSentence): string {
  return keys.map(({ stroke: { zone } }) => zone === "space" ? " " : zone[0]).join("");
}

function rankByZones(
  seen: string,
  known: readonly { readonly number: number; readonly shape: string }[],
): number[] {
  return known.map(({ number, shape }) => ({ number, edits: editsBetween(seen, shape) }))
    .sort((a, b) => a.edits - b.edits)
    .map(({ number }) => number);
}

/** Insertions, deletions and substitutions (Levenshtein 1966). */
export function editsBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 0; i < from.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j++) {
      const substituted = row[j]! + Number(from[i] !== to[j]);
      next.push(Math.min(substituted, row[j + 1]! + 1, next[j]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}

function mostFrequent(texts: readonly string[]): string {
  const counted = [...Map.groupBy(texts, (text) => text).values()];
  return counted.reduce((most, alike) => alike.length > most.length ? alike : most)[0]!;
}

function shares(places: readonly number[]): Identified {
  const within = (count: number) => places.filter((place) => place < count).length / places.length;
  return { first: within(1), firstTen: within(10) };
}
