import assert from 'node:assert/strict';
import { findCacheMisses } from '../../src/core/insights/cacheMiss.ts';
import { findContextGrowth } from '../../src/core/insights/contextGrowth.ts';
import { findCostSpike } from '../../src/core/insights/costSpike.ts';
import type { Detector } from '../../src/core/insights/evidence.ts';
import { foundBy } from '../../src/core/insights/findInsights.ts';
import { mostSpans } from '../../src/core/insights/insight.ts';
import { insightWords } from '../../src/core/insights/insightWords.ts';
import { findLatencyOutliers } from '../../src/core/insights/latencyOutlier.ts';
import { findReasoningDrift } from '../../src/core/insights/reasoningDrift.ts';
import { findTokenSpikes } from '../../src/core/insights/tokenSpike.ts';
import type { SpanKind } from '../../src/core/model.ts';
import { finish } from '../../src/core/steps.ts';
import {
  call,
  contextOf,
  find,
  type Recorded,
  runWith,
  tool,
} from '../unit/support/insightRuns.ts';
import { numbers } from '../unit/support/runs.ts';

const all: readonly Detector[] = [
  findCostSpike,
  findTokenSpikes,
  findLatencyOutliers,
  findContextGrowth,
  findCacheMisses,
  findReasoningDrift,
];

/** Places of a text, which are numbered from 0. */
const places = (text: string): number =>
  Math.max(0, ...[...text.matchAll(/\{(\d+)\}/g)].map(found => Number(found[1]) + 1));

const odd = [
  undefined,
  null,
  '',
  'x',
  -1,
  0,
  1e300,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  [],
  {},
  [[[]]],
  'constructor',
  '\ud800',
  'ORD-4711',
  { type: 'tool_result', content: [{ type: 'text', text: 'y'.repeat(30_000) }] },
  { role: 'user', content: 'Is it so, and if so, why is it so? Answer yes or no, please.' },
  { role: '__proto__', content: { toString: 1 } },
];

function randomRun(seed: number) {
  const next = numbers(seed);
  const pick = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)] as T;
  const value = (): unknown => (next() < 0.3 ? [pick(odd), pick(odd), pick(odd)] : pick(odd));
  const amount = () => pick([undefined, 0, 5, 20_000, 150_000, 1e15, -3, Number.NaN, 0.5]);
  const below: Recorded[] = [];
  for (let i = 0; i < 5 + next() * 40; i++) {
    const start = pick([i * 1000, 0, -5, 1e15, Number.NaN, i * 1000 + 500]);
    const end = pick([start + 900, start, start - 10, undefined, start + 60_000]) as number;
    const part = {
      parentSpanId: pick(['root', 's0', `s${i}`, 'nowhere', `s${i - 1}`]),
      status: pick(['ok', 'ok', 'error', 'running', 'unknown'] as const),
      error: pick([undefined, 'prompt is too long', 'Unknown tool: x', '']),
      metadata: {
        request: { system: value(), tools: value(), messages: value() },
        response: { content: [{ type: 'tool_use', id: value(), name: value(), input: value() }] },
        tool_input: value(),
        tool_result: value(),
        retries: value(),
      },
    };
    const usage = {
      input: amount(),
      cacheRead: amount(),
      cacheWrite5m: amount(),
      cacheWrite1h: amount(),
      output: amount(),
    };
    const model = pick([undefined, '', 'claude-sonnet-4-5', 'gpt-5', 'x'.repeat(5000)]);
    const name = pick(['', 'llm', 'constructor', '\u202e', `call ${i}`]);
    const kind: SpanKind = pick(['tool', 'tool', 'retrieval', 'chain', 'other']);
    below.push(
      next() < 0.6
        ? call(`s${i}`, start, end, usage, { ...part, model, name, cost: amount() })
        : tool(`s${i}`, name, start, end, { ...part, kind }),
    );
  }
  return runWith(below, { name: pick(['a', '', '__proto__']), start: pick([1, 1.79e12, -1e15]) });
}

describe('insights by history, of whatever was recorded', () => {
  it('name spans of the run and fill their sentences, the same each time', () => {
    let found = 0;
    const earlier = Array.from({ length: 90 }, (_, i) => randomRun(1000 + i));
    for (let seed = 1; seed <= 60; seed++) {
      const looked = randomRun(seed);
      const others = Array.from({ length: 7 }, (_, i) => earlier[(seed * 7 + i) % 90]!);
      const [context, again] = [contextOf(looked, others), contextOf({ ...looked }, others)];
      for (const detect of all) {
        const insights = finish(foundBy(detect, looked, context));
        assert.deepEqual(finish(foundBy(detect, { ...looked }, again)), insights);
        for (const { spanIds, said, evidence, runId } of insights) {
          found++;
          assert.equal(runId, looked.run.runId);
          assert.ok(spanIds.length > 0 && spanIds.length <= mostSpans);
          for (const id of spanIds) assert.ok(looked.tree.nodes.has(id), id);
          for (const { word, values } of [said, ...evidence]) {
            assert.equal(values.length, places(insightWords[word]), `${word} of ${seed}`);
            assert.ok(!values.some(one => /NaN|undefined|Infinity/.test(one)), values.join(' '));
          }
        }
      }
    }
    assert.ok(found > 50, `${found} insights were looked at`);
  });

  it('are bounded in a run of many spans, deep and wide', () => {
    const many: Recorded[] = [];
    for (let i = 0; i < 20_000; i++) {
      const deep = { parentSpanId: i % 2 === 0 || i < 2 ? 'root' : `s${i - 2}` };
      const usage = { input: 1000 + i * 9, cacheRead: 0, cacheWrite5m: 5000, output: 30 };
      many.push(
        i % 4 < 2
          ? call(`s${i}`, i * 10, i * 10 + 9, usage, { ...deep, name: `call ${i % 3000}` })
          : tool(`s${i}`, `tool ${i}`, i * 10, i * 10 + 9 + (i % 1000 === 2 ? 90_000 : 0), deep),
      );
    }
    const looked = runWith(many);
    const context = contextOf(looked);
    for (const detect of all) {
      const insights = finish(foundBy(detect, looked, context));
      assert.ok(insights.length <= 100, `${insights.length}`);
      for (const { spanIds } of insights) assert.ok(spanIds.length <= mostSpans);
    }
  });

  it('say nothing of a run without spans besides its root', () => {
    const looked = runWith([]);
    for (const detect of all) assert.deepEqual(find(detect, looked), []);
  });
});
