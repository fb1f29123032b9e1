/** What the trials over the socket add up to. */
import { quantile } from "../../core/features/vector.ts";
import type { ProbeResult } from "./socket_trial.ts";

/** The bar that the final risk is held to, by modality; there is none for the pointer yet. */
export const LEAST_AUC: Readonly<Record<string, number>> = { keyboard: 0.95 };

export interface TrialsSummary {
  readonly figures: Readonly<Record<string, number | null>>;
  readonly text: string;
  /** Whether the bar is met and every assessment is explained. */
  readonly holds: boolean;
}

export function summariseTrials(
  results: readonly ProbeResult[],
  leastAuc: number | undefined,
): TrialsSummary {
  const genuine = results.filter(({ isStranger }) => !isStranger);
  const strange = results.filter(({ isStranger }) => isStranger);
  const risks = (list: readonly ProbeResult[]) => list.map(({ finalRisk }) => finalRisk);
  const strokes = strange.flatMap(({ alertedAtStroke }) => alertedAtStroke || []);
  const seconds = strange.flatMap(({ alertedAtMs }) => alertedAtMs ?? []).map((ms) => ms / 1000);
  const figures = {
    people: genuine.length,
    probes: results.length,
    ready: share(results, ({ wasReady }) => wasReady),
    aucOfFinalRisk: areaUnderCurve(risks(genuine), risks(strange)),
    genuineAlerted: share(genuine, ({ isAlerted }) => isAlerted),
    strangersAlerted: share(strange, ({ isAlerted }) => isAlerted),
    medianStrokesToAlert: orNull(quantile(strokes, 0.5)),
    medianSecondsToAlert: orNull(quantile(seconds, 0.5)),
    medianGenuineRisk: quantile(risks(genuine), 0.5),
    medianStrangerRisk: quantile(risks(strange), 0.5),
    windowsLearnedOfStrangers: strange.reduce((sum, { learned }) => sum + learned, 0),
    assessments: results.reduce((sum, { assessments }) => sum + assessments, 0),
    unexplained: results.reduce((sum, { unexplained }) => sum + unexplained, 0),
  };
  const holds = figures.aucOfFinalRisk >= (leastAuc ?? 0) && figures.unexplained === 0;
  const bar = leastAuc === undefined ? "" : ` (at least ${leastAuc})`;
  return { figures, text: textOf(figures, bar, holds), holds };
}

/**
 * Share of pairs in which the stranger's score is above the genuine one's, ties as half (Mann and
 * Whitney 1947); 0.5 is chance.
 */
export function areaUnderCurve(genuine: readonly number[], strange: readonly number[]): number {
  let sum = 0;
  for (const own of genuine) {
    for (const other of strange) sum += other > own ? 1 : other === own ? 0.5 : 0;
  }
  return sum / (genuine.length * strange.length);
}

function share(list: readonly ProbeResult[], isOne: (result: ProbeResult) => boolean): number {
  return list.filter(isOne).length / list.length;
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function textOf(figures: TrialsSummary["figures"], bar: string, holds: boolean): string {
  const percent = (value: number | null) => `${(100 * value!).toFixed(1)} %`;
  const number = (value: number | null, digits: number) => value?.toFixed(digits) ?? "none";
  const { aucOfFinalRisk, medianStrokesToAlert, medianSecondsToAlert } = figures;
  return [
    `people                     ${figures.people}, ${figures.probes} probes, ` +
    `profiles ready ${percent(figures.ready!)}`,
    `AUC of the final risk      ${number(aucOfFinalRisk!, 4)}${bar}`,
    `genuine sessions alerted   ${percent(figures.genuineAlerted!)}`,
    `strangers alerted          ${percent(figures.strangersAlerted!)}`,
    `median to the alert        ${number(medianSecondsToAlert!, 1)} s` +
    (medianStrokesToAlert ? `, ${medianStrokesToAlert} strokes` : ""),
    `median final risk          ${number(figures.medianGenuineRisk!, 2)} genuine, ` +
    `${number(figures.medianStrangerRisk!, 2)} strangers`,
    `learned of strangers       ${figures.windowsLearnedOfStrangers} windows`,
    `assessments looked at      ${figures.assessments}, unexplained ${figures.unexplained}`,
    holds ? "holds" : "DOES NOT HOLD",
  ].join("\n");
}
