/** What the trials over the socket add up to. */
import { quantile } from "../../core/features/vector.ts";
import type { ProbeResult } from "./socket_trial.ts";

/** The bar that the final risk is held to. */
export const LEAST_AUC = 0.95;

export interface TrialsSummary {
  readonly figures: Readonly<Record<string, number | null>>;
  readonly text: string;
  /** Whether the bar is met and every assessment is explained. */
  readonly holds: boolean;
}

export function summariseTrials(results: readonly ProbeResult[]): TrialsSummary {
  const genuine = results.filter(({ isStranger }) => !isStranger);
  const strange = results.filter(({ isStranger }) => isStranger);
  const risks = (list: readonly ProbeResult[]) => list.map(({ finalRisk }) => finalRisk);
  const strokes = strange.flatMap(({ alertedAtStroke }) => alertedAtStroke ?? []);
  const seconds = strange.flatMap(({ alertedAtMs }) => alertedAtMs ?? []).map((ms) => ms / 1000);
  const figures = {
    people: genuine.length,
    ready: share(results, ({ wasReady }) => wasReady),
    aucOfFinalRisk: areaUnderCurve(risks(genuine), risks(strange)),
    genuineAlerted: share(genuine, ({ isAlerted }) => isAlerted),
    strangersAlerted: share(strange, ({ isAlerted }) => isAlerted),
    medianStrokesToAlert: orNull(quantile(strokes, 0.5)),
    medianSecondsToAlert: orNull(quantile(seconds, 0.5)),
    medianGenuineRisk: quantile(risks(genuine), 0.5),
    medianStrangerRisk: quantile(risks(strange), 0.5),
    assessments: results.reduce((sum, { assessments }) => sum + assessments, 0),
    unexplained: results.reduce((sum, { unexplained }) => sum + unexplained, 0),
  };
  const holds = figures.aucOfFinalRisk >= LEAST_AUC && figures.unexplained === 0;
  return { figures, text: textOf(figures, holds), holds };
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

function textOf(figures: TrialsSummary["figures"], holds: boolean): string {
  const percent = (value: number | null) => `${(100 * value!).toFixed(1)} %`;
  const number = (value: number | null, digits: number) => value?.toFixed(digits) ?? "none";
  const { aucOfFinalRisk, medianStrokesToAlert, medianSecondsToAlert } = figures;
  return [
    `people                     ${figures.people}, profiles ready ${percent(figures.ready!)}`,
    `AUC of the final risk      ${number(aucOfFinalRisk!, 4)} (at least ${LEAST_AUC})`,
    `genuine sessions alerted   ${percent(figures.genuineAlerted!)}`,
    `strangers alerted          ${percent(figures.strangersAlerted!)}`,
    `median to the alert        ${number(medianStrokesToAlert!, 0)} strokes, ` +
    `${number(medianSecondsToAlert!, 1)} s`,
    `median final risk          ${number(figures.medianGenuineRisk!, 2)} genuine, ` +
    `${number(figures.medianStrangerRisk!, 2)} strangers`,
    `assessments looked at      ${figures.assessments}, unexplained ${figures.unexplained}`,
    holds ? "holds" : "DOES NOT HOLD",
  ].join("\n");
}
