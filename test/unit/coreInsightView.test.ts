import assert from 'node:assert/strict';
import { callColumns, callTokens, windowInReach } from '../../src/core/callTokens.ts';
import { callWindow } from '../../src/core/callWindow.ts';
import { type Insight, insightTypes, type Severity } from '../../src/core/insights/insight.ts';
import { insightMark, markSays, markTitle } from '../../src/core/insights/mark.ts';
import { mostSeriousFirst, sentenceOf } from '../../src/core/insights/sentence.ts';
import { typeWord } from '../../src/core/insightViewWords.ts';
import { englishWords } from '../../src/core/words.ts';
import { daysOf, mostDays } from '../../webview/costs/days.ts';
import { span } from './support/tree.ts';

const insight = (type: Insight['type'], severity: Severity): Insight => ({
  type,
  severity,
  runId: 'r',
  spanIds: ['s'],
  said: { word: 'insightOrphanOne', values: ['x'] },
  evidence: [],
});

describe('an insight in words', () => {
  it('stays on its line, whatever was recorded', () => {
    const hostile = `a\nb\u202e${'z'.repeat(5000)}{0}`;
    const sentence = sentenceOf({ word: 'insightOrphanOne', values: [hostile] }, englishWords);
    assert.ok(sentence.length < 400);
    assert.doesNotMatch(sentence, /[\n\u202e]/);
    assert.match(sentence, /^The parent of a b/);
  });

  it('has a word for each type', () => {
    const words = insightTypes.map(type => englishWords[typeWord[type]]);
    assert.equal(new Set(words).size, insightTypes.length);
  });

  it('alarms in a row by the gravest, and counts the other kinds', () => {
    const says = (...all: readonly Insight[]) => {
      const mark = insightMark(all);
      return mark && [mark.severity, markSays(mark, englishWords)];
    };
    assert.equal(says(), undefined);
    assert.equal(says(insight('unpriced', 'info')), undefined, 'mere notes are no alarm');
    const loop = insight('loop', 'warning');
    assert.deepEqual(says(loop, loop), ['warning', 'Loop']);
    const all = [loop, insight('unpriced', 'info'), insight('stuck', 'error')];
    assert.deepEqual(says(...all), ['error', 'Stuck +1']);
  });

  it('is told in at most five sentences where a pointer rests on the mark', () => {
    const lines = (count: number) => {
      const mark = insightMark(Array.from({ length: count }, () => insight('loop', 'warning')));
      return mark && markTitle(mark, englishWords).split('\n');
    };
    assert.equal(lines(5)?.length, 5);
    assert.deepEqual([lines(105)?.length, lines(105)?.at(-1)], [6, 'and 100 more']);
  });

  it('comes in the order of its gravity; among equals the order stays', () => {
    const all = ['info a', 'error b', 'warning c', 'error d'];
    const sorted = mostSeriousFirst(all, one => one.split(' ')[0] as Severity);
    assert.deepEqual(sorted, ['error b', 'error d', 'warning c', 'info a']);
  });
});

describe('tokens of calls', () => {
  const call = (spanId: string, start: number, usage: object) =>
    span(spanId, { kind: 'llm', start, usage });

  it('are by start, and split into what the cache had and the rest', () => {
    const tokens = callTokens([
      span('agent', { kind: 'agent', usage: { input: 9 } }),
      call('later', 5, { input: 10, cacheRead: 80, cacheWrite5m: 7, cacheWrite1h: 3, output: 4 }),
      call('first', 1, { output: 2 }),
      call('silent', 2, {}),
    ]);
    assert.deepEqual([...tokens.row], [2, 1], 'a call of which nothing is known has no column');
    assert.deepEqual([...tokens.cached], [0, 80]);
    assert.deepEqual([...tokens.uncached], [0, 20]);
    assert.deepEqual([...tokens.output], [2, 4]);
  });

  it('have the window of their model, where it is known and the same of all', () => {
    const window = (...calls: readonly (readonly [model: string | undefined, input: number])[]) =>
      callWindow(
        calls.map(([model, input], at) => span(`c${at}`, { kind: 'llm', model, usage: { input } })),
      );
    assert.equal(window(['claude-opus-4-1', 9], ['claude-opus-4-5-20251101', 8]), 200_000);
    assert.equal(window(['claude-opus-4-1', 9], ['claude-opus-5', 9]), undefined);
    assert.equal(window(['claude-opus-4-1', 9], ['acme-large-2', 9]), undefined);
    assert.equal(window(['claude-opus-4-1', 9], [undefined, 9]), undefined);
    assert.equal(window(['claude-sonnet-4', 9], ['claude-sonnet-4', 300_000]), 1_000_000);
    assert.equal(window(), undefined);
    const agent = span('agent', { kind: 'agent', usage: { input: 9 } });
    assert.equal(callWindow([agent]), undefined, 'what is no call is not asked for its model');
  });

  it('have a window drawn only where a context is above a quarter of it', () => {
    assert.equal(windowInReach(200_000, 50_001), 200_000);
    assert.equal(windowInReach(200_000, 50_000), undefined, 'the line would be flat');
    assert.equal(windowInReach(undefined, 50_001), undefined);
  });

  it('of very many calls are the largest of each few', () => {
    const sizes = [5, 1, 9, 2, 8, 3, 7];
    const all = callTokens(sizes.map((input, at) => call(`c${at}`, at, { input })));
    const { columns, each } = callColumns(all, 3);
    assert.equal(each, 3);
    assert.deepEqual(
      columns.map(one => [one.call, one.uncached]),
      [
        [3, 9],
        [5, 8],
        [7, 7],
      ],
    );
    assert.equal(callColumns(all, 7).each, 1);
    assert.deepEqual(callColumns(callTokens([]), 7).columns, []);
  });
});

describe('days of a chart', () => {
  const row = (key: string) => ({
    key,
    calls: 1,
    errors: 0,
    ownCostUsd: 1,
    attributedCostUsd: 1,
    unpricedCalls: 0,
    p50Ms: undefined,
    p95Ms: undefined,
    p99Ms: undefined,
  });

  it('are all between the first and the last, whatever order their rows have', () => {
    const days = daysOf([row('2026-03-01'), row('2026-02-26'), row('')]);
    assert.deepEqual(
      days.map(day => [new Date(day.start).getDate(), day.row?.key]),
      [
        [26, '2026-02-26'],
        [27, undefined],
        [28, undefined],
        [1, '2026-03-01'],
      ],
    );
    assert.deepEqual(daysOf([]), []);
  });

  it('are each one column also where clocks change, and no more than fit', () => {
    const days = daysOf([row('2020-01-01'), row('2026-11-28')]);
    assert.equal(days.length, mostDays);
    assert.equal(days.at(-1)?.row?.key, '2026-11-28');
    const dates = days.map(day => new Date(day.start).toDateString());
    assert.equal(new Set(dates).size, mostDays);
  });
});
