/** Who enrols with what, and who is held against whom. */
import { GaitkeeperError } from "../../core/error.ts";
import { type Random } from "../../core/random.ts";
import type { TraceSession } from "../../core/trace.ts";
import { readSubjects } from "../training/trace_file.ts";

export interface TrialOptions {
  readonly enrol: string;
  readonly probe: string;
  /** Of one file: each subject's first sessions by name enrol. */
  readonly enrolSessions?: number | undefined;
  /** Of one file: sessions whose name holds this enrol. */
  readonly enrolMatch?: string | undefined;
  /** Consecutive probes joined to one. */
  readonly pool: number;
  /** Takes part. */
  readonly admits: (subject: string) => boolean;
}

/** Consecutive sessions of one person, taken as one. */
export interface Probe {
  /** Whose file it is; of a labelled probe, who is claimed. */
  readonly subject: string;
  readonly sessions: readonly TraceSession[];
  /** Present where the file says whose hand it was: it is then held against `subject` alone. */
  readonly genuine?: boolean;
}

export interface Enrolled {
  readonly subject: string;
  readonly sessions: readonly TraceSession[];
}

export interface Trials {
  readonly enrolled: readonly Enrolled[];
  /** By subject, in the order of their names. */
  readonly probes: ReadonlyMap<string, readonly Probe[]>;
}

/**
 * Reads who takes part.
 * @throws {GaitkeeperError} `trace_invalid`, `request_invalid`
 */
export async function readTrials(options: TrialOptions): Promise<Trials> {
  const { enrol, probe, enrolSessions, enrolMatch, pool, admits } = options;
  if (enrol !== probe) {
    return arrange(await readSubjects(enrol), await readSubjects(probe), pool, admits);
  }
  if ((enrolSessions === undefined) === (enrolMatch === undefined)) {
    throw new GaitkeeperError(
      "request_invalid",
      "Cannot evaluate: of one file, --enrol-sessions or --enrol-match must be given, and not both",
    );
  }
  const [enrolling, probing] = [
    new Map<string, TraceSession[]>(),
    new Map<string, TraceSession[]>(),
  ];
  for (const [subject, sessions] of await readSubjects(enrol)) {
    const enrols = (session: TraceSession, place: number) =>
      enrolMatch === undefined ? place < enrolSessions! : session.session.includes(enrolMatch);
    enrolling.set(subject, sessions.filter(enrols));
    probing.set(subject, sessions.filter((session, place) => !enrols(session, place)));
  }
  return arrange(enrolling, probing, pool, admits);
}

function arrange(
  enrolling: ReadonlyMap<string, readonly TraceSession[]>,
  probing: ReadonlyMap<string, readonly TraceSession[]>,
  pool: number,
  admits: (subject: string) => boolean,
): Trials {
  const enrolled = [...enrolling]
    .filter(([subject, sessions]) => sessions.length && admits(subject))
    .map(([subject, sessions]) => ({ subject, sessions }));
  const probes = new Map<string, Probe[]>();
  for (const [subject, sessions] of probing) {
    if (admits(subject)) probes.set(subject, pooled(subject, sessions, pool));
  }
  if (!enrolled.length) {
    throw new GaitkeeperError("trace_invalid", "Cannot evaluate: somebody must be enrolled");
  }
  return { enrolled, probes };
}

/** Joins consecutive sessions; of one label, where they carry any. Fewer than `pool` are left out. */
export function pooled(subject: string, sessions: readonly TraceSession[], pool: number): Probe[] {
  return [undefined, true, false].flatMap((genuine) => {
    const alike = sessions.filter((session) => session.genuine === genuine);
    return Array.from({ length: Math.floor(alike.length / pool) }, (_, i) => ({
      subject,
      sessions: alike.slice(i * pool, (i + 1) * pool),
      ...genuine === undefined ? {} : { genuine },
    }));
  });
}

/** One comparison to be made, by places in the trials. */
export interface Comparison {
  readonly probe: Probe;
  readonly genuine: boolean;
}

/**
 * What is held against one profile: the subject's own probes, one random probe of every other
 * subject, and the probes that name this subject with a label.
 */
export function comparisonsOf(
  subject: string,
  probes: Trials["probes"],
  random: Random,
): Comparison[] {
  const chosen: Comparison[] = [];
  for (const [owner, theirs] of probes) {
    const unlabelled = theirs.filter(({ genuine }) => genuine === undefined);
    if (owner === subject) {
      chosen.push(...theirs.map((probe) => ({ probe, genuine: probe.genuine ?? true })));
    } else if (unlabelled.length) {
      const probe = unlabelled[Math.floor(random() * unlabelled.length)]!;
      chosen.push({ probe, genuine: false });
    }
  }
  return chosen;
}
