import type { InsightType, Severity } from '../insights/insight.ts';
import { insightTypes, severities } from '../insights/insight.ts';
import type { Ms, Usd } from '../model.ts';
import { required, type Slot } from './fields.ts';

interface Common {
  /** Tells rules apart; notifications and the state carry it. */
  readonly id: string;
  /** Names of runs, with `*` for anything; undefined for all. */
  readonly runs: string | undefined;
  /** One alert for each name of run. */
  readonly perName: boolean;
  readonly severity: AlertSeverity;
  /** After a notification, what would be another one of the same alert waits for so long. */
  readonly cooldown: Ms;
  /** So long after the last one, that it still is so is said again; undefined: never. */
  readonly remindAfter: Ms | undefined;
}

export const alertSeverities = ['critical', 'error', 'warning', 'info'] as const;
export type AlertSeverity = (typeof alertSeverities)[number];

export type Rule = Common &
  (
    | {
        readonly type: 'failure-rate';
        readonly window: Ms;
        readonly above: number;
        readonly minimumRuns: number;
      }
    | { readonly type: 'run-failed' }
    | { readonly type: 'run-cost'; readonly above: Usd }
    | { readonly type: 'window-cost'; readonly window: Ms; readonly above: Usd }
    | { readonly type: 'cost-spike'; readonly times: number; readonly minimumRuns: number }
    | {
        readonly type: 'latency';
        readonly window: Ms;
        readonly percentile: number;
        readonly above: Ms;
        readonly minimumRuns: number;
      }
    | { readonly type: 'loop' }
    | {
        readonly type: 'insight';
        readonly insights: readonly InsightType[] | undefined;
        readonly atLeast: Severity;
      }
    | { readonly type: 'no-runs'; readonly for: Ms }
  );
export type RuleType = Rule['type'];
export type RuleOf<T extends RuleType> = Extract<Rule, { type: T }>;

const duration = (about: string, otherwise: unknown, least = '10s', most = '30d') =>
  ({ kind: 'duration', about, least, most, otherwise }) as const;
const dollars = (about: string) =>
  ({ kind: 'number', about, least: 0, most: 1e9, above: true, otherwise: required }) as const;
const runCount = (about: string, otherwise: number) =>
  ({ kind: 'number', about, least: 1, most: 100_000, whole: true, otherwise }) as const;

const idPattern = '^[\\w.-]{1,60}$';

/** What every rule has. */
export const commonFields = {
  id: {
    kind: 'text',
    about: 'Tells this rule from others of its type. Default: the type.',
    pattern: idPattern,
    says: 'An id is expected: 1 to 60 letters, digits, “.”, “_” or “-”.',
    otherwise: undefined,
  },
  runs: {
    kind: 'text',
    about: 'Names of runs that count, with * for anything. Default: all.',
    pattern: '^[^\\u0000-\\u001f]{1,300}$',
    says: 'A name of runs is expected, with * for anything.',
    otherwise: undefined,
  },
  perName: { kind: 'flag', about: 'One alert for each name of run.', otherwise: false },
  severity: {
    kind: 'choice',
    about: 'How grave it is; PagerDuty has the same four.',
    of: alertSeverities,
    otherwise: 'error',
  },
  cooldown: duration('After a notification, the next one of the same alert waits so long.', '10m'),
  remindAfter: duration(
    'How long after the last one it is said again. Default: never.',
    undefined,
    '1m',
  ),
} as const satisfies Record<string, Slot>;

/** What each type of rule has besides. */
export const ruleFields = {
  'failure-rate': {
    window: duration('Runs that ended within it count.', '5m'),
    above: {
      kind: 'number',
      about: 'The share of failed runs, from 0 to 1, above which it alerts.',
      least: 0,
      most: 0.9999,
      otherwise: 0.2,
    },
    minimumRuns: runCount('Runs that must have ended; of fewer, nothing is concluded.', 5),
  },
  'run-failed': {},
  'run-cost': { above: dollars('US dollars that one run may cost.') },
  'window-cost': {
    window: duration('Runs that were active within it count.', '1h'),
    above: dollars('US dollars that the runs of the window may cost together.'),
  },
  'cost-spike': {
    times: {
      kind: 'number',
      about: 'How many times the usual cost (median) of runs of its name.',
      least: 1,
      most: 10_000,
      above: true,
      otherwise: 10,
    },
    minimumRuns: runCount('Runs of the name that must be known before.', 5),
  },
  latency: {
    window: duration('Runs that ended within it count.', '15m'),
    percentile: {
      kind: 'number',
      about: 'Of the durations of runs.',
      least: 1,
      most: 100,
      otherwise: 99,
    },
    above: duration('How long the percentile may be.', required, '1s'),
    minimumRuns: runCount('Runs that must have ended; of fewer, nothing is concluded.', 20),
  },
  loop: {},
  insight: {
    insights: {
      kind: 'choices',
      about: 'Types of insights. Default: all.',
      of: insightTypes,
      otherwise: undefined,
    },
    atLeast: {
      kind: 'choice',
      about: 'The least severity of an insight.',
      of: severities,
      otherwise: 'warning',
    },
  },
  'no-runs': { for: duration('How long no run may have been active.', required, '1m') },
} as const satisfies Record<RuleType, Record<string, Slot>>;

export const ruleTypes = Object.keys(ruleFields) as readonly RuleType[];

/** Whether a name is among those that a rule is about. */
export function nameTest(rule: Pick<Rule, 'runs'>): (name: string) => boolean {
  const { runs } = rule;
  if (runs === undefined) return () => true;
  const parts = runs.split('*');
  if (parts.length === 1) return name => name === runs;
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  // Without an expression: one made of many stars would take very long on a hostile name.
  return name => {
    if (!name.startsWith(first) || !name.endsWith(last)) return false;
    let from = first.length;
    const end = name.length - last.length;
    for (const part of parts.slice(1, -1)) {
      const at = name.indexOf(part, from);
      if (at < 0) return false;
      from = at + part.length;
    }
    return from <= end;
  };
}
