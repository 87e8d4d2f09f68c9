// A day of an agent, made up: what runs, what goes wrong, and from when on a rule has to say so. The latter is
// worked out from the runs by plain loops, not by the code that is tried.
import type { StatementSync } from 'node:sqlite';

export const spansPerRun = 20;
const runs = 50_000;
const minute = 60_000;
const hours = 60;

export const rules = [
  { type: 'failure-rate', window: '5m', above: 0.2, minimumRuns: 20 },
  {
    type: 'failure-rate',
    id: 'rate-of-name',
    perName: true,
    window: '30m',
    above: 0.4,
    minimumRuns: 20,
  },
  { type: 'run-failed', runs: 'nightly' },
  { type: 'run-cost', above: 5 },
  { type: 'window-cost', window: '1h', above: 100 },
  { type: 'cost-spike', times: 10, runs: 'agent_*' },
  { type: 'latency', window: '15m', percentile: 99, above: '2m', minimumRuns: 100 },
  { type: 'loop' },
  { type: 'no-runs', for: '20m' },
];

export interface DayRun {
  readonly id: number;
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly failed: boolean;
  readonly cost: number;
  readonly loops: boolean;
}

export interface Day {
  readonly begins: number;
  /** In the order of their ends, as they are written. */
  readonly runs: readonly DayRun[];
}

/** A run costs up to 1.5 times the median: no single one of a surge comes to ten times what is usual for its name. */
const surgeTimes = 5;

/** Minutes of the day. */
const incidents = {
  burst: { from: 3 * hours, to: 3 * hours + 10 },
  slow: { from: 6 * hours, to: 6 * hours + 20 },
  dear: 8 * hours + 30,
  surge: { from: 10 * hours, to: 10 * hours + 30 },
  loop: 13 * hours + 7,
  dead: { from: 16 * hours, to: 16 * hours + 45 },
  nightly: 19 * hours + 3,
  ofName: { from: 21 * hours, to: 21 * hours + 40 },
} as const;

const within = (at: number, { from, to }: { readonly from: number; readonly to: number }) =>
  at >= from && at < to;

export function dayOf(next: () => number): Day {
  const begins = Date.UTC(2026, 10, 27);
  const all: DayRun[] = [];
  for (let id = 0; id < runs; id++) {
    const at = ((id + next()) / runs) * 24 * 60;
    if (within(at, incidents.dead)) continue;
    const name = `agent_${Math.floor(next() * 6)}`;
    const badName = within(at, incidents.ofName) && name === 'agent_3';
    const failed = next() < (within(at, incidents.burst) ? 0.5 : badName ? 0.7 : 0.03);
    const usual = (2 + 20 * next() * next()) * 1000;
    const took = within(at, incidents.slow) && next() < 0.05 ? 150_000 + usual : usual;
    const cost = 0.02 * (0.5 + next()) * (within(at, incidents.surge) ? surgeTimes : 1);
    const start = begins + at * minute;
    all.push({ id, name, start, end: start + took, failed, cost, loops: false });
  }
  const one = (at: number, part: Partial<DayRun>): void => {
    const start = begins + at * minute;
    const plain = { name: 'agent_1', failed: false, cost: 0.02, loops: false };
    all.push({ id: all.length + runs, start, end: start + 5000, ...plain, ...part });
  };
  one(incidents.dear, { cost: 6 });
  one(incidents.loop, { loops: true });
  for (let hour = 1; hour < 24; hour += 6) one(hour * hours + 3, { name: 'nightly' });
  one(incidents.nightly, { name: 'nightly', failed: true });
  return { begins, runs: all.sort((a, b) => a.end - b.end) };
}

export function writeRun(insert: StatementSync, run: DayRun): void {
  const { id, name, start, end, failed, cost, loops } = run;
  const step = (end - start) / spansPerRun;
  for (let place = 0; place < spansPerRun; place++) {
    const isRoot = place === 0;
    const isCall = place % 2 === 1;
    const isLast = place === spansPerRun - 2;
    const from = start + place * step;
    const metadata = isRoot
      ? {}
      : isCall
        ? { request: { messages: [{ role: 'user', content: `task ${id} step ${place}` }] } }
        : {
            tool_name: 'lookup',
            tool_input: { key: loops ? 'same' : `${id}-${place}` },
            tool_result: loops ? 'nothing' : `value ${id} ${place}`,
          };
    insert.run(
      `s${id}-${place}`,
      `r${id}`,
      isRoot ? null : `s${id}-0`,
      isRoot ? name : isCall ? 'llm_call' : 'tool',
      from / 1000,
      (isRoot ? end : from + step * 0.9) / 1000,
      failed && (isRoot || isLast) ? 'error' : 'ok',
      isCall ? 1000 : 0,
      isCall ? 100 : 0,
      isCall ? cost / 10 : 0,
      isCall ? 'claude-haiku-4-5' : '',
      JSON.stringify(metadata),
      failed && (isRoot || isLast) ? 'boom' : null,
    );
  }
}

export interface Expected {
  readonly what: string;
  readonly rule: string;
  readonly group: string;
  /** The first look at which it holds. */
  readonly at: number;
}

export function expectedOf({ begins, runs: all }: Day): readonly Expected[] {
  /** Runs that had ended at a look, within so many minutes before it. */
  const ended = (at: number, window: number, name?: string): readonly DayRun[] => {
    const now = begins + at * minute;
    return all.filter(
      run =>
        run.end <= now &&
        run.end > now - window * minute &&
        (name === undefined || run.name === name),
    );
  };
  const first = (from: number, holds: (at: number) => boolean): number => {
    for (let at = from; at < from + 90; at++) if (holds(at)) return at;
    return Number.NaN;
  };
  const rate = (some: readonly DayRun[]): number =>
    some.filter(run => run.failed).length / some.length;
  const p99 = (some: readonly DayRun[]): number =>
    some.map(run => run.end - run.start).sort((a, b) => a - b)[Math.ceil(some.length * 0.99) - 1] ??
    0;
  const sum = (some: readonly DayRun[]): number => some.reduce((total, run) => total + run.cost, 0);
  const endOf = (is: (run: DayRun) => boolean): number =>
    Math.ceil(((all.find(is)?.end ?? Number.NaN) - begins) / minute);
  const last = all.filter(run => run.end <= begins + incidents.dead.to * minute - 60_000).at(-1);
  const silentFrom = (last?.end ?? 0) - begins;
  const { burst, slow, surge, ofName } = incidents;
  const of = (what: string, rule: string, at: number, group = ''): Expected => ({
    what,
    rule,
    group,
    at,
  });
  return [
    of(
      'half of all runs fail for 10 minutes',
      'failure-rate',
      first(burst.from, at => rate(ended(at, 5)) > 0.2),
    ),
    of(
      'one run in twenty takes 2.5 minutes more',
      'latency',
      first(slow.from, at => p99(ended(at, 15)) > 120_000),
    ),
    of(
      'a run costs 6 dollars',
      'run-cost',
      endOf(run => run.cost > 5),
    ),
    of(
      'the same, against the usual of its name',
      'cost-spike',
      endOf(run => run.cost > 5),
    ),
    of(
      `everything costs ${surgeTimes} times as much`,
      'window-cost',
      first(surge.from, at => sum(ended(at, 60)) > 100),
    ),
    of(
      'a run calls a tool ten times for nothing',
      'loop',
      endOf(run => run.loops),
    ),
    of('the agent is dead', 'no-runs', Math.floor(silentFrom / minute + 20) + 1),
    of(
      'a nightly run fails',
      'run-failed',
      endOf(run => run.failed && run.name === 'nightly'),
    ),
    of(
      'one agent of six fails',
      'rate-of-name',
      first(ofName.from, at => rate(ended(at, 30, 'agent_3')) > 0.4),
      'agent_3',
    ),
  ];
}
