import { fieldsOf } from '../fields.ts';
import type { RunId, UnixMs } from '../model.ts';

/** An alert that was told of: firing, or over since a while. */
export interface AlertState {
  readonly rule: string;
  /** The name of runs that it is about; empty for all. */
  readonly group: string;
  readonly phase: 'firing' | 'resolved';
  /** When it began to be so. */
  readonly since: UnixMs;
  /** When it was last said. */
  readonly told: UnixMs;
  /** Of a rule about single runs: those that were found since and wait for the cooldown. */
  readonly held: readonly RunId[];
}

/** What a monitor remembers of one trace file. Plain values: it is written down between two looks. */
export interface FileState {
  /** Runs that did nothing since then are history. */
  readonly began: UnixMs;
  /** Where the clock was set back to: what lies before was counted already. */
  readonly floor: UnixMs | undefined;
  /** Runs of before that, by times that are ahead of the clock that it is now. They count no more. */
  readonly past: readonly RunId[];
  readonly evaluated: UnixMs;
  /** By rule and group. */
  readonly alerts: Readonly<Record<string, AlertState>>;
  /** By rule, the runs that were found by it, and when. */
  readonly found: Readonly<Record<string, Readonly<Record<RunId, UnixMs>>>>;
  /** By rule and group, since when nothing ran as far as the monitor saw. */
  readonly quiet: Readonly<Record<string, Quiet>>;
}

export interface Quiet {
  /** The latest activity that was seen; undefined where none was. */
  readonly last: UnixMs | undefined;
  /** Silence counts from here: the activity, or when the monitor came to look. */
  readonly from: UnixMs;
  /** The monitor did not look for a while since the activity, and `from` is when it looked again. */
  readonly slept: boolean;
}

/** A monitor that begins looks back so far. */
export const firstLook = 15 * 60_000;

export const newState = (now: UnixMs, lookBack = firstLook): FileState => ({
  began: now - lookBack,
  floor: undefined,
  past: [],
  evaluated: now,
  alerts: {},
  found: {},
  quiet: {},
});

const isTime = (value: unknown): value is UnixMs =>
  typeof value === 'number' && Number.isFinite(value);

/** A state that was read from a file; undefined where that holds something else. */
export function readState(value: unknown): FileState | undefined {
  const { began, floor, past, evaluated, alerts, found, quiet } = fieldsOf(value);
  if (!isTime(began) || !isTime(evaluated)) return undefined;
  return {
    began,
    floor: isTime(floor) ? floor : undefined,
    past: idsOf(past),
    evaluated,
    alerts: entriesOf(alerts, one => {
      const { rule, group, phase, since, told, held } = fieldsOf(one);
      if (typeof rule !== 'string' || typeof group !== 'string') return undefined;
      if ((phase !== 'firing' && phase !== 'resolved') || !isTime(since) || !isTime(told)) {
        return undefined;
      }
      return { rule, group, phase, since, told, held: idsOf(held) };
    }),
    found: entriesOf(found, one => entriesOf(one, time => (isTime(time) ? time : undefined))),
    quiet: entriesOf(quiet, one => {
      const { last, from, slept } = fieldsOf(one);
      if (!isTime(from)) return undefined;
      return { last: isTime(last) ? last : undefined, from, slept: slept === true };
    }),
  };
}

const idsOf = (value: unknown): readonly RunId[] =>
  Array.isArray(value) ? value.filter(id => typeof id === 'string') : [];

function entriesOf<T>(value: unknown, read: (one: unknown) => T | undefined): Record<string, T> {
  const kept: [string, T][] = [];
  for (const [key, one] of Object.entries(fieldsOf(value))) {
    const known = read(one);
    if (known !== undefined) kept.push([key, known]);
  }
  // Names of runs are keys: `__proto__` may be one, and must stay one.
  return Object.fromEntries(kept);
}

/** Whatever a clock that was set back makes of times that were written down: none is ahead of it. */
export function withClock(state: FileState, now: UnixMs): FileState {
  if (state.evaluated <= now) return state;
  const by = state.evaluated - now;
  const moved = <T>(all: Readonly<Record<string, T>>, move: (one: T) => T): Record<string, T> =>
    Object.fromEntries(Object.entries(all).map(([key, one]) => [key, move(one)]));
  return {
    ...state,
    began: state.began - by,
    floor: now,
    evaluated: now,
    alerts: moved(state.alerts, one => ({ ...one, since: one.since - by, told: one.told - by })),
    found: moved(state.found, runs => moved(runs, time => time - by)),
    // What was active by the clock before must not hide what is by this one.
    quiet: moved(state.quiet, one => ({ ...one, last: undefined, from: one.from - by })),
  };
}
