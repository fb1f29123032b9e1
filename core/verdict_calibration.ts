/**
 * How the risk at which alerts were raised compares with what they turned out to be: of those that were
 * raised at 80, four of five should have been impostors.
 */

/** An alert that somebody has decided about. */
export interface Judged {
  /** 0 to 100, when it was raised. */
  readonly risk: number;
  readonly verdict: "impostor" | "genuine";
}

/** Alerts raised at risks from `from` up to `to`. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly judged: number;
  readonly impostors: number;
  /** Mean risk as a share, and the share that were impostors' (0 to 1); absent where none was judged. */
  readonly expected?: number;
  readonly observed?: number;
  /** 95 % interval of `observed` (Wilson 1927). */
  readonly interval?: readonly [low: number, high: number];
}

export interface VerdictCalibration {
  readonly impostors: number;
  readonly genuine: number;
  readonly bins: readonly ReliabilityBin[];
  /**
   * Log-likelihood-ratio cost (Brümmer and du Preez 2006), bits, of the risks taken at the share of
   * impostors among the judged; 0 is certain and right, 1 says nothing. Absent below {@linkcode ENOUGH}
   * of either.
   */
  readonly cllr?: number;
}

/** Verdicts of each kind below which nothing is computed of them. */
export const ENOUGH = 10;
const BINS = [0, 20, 50, 60, 70, 80, 90, 100] as const;
/** A certainty would cost without end. */
const LEAST_RISK = 0.01;

export function calibrateVerdicts(judged: readonly Judged[]): VerdictCalibration {
  const impostors = judged.filter(({ verdict }) => verdict === "impostor").length;
  const genuine = judged.length - impostors;
  const bins = BINS.slice(1).map((to, i) => binOf(judged, BINS[i]!, to));
  const isEnough = Math.min(impostors, genuine) >= ENOUGH;
  return { impostors, genuine, bins, ...isEnough ? { cllr: cllrOf(judged) } : {} };
}

function binOf(judged: readonly Judged[], from: number, to: number): ReliabilityBin {
  const within = judged.filter(({ risk }) => risk >= from && (risk < to || to === 100));
  const impostors = within.filter(({ verdict }) => verdict === "impostor").length;
  const bin = { from, to, judged: within.length, impostors };
  if (!within.length) return bin;
  const expected = within.reduce((sum, { risk }) => sum + risk / 100, 0) / within.length;
  const observed = impostors / within.length;
  return { ...bin, expected, observed, interval: wilson(observed, within.length) };
}

function cllrOf(judged: readonly Judged[]): number {
  const cost = (of: Judged["verdict"], sign: 1 | -1) => {
    const those = judged.filter(({ verdict }) => verdict === of);
    const prior = Math.log(
      judged.filter(({ verdict }) => verdict === "impostor").length /
        judged.filter(({ verdict }) => verdict === "genuine").length,
    );
    const bits = those.map(({ risk }) => Math.log2(1 + Math.exp(sign * (logOdds(risk) - prior))));
    return bits.reduce((sum, each) => sum + each, 0) / those.length;
  };
  return (cost("genuine", 1) + cost("impostor", -1)) / 2;
}

function logOdds(risk: number): number {
  const share = Math.min(100 - LEAST_RISK, Math.max(LEAST_RISK, risk)) / 100;
  return Math.log(share / (1 - share));
}

/** Of 95 %. */
const Z = 1.96;

function wilson(share: number, count: number): readonly [number, number] {
  const spread = Z ** 2 / count;
  const middle = share + spread / 2;
  const half = Z * Math.sqrt((share * (1 - share) + spread / 4) / count);
  const within = (value: number) => Math.min(1, Math.max(0, value / (1 + spread)));
  return [within(middle - half), within(middle + half)];
}
