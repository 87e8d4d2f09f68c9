import assert from 'node:assert/strict';
import {
  type Insight,
  type InsightType,
  insightTypes,
  type Severity,
} from '../../src/core/insights/insight.ts';
import { localReader } from '../../src/node/localReader.ts';
import { cases } from '../tools/insights/cases.ts';
import { type Label, no, record, yes } from '../tools/insights/label.ts';
import {
  insightsOf,
  labelClock,
  mistakes,
  scores,
  type Verdict,
  verdict,
} from '../tools/insights/score.ts';
import { traceFile } from '../tools/sample/database.ts';
import { insightsInMemory } from '../unit/support/labelledRuns.ts';
import { dist } from '../unit/support/traceDb.ts';

describe('labelled runs', () => {
  it('are at least ten for and ten against each type of insight, each with a name of its own', () => {
    for (const { type, positives, negatives } of scores(
      cases.map(label => verdict(label, marked(label), [])),
    )) {
      assert.ok(positives >= 10 && negatives >= 10, `${type}: ${positives} and ${negatives}`);
    }
    assert.equal(new Set(cases.map(({ name }) => name)).size, cases.length);
  });

  it('are the same each time', () => {
    for (const label of cases.filter((_, at) => at % 25 === 0)) {
      assert.deepEqual(record(label).spans, record(label).spans, label.name);
    }
  });
});

describe('insights of one type', () => {
  it('are those that are found among all, also where nothing else is looked for', () => {
    for (const label of cases.filter((_, at) => at % 30 === 0)) {
      const file = record(label);
      const all = insightsInMemory(file).here;
      for (const type of insightTypes) {
        assert.deepEqual(
          insightsInMemory(file, [type]).here,
          all.filter(one => one.type === type),
          `${label.name}: ${type}`,
        );
      }
    }
  });
});

/** For counting labels nothing need be recorded. */
const marked = ({ has = {} }: Label) => ({
  runId: '',
  marks: new Map(Object.values(has).map(mark => [mark, new Set(['it'])])),
});

describe('the score of insights', () => {
  const file = { runId: 'run', marks: new Map([['it', new Set(['here'])]]) };
  const said = (
    type: Insight['type'],
    spanId: string,
    severity: Severity = 'warning',
    runId = 'run',
  ): Insight => ({
    ...{ type, severity, runId, spanIds: [spanId], evidence: [] },
    said: { word: 'insightOrphanOne', values: [spanId] },
  });
  const of = (label: Label, ...insights: Insight[]): string => {
    const { right, missed, wrong } = verdict(label, file, insights);
    const words = (kind: string, types: readonly string[]) => types.map(type => `${kind} ${type}`);
    return [
      ...words('right', right),
      ...missed.map(({ type, how }) => `${type} ${how}`),
      ...words(
        'wrong',
        wrong.map(({ insight, where }) => `${insight.type} in ${where}`),
      ),
    ].join(', ');
  };
  const loop = yes('loop', 'a', 'it', () => undefined, { may: ['cost-spike'] });
  const noLoop = no('loop', 'b', () => undefined);

  it('counts what is found at the marked span', () => {
    assert.equal(of(loop, said('loop', 'there'), said('loop', 'here')), 'right loop');
    assert.equal(of(loop, said('loop', 'there')), 'loop found elsewhere');
    assert.equal(
      of(loop, said('loop', 'here', 'warning', 'other')),
      'loop not found, wrong loop in history',
    );
  });

  it('takes all for wrong that is neither right nor allowed; info only where just that is wrong', () => {
    assert.equal(
      of(loop, said('loop', 'here'), said('cost-spike', 'x'), said('stuck', 'x')),
      'right loop, wrong stuck in run',
    );
    assert.equal(
      of(noLoop, said('loop', 'x', 'info'), said('orphan', 'x', 'info')),
      'wrong loop in run',
    );
    assert.equal(of(noLoop), '');
  });

  it('is of files, however often something is said in one', () => {
    const [first] = scores([
      verdict(loop, file, [said('loop', 'here')]),
      verdict(noLoop, file, [said('loop', 'x'), said('loop', 'y')]),
    ]);
    assert.deepEqual(
      [first?.found, first?.alarms, first?.precision, first?.recall],
      [1, 1, 0.5, 1],
    );
    assert.equal(mistakes([verdict(loop, file, [])]).length, 1);
  });
});

/** Precision and recall that are asked of each type: what is reached, and never less. */
const bars: Readonly<Record<InsightType, readonly [precision: number, recall: number]>> = {
  loop: [1, 1],
  'retry-storm': [1, 1],
  'silent-tool-failure': [1, 1],
  'cost-spike': [1, 1],
  'token-spike': [1, 1],
  'latency-outlier': [1, 1],
  'context-growth': [1, 1],
  truncation: [1, 1],
  'cache-miss': [1, 0.9],
  'reasoning-drift': [1, 0.9],
  stuck: [1, 1],
  unpriced: [1, 1],
  orphan: [1, 1],
};

describe('insights of labelled runs', () => {
  const verdicts: Verdict[] = [];
  const ofPlain: Verdict[] = [];
  before(() => {
    for (const label of cases) {
      const file = record(label);
      const { here, earlier } = insightsInMemory(file);
      verdicts.push(verdict(label, file, here));
      ofPlain.push({ ...verdict(label, file, earlier), missed: [] });
    }
  });

  it('are right as often as is asked of them', () => {
    const short = scores(verdicts).filter(({ type, precision, recall }) => {
      const [leastPrecision, leastRecall] = bars[type];
      return precision < leastPrecision || recall < leastRecall;
    });
    const figures = short.map(
      one => `${one.type}: precision ${one.precision.toFixed(2)}, recall ${one.recall.toFixed(2)}`,
    );
    assert.deepEqual(figures, [], mistakes(verdicts).join('\n'));
  });

  it('are none, of the plain runs before them', () => {
    assert.equal(ofPlain.length, cases.length);
    assert.deepEqual(mistakes(ofPlain), []);
  });

  it('are those that a reader finds in their files', async () => {
    const reader = localReader(dist);
    for (const label of cases.filter((_, at) => at % 20 === 0)) {
      const file = record(label);
      const bytes = await traceFile(file.spans, { schema: 'native' });
      const source = { kind: 'bytes', bytes, name: label.name } as const;
      const read = await insightsOf(reader, source, labelClock, { runId: file.runId });
      assert.deepEqual(insightsInMemory(file).here, read, label.name);
    }
  }).timeout(30_000);
});
