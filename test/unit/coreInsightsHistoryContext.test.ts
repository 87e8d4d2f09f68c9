import assert from 'node:assert/strict';
import { contextWindow } from '../../src/core/contextWindows.ts';
import { findCacheMisses } from '../../src/core/insights/cacheMiss.ts';
import { findContextGrowth } from '../../src/core/insights/contextGrowth.ts';
import {
  call,
  earlier,
  find,
  place,
  type Recorded,
  runWith,
  sentence,
} from './support/insightRuns.ts';
import { type Turn, talk } from './support/talk.ts';

const growing = (sizes: readonly number[], model = 'claude-sonnet-4-5') =>
  sizes.map((input): Turn => ({ usage: { input, output: 100 }, part: { model } }));
const grown = (turns: readonly Turn[], others: Parameters<typeof find>[2] = []) =>
  find(findContextGrowth, runWith(talk(...turns)), others);

/** Of a transcript: each call's prompt holds what was new since the call before. */
const transcript = (turns: readonly Turn[]): readonly Recorded[] =>
  talk(...turns).map(one => ({
    ...one,
    metadata: { ...(one.metadata as object), only_new_messages: true },
  }));

describe('calls whose prompt holds only new messages', () => {
  const turn = (input: number, cacheRead: number): Turn => ({
    usage: { input, output: 100, cacheRead, cacheWrite5m: 40_000 },
    part: { model: 'claude-haiku-4-5' },
    messages: [`result ${cacheRead} ${'x'.repeat(9000)}`],
  });

  it('are one conversation, whose growth is found once, and no share of theirs is told', () => {
    const turns = [20, 60, 100, 140, 160, 185].map(k => turn(1000, k * 1000));
    const found = find(findContextGrowth, runWith(transcript(turns)));
    assert.deepEqual(
      found.map(({ spanIds }) => spanIds[0]),
      ['c6'],
    );
    assert.deepEqual(found[0]?.evidence, []);
    assert.doesNotMatch(sentence(found[0]), /result/);
  });

  it('are compared with the call before as to the cache', () => {
    const found = find(findCacheMisses, runWith(transcript([turn(10, 90_000), turn(140_000, 0)])));
    assert.deepEqual(
      found.map(({ spanIds }) => spanIds[0]),
      ['c2'],
    );
  });
});

describe('context windows', () => {
  it('are known by the exact model, its dates and whoever serves it, and by nothing like it', () => {
    assert.equal(contextWindow('claude-haiku-4-5-20251001', 1), 200_000);
    assert.equal(contextWindow('us.anthropic.claude-opus-4-5-20251101-v1:0', 1), 200_000);
    assert.equal(contextWindow('anthropic/claude-opus-5-5', 1), 1_000_000);
    assert.equal(contextWindow('gpt-4o-2024-08-06', 1), 128_000);
    assert.equal(contextWindow('models/gemini-2.5-pro', 1), 1_048_576);
    for (const unknown of ['gpt-5.7', 'claude-opus-9', 'gpt-4o-realtime', 'llama-3', '', 'o1x']) {
      assert.equal(contextWindow(unknown, 1), undefined, unknown);
    }
  });

  it('are the larger ones where a call shows that it was asked for', () => {
    assert.equal(contextWindow('claude-sonnet-4-5', 190_000), 200_000);
    assert.equal(contextWindow('claude-sonnet-4-5', 210_000), 1_000_000);
    assert.equal(contextWindow('claude-sonnet-4-5[1m]', 5), 1_000_000);
    assert.equal(contextWindow('claude-haiku-4-5', 210_000), undefined, 'not what we think it is');
  });
});

describe('context growth', () => {
  it('is as many times as the setting says, fewer ones too', () => {
    const turns = growing([30_000, 40_000, 50_000, 60_000, 70_000]);
    const at = (spikeFactor: number) =>
      place(find(findContextGrowth, runWith(talk(...turns)), [], { spikeFactor }));
    assert.deepEqual([at(2), at(2.5)], ['info at c5', '']);
  });

  it('says how near a call is to what its model takes, and what fills it', () => {
    const result = `result ${'x'.repeat(60_000)}`;
    const [insight] = grown([
      { usage: { input: 4000 }, messages: ['Find it.'] },
      { usage: { input: 172_000 }, messages: ['Find it.', 'a', result] },
    ]);
    assert.equal(
      sentence(insight),
      'Call 2 of 2 was given 172k tokens, 86 % of the 200k that claude-sonnet-4-5 takes; ' +
        'results of tools are 100 % of them.',
    );
    assert.deepEqual([insight?.severity, insight?.spanIds], ['warning', ['c2', 'c1']]);
  });

  it('says how a conversation grows, before its model is near its end', () => {
    const [insight] = grown(growing([3000, 20_000, 48_000, 90_000, 131_000]));
    assert.equal(
      sentence(insight),
      'The input of llm_call grew from 3,000 to 131k tokens over 5 calls of one conversation.',
    );
    assert.equal(insight?.severity, 'warning', 'more than half of what the model takes');
  });

  it('is said without alarm while there is much room left', () => {
    const found = grown(growing([3000, 20_000, 30_000, 45_000], 'claude-opus-5'));
    assert.equal(place(found), 'info at c4');
  });

  it('is said of models whose window is not known, and counts the cache', () => {
    const turns = [1000, 40_000, 90_000, 150_000].map(
      (cacheRead): Turn => ({
        usage: { input: 100, cacheRead },
        part: { model: 'my-own' },
      }),
    );
    assert.equal(place(grown(turns)), 'warning at c4');
  });

  it('is said of each conversation, also of those in steps', () => {
    const steps = growing([3000, 50_000, 90_000, 140_000]).flatMap((turn, i) => {
      const [one] = talk(turn) as [Recorded];
      const at = i * 2000;
      const step = call(
        `s${i}`,
        at,
        at + 1500,
        {},
        { kind: 'chain', name: `step ${i}`, model: undefined },
      );
      const inner = {
        ...one.span,
        spanId: `c${i}`,
        parentSpanId: `s${i}`,
        start: at,
        end: at + 1000,
      };
      return [step, { ...one, span: inner }];
    });
    assert.equal(place(find(findContextGrowth, runWith(steps))), 'warning at c3');
  });

  it('is an error where a call failed on it', () => {
    const part = {
      status: 'error',
      error: '400: prompt is too long: 214002 tokens > 200000 maximum',
    } as const;
    const found = find(
      findContextGrowth,
      runWith(talk(...growing([1000]), { usage: {}, part }), { status: 'error' }),
    );
    assert.equal(place(found), 'error at c2');
    assert.match(sentence(found[0]), /^Call 2 of 2 failed because its prompt was too long: “400/);
    const failing = (error: string) =>
      place(grown([{ usage: { input: 10 } }, { usage: {}, part: { status: 'error', error } }]));
    assert.equal(failing('ValidationException: Too many input tokens'), 'warning at c2');
    const throttled = 'ThrottlingException: Too many tokens, please wait before trying again.';
    assert.equal(failing(throttled), '');
  });

  const none = (turns: readonly Turn[], others?: Parameters<typeof find>[2], why = '') =>
    assert.deepEqual(grown(turns, others).map(sentence), [], why);

  it('is none of a conversation that stays small, or is as large from the start', () => {
    none(growing([1000, 2000, 4000, 8000, 16_000]));
    none(growing([90_000, 91_000, 92_000, 93_000]));
    none(growing([3000, 140_000]), undefined, 'one long message is no growth');
  });

  it('is none where such calls usually grow as far', () => {
    const usual = earlier(12, i => talk(...growing([3000, 50_000, 90_000, 125_000 + i * 500])));
    none(growing([3000, 52_000, 95_000, 131_000]), usual);
  });

  it('is none of calls that differ in size and go on from nothing', () => {
    const turns = [5000, 60_000, 2000, 80_000, 1000, 90_000].map(
      (input, i): Turn => ({
        usage: { input },
        messages: [`Document ${i} ${'x'.repeat(i)}`],
      }),
    );
    none(turns);
    none(growing([5000, 60_000, 2000, 80_000, 1000, 90_000]), undefined, 'without prompts as well');
  });

  it('does not alarm where the agent made room itself', () => {
    const found = grown(growing([3000, 90_000, 140_000, 175_000, 30_000, 40_000]));
    assert.deepEqual(
      found.map(one => one.severity),
      ['info'],
    );
    assert.ok(found[0]?.evidence.some(one => one.word === 'evidenceContextReduced'));
  });

  it('says nothing of a window of models that are not known, or calls without counts', () => {
    none(growing([150_000, 190_000], 'my-own'));
    none([{ usage: {} }, { usage: {} }, { usage: {} }, { usage: {} }]);
  });
});
