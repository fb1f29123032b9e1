/** The order of sessions in a list of them, and which of them are in it. */
import type { DeviceName, LevelName, SessionRow, StageName } from "../../routes/live/feed.ts";

/** A session that gave nothing for so long is not active any more. */
export const ACTIVE_MS = 5 * 60_000;

export function isActive({ updatedAtMs }: SessionRow, nowMs: number): boolean {
  return nowMs - updatedAtMs < ACTIVE_MS;
}

/** Before any evidence a session is at the lowest level, but nothing has been found to be so. */
export function isJudged({ confidence, level }: SessionRow): boolean {
  return confidence > 0 || level !== "low";
}

/** The active before the others, then the riskiest; among equals the latest, then by id: a stable order. */
export function rankSessions(
  sessions: readonly SessionRow[],
  nowMs: number,
  limit = Infinity,
): SessionRow[] {
  const ranked = sessions.toSorted((a, b) =>
    Number(isActive(b, nowMs)) - Number(isActive(a, nowMs)) ||
    SEVERITY[b.level] - SEVERITY[a.level] || b.risk - a.risk || b.updatedAtMs - a.updatedAtMs ||
    (a.session < b.session ? -1 : 1)
  );
  return limit < ranked.length ? ranked.slice(0, limit) : ranked;
}

/** Unknown stands with high: it asks for a step-up as well. */
const SEVERITY: Readonly<Record<LevelName, number>> = {
  low: 0,
  elevated: 1,
  high: 2,
  unknown: 2,
  critical: 3,
};

export const LEVELS = ["critical", "high", "elevated", "low", "unknown"] as const;
export const STAGES = ["ready", "learning", "cold"] as const;
export const DEVICES = ["mouse", "touch", "pen", "keyboard", "unknown"] as const;

/** What a list is narrowed to; the address of the page says it. */
export interface SessionFilter {
  /** Part of a subject's or a session's id. */
  readonly search: string;
  readonly level?: LevelName | undefined;
  readonly stage?: StageName | undefined;
  readonly device?: DeviceName | "unknown" | undefined;
  /** Those too that are not active any more. */
  readonly ended: boolean;
}

export const NO_FILTER: SessionFilter = { search: "", ended: false };

/** What a query asks for; what it does not spell right is left out. */
export function filterOf(query: URLSearchParams): SessionFilter {
  const one = <Name extends string>(key: string, names: readonly Name[]) =>
    names.find((name) => name === query.get(key));
  return {
    search: (query.get("search") ?? "").trim().slice(0, 128),
    level: one("level", LEVELS),
    stage: one("stage", STAGES),
    device: one("device", DEVICES),
    ended: query.get("show") === "all",
  };
}

/** With its question mark; empty where nothing is asked for. */
export function queryOf({ search, level, stage, device, ended }: SessionFilter): string {
  const query = new URLSearchParams();
  if (search) query.set("search", search);
  if (level) query.set("level", level);
  if (stage) query.set("stage", stage);
  if (device) query.set("device", device);
  if (ended) query.set("show", "all");
  return query.size ? `?${query}` : "";
}

export function isWithin(row: SessionRow, filter: SessionFilter, nowMs: number): boolean {
  const { search, level, stage, device, ended } = filter;
  if (!ended && !isActive(row, nowMs)) return false;
  if (level && (row.level !== level || !isJudged(row))) return false;
  if (stage && stageOf(row) !== stage) return false;
  if (device && (row.device ?? "unknown") !== device) return false;
  if (!search) return true;
  const wanted = search.toLowerCase();
  return row.subject.toLowerCase().includes(wanted) || row.session.toLowerCase().includes(wanted);
}

/** The best of the modalities: one that is ready can judge. */
export function stageOf({ keyboard, pointer }: SessionRow): StageName {
  return STAGES.find((stage) => keyboard === stage || pointer === stage)!;
}
