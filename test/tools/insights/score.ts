import {
  type Insight,
  type InsightType,
  insightTypes,
} from '../../../src/core/insights/insight.ts';
import { defaultThresholds } from '../../../src/core/insights/thresholds.ts';
import type { RunId } from '../../../src/core/model.ts';
import type { Clock } from '../../../src/core/status.ts';
import type { InsightsRequest } from '../../../src/protocol/analysis.ts';
import type { ReaderApi, TraceSource } from '../../../src/protocol/reader.ts';
import { traceFile } from '../sample/database.ts';
import { type Label, record } from './label.ts';
import { minute, now, type Recording } from './recording.ts';

export const labelClock: Clock = { now, staleAfter: 10 * minute };

/** All that a reader finds about runs of a file, the newest ones where nothing else is asked. */
export async function insightsOf(
  reader: ReaderApi,
  source: TraceSource,
  clock: Clock,
  of: InsightsRequest['of'] = { newest: 200 },
): Promise<readonly Insight[]> {
  const file = source.name;
  await reader.open(file, source);
  try {
    while ((await reader.advance(file)).share !== undefined);
    for (;;) {
      const page = await reader.insights(file, { of, thresholds: defaultThresholds, clock });
      if (page.done >= page.of) return page.insights;
    }
  } finally {
    await reader.close(file);
  }
}

/** What was said about a label's file against what is right. */
export interface Verdict {
  readonly label: Label;
  readonly right: readonly InsightType[];
  /** With where it was looked for in vain. */
  readonly missed: readonly {
    readonly type: InsightType;
    readonly how: 'not found' | 'found elsewhere';
  }[];
  readonly wrong: readonly { readonly insight: Insight; readonly where: 'run' | 'history' }[];
}

/** Of all runs of a label's file: those before the one that it is about are as usual. */
export async function judge(reader: ReaderApi, label: Label): Promise<Verdict> {
  const file = record(label);
  const bytes = await traceFile(file.spans, { schema: 'native' });
  const source = { kind: 'bytes', bytes, name: label.name } as const;
  return verdict(label, file, await insightsOf(reader, source, labelClock));
}

export function verdict(
  label: Label,
  file: Pick<Recording, 'runId' | 'marks'>,
  insights: readonly Insight[],
): Verdict {
  const right: InsightType[] = [];
  const missed: Verdict['missed'][number][] = [];
  const own = insights.filter(({ runId }) => runId === file.runId);
  for (const [type, mark] of Object.entries(label.has ?? {}) as [InsightType, string][]) {
    const found = own.filter(one => one.type === type);
    const spans = file.marks.get(mark);
    if (mark !== '' && !spans) throw new Error(`${label.name}: no span is marked ${mark}`);
    if (found.some(({ spanIds }) => !spans || spanIds.some(id => spans.has(id)))) right.push(type);
    else missed.push({ type, how: found.length > 0 ? 'found elsewhere' : 'not found' });
  }
  const wrong = insights
    .filter(one => isWrong(label, file.runId, one))
    .map(
      insight => ({ insight, where: insight.runId === file.runId ? 'run' : 'history' }) as const,
    );
  return { label, right, missed, wrong };
}

/** `info` never alarms: it is wrong only where just this must not be said. */
function isWrong(label: Label, runId: RunId, { type, severity, ...one }: Insight): boolean {
  if (label.may?.includes(type)) return false;
  if (one.runId === runId && label.has?.[type] !== undefined) return false;
  return severity !== 'info' || (type === label.not && one.runId === runId);
}

export interface Score {
  readonly type: InsightType;
  readonly positives: number;
  readonly negatives: number;
  readonly found: number;
  /** Files in which it was said wrongly. */
  readonly alarms: number;
  readonly precision: number;
  readonly recall: number;
}

export function scores(verdicts: readonly Verdict[]): readonly Score[] {
  const count = (of: (one: Verdict) => boolean): number => verdicts.filter(of).length;
  return insightTypes.map(type => {
    const positives = count(({ label }) => label.has?.[type] !== undefined);
    const negatives = count(({ label }) => label.not === type);
    const found = count(({ right }) => right.includes(type));
    const alarms = count(({ wrong }) => wrong.some(({ insight }) => insight.type === type));
    const share = (of: number): number => (of === 0 ? 1 : found / of);
    const [precision, recall] = [share(found + alarms), share(positives)];
    return { type, positives, negatives, found, alarms, precision, recall };
  });
}

/** Every miss and every false alarm, a line each. */
export function mistakes(verdicts: readonly Verdict[]): readonly string[] {
  return verdicts.flatMap(({ label, missed, wrong }) => [
    ...missed.map(({ type, how }) => `miss   ${type} ${how} in “${label.name}”`),
    ...wrong.map(({ insight, where }) => {
      const { type, severity, said } = insight;
      const words = [said.word, ...said.values].join(' ').slice(0, 120);
      return `alarm  ${type} (${severity}) in the ${where} of “${label.name}”: ${words}`;
    }),
  ]);
}
