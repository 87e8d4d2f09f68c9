import assert from 'node:assert/strict';
import { foundBy, insightSteps } from '../../src/core/insights/findInsights.ts';
import { findLatencyOutliers } from '../../src/core/insights/latencyOutlier.ts';
import { median, spread, without } from '../../src/core/insights/robust.ts';
import { finish, type Steps, sortSteps, stepSize } from '../../src/core/steps.ts';
import { treeSteps } from '../../src/core/tree.ts';
import { call, contextOf, runWith, tool } from './support/insightRuns.ts';
import { numbers } from './support/runs.ts';

function count(steps: Steps<unknown>): number {
  let found = 0;
  while (!steps.next().done) found++;
  return found;
}

describe('work in steps', () => {
  it('sorts as sort does, equal ones in their order', () => {
    for (const size of [0, 1, 2, stepSize, stepSize + 1, 3 * stepSize + 7, 50_000]) {
      for (const most of [2, 100, 1e9]) {
        const random = numbers(size + most);
        const items = Array.from({ length: size }, (_, at) => ({
          value: Math.floor(random() * most),
          at,
        }));
        const byValue = (a: { value: number }, b: { value: number }) => a.value - b.value;
        const sorted = [...items].sort(byValue);
        assert.deepEqual(finish(sortSteps(items, byValue)), sorted);
      }
    }
  });

  it('stops often in a large run, whoever goes through it', () => {
    const spans = Array.from({ length: 12_000 }, (_, i) =>
      i % 2 === 0
        ? call(`s${i}`, i * 10, i * 10 + 9, { input: 10, output: 5 })
        : tool(`s${i}`, `tool ${i % 40}`, i * 10, i * 10 + (i % 9999 === 0 ? 90_000 : 9)),
    );
    const looked = runWith(spans);
    const context = contextOf(looked);
    const tree = treeSteps(looked.tree.ordered.map(({ span }) => span));
    assert.ok(count(tree) > 8);
    assert.ok(count(foundBy(findLatencyOutliers, looked, context)) > 16);
    assert.ok(count(insightSteps(looked, context)) > 40);
  });
});

describe('the spread of a sample', () => {
  it('is that of its distances, sorted', () => {
    const random = numbers(5);
    const next = (most: number) => Math.floor(random() * most);
    for (let round = 0; round < 2000; round++) {
      const size = 1 + next(round % 10 === 0 ? 300 : 12);
      const most = [3, 50, 1e6][round % 3] ?? 3;
      const sorted = Float64Array.from({ length: size }, () => next(most) / 7).sort();
      const middle = median(sorted) ?? 0;
      const distances = Float64Array.from(sorted, value => Math.abs(value - middle)).sort();
      const rank = (percent: number) => sorted[Math.ceil((percent / 100) * size) - 1] ?? 0;
      const quarters = (rank(75) - rank(25)) / 1.349;
      assert.equal(spread(sorted), Math.max((median(distances) ?? 0) * 1.4826, quarters));
      const at = next(size);
      assert.deepEqual(
        Array.from(without(sorted, at)),
        [...sorted].filter((_, place) => place !== at),
      );
    }
  });
});
