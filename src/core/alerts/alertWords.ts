import { oneLine } from '../describe.ts';
import { fillIn } from '../errors.ts';
import { formatCost, formatDuration, formatShare, integer } from '../format.ts';
import { formatTimes } from '../insights/times.ts';
import type { Figures, Notice } from './notice.ts';

/** What alerts say. `{0}`, `{1}` stand for figures and names. */
export const alertWords = {
  firing: 'Alert',
  still: 'Still firing',
  resolved: 'Resolved',
  failureRate: '{0} of {1} runs failed within {2} ({3}; the limit is {4})',
  windowCost: '{0} runs cost {1} within {2} (the limit is {3})',
  latency: 'p{0} of {1} runs within {2} is {3} (the limit is {4})',
  noRuns: 'No run was active for {0}',
  runFailed: 'A run failed',
  runsFailed: '{0} runs failed',
  runCost: 'A run cost more than {0}',
  runsCost: '{0} runs cost more than {1}',
  costSpike: 'A run cost {0} what is usual, or more',
  costSpikes: '{0} runs cost {1} what is usual, or more',
  loop: 'A run is in a loop',
  loops: '{0} runs are in a loop',
  insight: 'Something stands out in a run',
  insights: 'Something stands out in {0} runs',
  overRate: 'The failure rate is below the limit: {0} of {1} runs within {2}',
  overCost: 'The cost is below the limit: {0} within {1}',
  overLatency: 'The latency is below the limit: p{0} is {1}',
  overQuiet: 'Runs are active again',
  overSingle: 'No other run within the cooldown',
  overRule: 'The rule is not there any more',
  ofRuns: 'in {0}',
} as const;
export type AlertWords = Readonly<Record<keyof typeof alertWords, string>>;

/** What happened, in one sentence without an end. Names of runs are recorded: they stay on their line. */
export function noticeTitle(notice: Notice, words: AlertWords = alertWords): string {
  const { kind, figures, group } = notice;
  const said = kind === 'resolved' ? over(figures, words) : began(figures, words);
  const of = group === '' ? '' : ` ${fillIn(words.ofRuns, [oneLine(group, 100)])}`;
  return `${words[kind]}: ${said}${of}`;
}

function began(figures: Figures | undefined, words: AlertWords): string {
  if (!figures) return words.overRule;
  switch (figures.type) {
    case 'failure-rate': {
      const { failed, ended, window, above } = figures;
      return fillIn(words.failureRate, [
        ...[integer(failed), integer(ended), formatWindow(window)],
        ...[formatShare(failed / ended), formatShare(above)],
      ]);
    }
    case 'window-cost': {
      const { counted, cost, window, above } = figures;
      const values = [integer(counted), formatCost(cost), formatWindow(window), formatCost(above)];
      return fillIn(words.windowCost, values);
    }
    case 'latency': {
      const { percentile, ended, window, value, above } = figures;
      return fillIn(words.latency, [
        ...[String(percentile), integer(ended), formatWindow(window)],
        ...[formatDuration(value), formatDuration(above)],
      ]);
    }
    case 'no-runs':
      return fillIn(words.noRuns, [formatDuration(figures.silent)]);
    default:
      return ofSingle(figures, words);
  }
}

const pairs = {
  'run-failed': ['runFailed', 'runsFailed'],
  'run-cost': ['runCost', 'runsCost'],
  'cost-spike': ['costSpike', 'costSpikes'],
  loop: ['loop', 'loops'],
  insight: ['insight', 'insights'],
} as const;

function ofSingle(
  { type, runs, above }: Extract<Figures, { runs: number }>,
  words: AlertWords,
): string {
  const [one, many] = pairs[type];
  const limit =
    above === undefined ? [] : [type === 'run-cost' ? formatCost(above) : formatTimes(above)];
  return runs === 1 ? fillIn(words[one], limit) : fillIn(words[many], [integer(runs), ...limit]);
}

function over(figures: Figures | undefined, words: AlertWords): string {
  if (!figures) return words.overRule;
  switch (figures.type) {
    case 'failure-rate': {
      const { failed, ended, window } = figures;
      return fillIn(words.overRate, [integer(failed), integer(ended), formatWindow(window)]);
    }
    case 'window-cost':
      return fillIn(words.overCost, [formatCost(figures.cost), formatWindow(figures.window)]);
    case 'latency':
      return fillIn(words.overLatency, [String(figures.percentile), formatDuration(figures.value)]);
    case 'no-runs':
      return words.overQuiet;
    default:
      return words.overSingle;
  }
}

/** As it was written: `5m`, not `5m 00s`. */
function formatWindow(ms: number): string {
  for (const [unit, length] of [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
  ] as const) {
    if (ms % length === 0) return `${ms / length}${unit}`;
  }
  return `${ms / 1000}s`;
}
