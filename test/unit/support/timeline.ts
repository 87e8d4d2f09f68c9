import { parseAlerts } from '../../../src/core/alerts/config.ts';
import { evaluate, seenSince } from '../../../src/core/alerts/evaluate.ts';
import type { Notice } from '../../../src/core/alerts/notice.ts';
import type { InsightsOf } from '../../../src/core/alerts/single.ts';
import { type FileState, newState, readState } from '../../../src/core/alerts/state.ts';
import type { RunSummary } from '../../../src/core/model.ts';
import { runOf } from './runs.ts';

export const minute = 60_000;
/** The time at which the pictures begin. */
export const zero = 1_800_000_000_000;

/** A run by the minutes of its start and end, counted from the beginning. */
export function at(
  start: number,
  end: number | undefined,
  part: Partial<RunSummary> = {},
): RunSummary {
  const [from, to] = [zero + start * minute, end === undefined ? undefined : zero + end * minute];
  const status = part.status ?? (to === undefined ? 'running' : 'ok');
  return runOf(part.runId ?? `${part.name ?? 'agent'}-${start}`, {
    ...{ start: from, end: to, lastActivity: to ?? from, status },
    ...(status === 'error' && { error: 'boom', failingSpanId: 'failing' }),
    ...part,
  });
}

/** A run each minute, failed where `fails` says so. */
export const eachMinute = (
  from: number,
  to: number,
  fails: (at: number) => boolean,
  part: Partial<RunSummary> = {},
): readonly RunSummary[] =>
  Array.from({ length: to - from }, (_, i) => from + i).map(start =>
    at(start, start + 0.5, { ...part, status: fails(start) ? 'error' : 'ok' }),
  );
export const never = () => false;

interface Told {
  readonly minute: number;
  readonly notice: Notice;
}

/** A monitor that looks at a history as far as it was written at the time. */
export class Monitor {
  state: FileState;
  readonly told: Told[] = [];
  readonly rules;
  private readonly runs: readonly RunSummary[];
  private readonly insightsOf: InsightsOf;

  constructor(
    rules: object | readonly object[],
    runs: readonly RunSummary[],
    insightsOf: InsightsOf = () => [],
  ) {
    const text = JSON.stringify({ rules: Array.isArray(rules) ? rules : [rules] });
    const { config, problems } = parseAlerts(text);
    if (problems.length > 0) throw new Error(problems.map(one => one.message).join(' '));
    this.rules = config.rules;
    this.runs = runs;
    this.insightsOf = insightsOf;
    this.state = newState(zero);
  }

  /** @param all the runs as they are in the file; otherwise as far as they were written by then */
  look(atMinute: number, all?: readonly RunSummary[]): void {
    const now = zero + atMinute * minute;
    const since = seenSince(this.rules, this.state, now);
    const written = all ?? this.runs.flatMap(run => asWritten(run, now));
    const seen = {
      runs: written.filter(run => (run.lastActivity ?? 0) >= since),
      newest: [...written].sort((a, b) => (b.start ?? 0) - (a.start ?? 0)).slice(0, 1000),
      now,
      staleAfter: 10 * minute,
    };
    const { state, notices } = evaluate(this.rules, this.state, seen, this.insightsOf, '/a.db');
    // As a state file keeps it.
    this.state = readState(JSON.parse(JSON.stringify(state))) as FileState;
    for (const notice of notices) this.told.push({ minute: atMinute, notice });
  }

  /** Looks each minute. */
  watch(from: number, to: number): this {
    for (let one = from; one <= to; one++) this.look(one);
    return this;
  }

  /** `minute kind group`, one for each notification. */
  get says(): readonly string[] {
    return this.told.map(
      ({ minute: when, notice: { kind, group } }) => `${when} ${kind}${group && ` ${group}`}`,
    );
  }
}

/** A run as its file has it at a time; none before its start. */
function asWritten(run: RunSummary, now: number): readonly RunSummary[] {
  if ((run.start ?? 0) > now) return [];
  if (run.end === undefined || run.end <= now) return [run];
  const begun = {
    status: 'running',
    end: undefined,
    error: undefined,
    failingSpanId: undefined,
    lastActivity: run.start,
  } as const;
  return [{ ...run, ...begun }];
}
