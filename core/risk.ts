/** Evidence over time -> risk, confidence, reasons. */
import type { EvidencePart, WindowEvidence } from "./evidence.ts";
import type { FeatureReading } from "./features/reading.ts";

/** A part of the evidence as it stands now, after forgetting. The reasons add up to `evidenceNats`. */
export interface Reason extends EvidencePart {
  readonly source: WindowEvidence["source"];
}

/** The state of belief at one moment. */
export interface Risk {
  /** 0 to 100: 100 x P(someone else | evidence so far). */
  readonly risk: number;
  /** 0 to 1: how much evidence, on how ready a profile. */
  readonly confidence: number;
  /** Log-odds added to the prior's by the evidence; the reasons sum to it. */
  readonly evidenceNats: number;
  /** Strongest first. */
  readonly reasons: readonly Reason[];
}

export interface SourcePolicy {
  /** Share of the source's standing evidence kept when its next window arrives. */
  readonly retention: number;
  /**
   * What a window's nats count for. Ratios of single windows are calibrated; how often windows come
   * and overlap is not in them, and a false alarm a window is another rate an hour for each source.
   */
  readonly gain: number;
}

export interface RiskPolicy {
  /** P(someone else) before any evidence. */
  readonly prior: number;
  /** How each source is heard. */
  readonly sources: Readonly<Record<WindowEvidence["source"], SourcePolicy>>;
  /** Without new input the evidence halves in this time, ms by the events' clock. */
  readonly halfLifeMs: number;
  /** Bounds of one source's standing evidence, nats: what is long known must be quick to unlearn. */
  readonly bounds: readonly [number, number];
}

/** Chosen from what models/training/choose_policy.ts printed of people whom the models had not seen. */
export const DEFAULT_RISK_POLICY: RiskPolicy = {
  prior: 0.1,
  sources: {
    keyboard: { gain: 2.4, retention: 0.5 },
    pointer: { gain: 0.15, retention: 0.9 },
    automation: { gain: 0.2, retention: 0.65 },
  },
  halfLifeMs: 10 * 60_000,
  bounds: [-1, 9],
};

interface Part {
  words: string;
  nats: number;
  reading?: FeatureReading | undefined;
}

/** What one source (keyboard, pointer, automation) has said; plain data, so it can be stored. */
export interface SourceState {
  parts: Record<string, Part>;
  /** What each detector said of the newest window; nats before gain and forgetting. */
  detectors?: Record<string, { score: number; nats: number }> | undefined;
  /** Evidence windows in memory, forgotten like the evidence itself. */
  windows: number;
  /** How ready the profile was, 0 to 1, at the last window. */
  readiness: number;
  atMs: number;
}
export type RiskState = { readonly [Source in WindowEvidence["source"]]?: SourceState | undefined };

/** Parts weaker than this are no longer told apart, nats; nor are more than so many of one source. */
const NAMELESS_NATS = 0.02;
const PARTS_NAMED = 40;
const REST_KEY = "rest";
/** Of the strongest features the numbers are kept, of the others the words. */
const READINGS_KEPT = 5;

/**
 * The belief after one more window: standing evidence is forgotten a little, the window's nats are
 * added, the sum is bounded. Linear, so every reason keeps its own share.
 */
export function addEvidence(
  state: RiskState,
  evidence: WindowEvidence,
  readiness: number,
  policy: RiskPolicy,
): RiskState {
  const before = state[evidence.source];
  const { gain, retention } = policy.sources[evidence.source];
  const kept = before ? retention * faded(before, evidence.endMs, policy) : 0;
  const parts: SourceState["parts"] = {};
  for (const [key, part] of Object.entries(before?.parts ?? {})) {
    parts[key] = { ...part, nats: kept * part.nats };
  }
  for (const { key, words, nats, reading } of evidence.parts) {
    const sum = (parts[key]?.nats ?? 0) + gain * nats;
    parts[key] = { words, nats: sum, ...reading ? { reading } : {} };
  }
  const hasDetectors = Object.keys(evidence.detectors).length > 0;
  return {
    ...state,
    [evidence.source]: {
      parts: bounded(withStrongestReadings(gatherNameless(parts)), policy.bounds),
      ...hasDetectors ? { detectors: { ...evidence.detectors } } : {},
      windows: kept * (before?.windows ?? 0) + 1,
      readiness,
      atMs: Math.max(before?.atMs ?? 0, evidence.endMs),
    },
  };
}

/** Reads the belief at `atMs`, ms by the events' clock. */
export function readRisk(state: RiskState, atMs: number, policy: RiskPolicy): Risk {
  const reasons: Reason[] = [];
  let doubt = 1;
  for (const [source, said] of Object.entries(state)) {
    if (!said) continue;
    const fade = faded(said, atMs, policy);
    for (const [key, part] of Object.entries(said.parts)) {
      reasons.push({ source: source as Reason["source"], key, ...part, nats: part.nats * fade });
    }
    doubt *= 1 - said.readiness * (1 - 0.5 ** (said.windows * fade));
  }
  reasons.sort((a, b) => Math.abs(b.nats) - Math.abs(a.nats));
  const evidenceNats = reasons.reduce((sum, { nats }) => sum + nats, 0);
  const logOdds = Math.log(policy.prior / (1 - policy.prior)) + evidenceNats;
  return { risk: 100 / (1 + Math.exp(-logOdds)), confidence: 1 - doubt, evidenceNats, reasons };
}

function faded(said: SourceState, atMs: number, policy: RiskPolicy): number {
  return 0.5 ** (Math.max(0, atMs - said.atMs) / policy.halfLifeMs);
}

function gatherNameless(parts: SourceState["parts"]): SourceState["parts"] {
  const named = Object.entries(parts)
    .filter(([key, { nats }]) => key !== REST_KEY && Math.abs(nats) >= NAMELESS_NATS);
  const kept = new Set(strongest(named, PARTS_NAMED));
  const after: SourceState["parts"] = {};
  let restNats = parts[REST_KEY]?.nats ?? 0;
  for (const [key, part] of Object.entries(parts)) {
    if (key === REST_KEY) continue;
    if (kept.has(key)) after[key] = part;
    else restNats += part.nats;
  }
  after[REST_KEY] = { words: "all other features", nats: restNats };
  return after;
}

/** Keys of so many parts that weigh most. */
function strongest(parts: readonly (readonly [string, Part])[], count: number): string[] {
  return parts.toSorted(([, a], [, b]) => Math.abs(b.nats) - Math.abs(a.nats)).slice(0, count)
    .map(([key]) => key);
}

function withStrongestReadings(parts: SourceState["parts"]): SourceState["parts"] {
  const read = Object.entries(parts).filter(([, { reading }]) => reading);
  const kept = new Set(strongest(read, READINGS_KEPT));
  return Object.fromEntries(
    Object.entries(parts).map(([key, part]) => {
      const { words, nats } = part;
      return [key, kept.has(key) ? part : { words, nats }];
    }),
  );
}

function bounded(parts: SourceState["parts"], [low, high]: RiskPolicy["bounds"]) {
  const sum = Object.values(parts).reduce((total, { nats }) => total + nats, 0);
  const scale = sum < low ? low / sum : sum > high ? high / sum : 1;
  if (scale === 1) return parts;
  return Object.fromEntries(
    Object.entries(parts).map(([key, part]) => [key, { ...part, nats: part.nats * scale }]),
  );
}
