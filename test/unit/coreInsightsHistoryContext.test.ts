import assert from 'node:assert/strict';
import { contextWindow } from '../../src/core/contextWindows.ts';
import { findCacheMisses } from '../../src/core/insights/cacheMiss.ts';
import { findContextGrowth } from '../../src/core/insights/contextGrowth.ts';
import type { Usage } from '../../src/core/model.ts';
import { readPriceOverrides } from '../../src/core/priceOverrides.ts';
import {
  call,
  earlier,
  find,
  place,
  type Recorded,
  runWith,
  sentence,
} from './support/insightRuns.ts';

interface Turn {
  readonly usage: Usage;
  readonly system?: string;
  readonly tools?: readonly unknown[];
  /** Each message's text; one that begins with `result` is the result of a tool. */
  readonly messages?: readonly string[];
  readonly cache?: boolean;
  readonly part?: Parameters<typeof call>[4];
  /** From the end of the call before. */
  readonly pause?: number;
}

const message = (text: string, index: number): unknown =>
  text.startsWith('result')
    ? { role: 'user', content: [{ type: 'tool_result', tool_use_id: `u${index}`, content: text }] }
    : { role: index % 2 === 0 ? 'user' : 'assistant', content: text };

/** Calls one after another, each of a second. */
function talk(...turns: readonly Turn[]): readonly Recorded[] {
  let now = 0;
  return turns.map(
    ({ usage, system = 'Be brief.', tools, messages, cache, part, pause = 100 }, i) => {
      const start = now + (i === 0 ? 0 : pause);
      now = start + 1000;
      const blocks = [
        { type: 'text', text: system, ...(cache && { cache_control: { type: 'ephemeral' } }) },
      ];
      const request = messages && { system: blocks, tools, messages: messages.map(message) };
      return call(`c${i + 1}`, start, now, usage, { ...part, metadata: { request } });
    },
  );
}

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

const cached = (cacheRead: number, cacheWrite5m: number, more: Partial<Turn> = {}): Turn => ({
  usage: { input: 200, cacheRead, cacheWrite5m, output: 100 },
  cache: true,
  messages: ['Read the files.'],
  ...more,
});
const missed = (...turns: readonly Turn[]) => find(findCacheMisses, runWith(talk(...turns)));
const q = ['Read the files.', 'I read them.', 'result a'];

describe('cache miss', () => {
  it('names the part of the prompt that changed: tools', () => {
    const [insight] = missed(
      cached(0, 20_000, { tools: [{ name: 'a' }, { name: 'b' }] }),
      cached(0, 21_000, { tools: [{ name: 'b' }, { name: 'a' }], messages: q }),
    );
    assert.equal(
      sentence(insight),
      'Call 2 read 0 of about 20.0k cached tokens: the definitions of the tools changed since call 1.',
    );
    assert.deepEqual([insight?.severity, insight?.spanIds], ['warning', ['c2', 'c1']]);
    assert.ok(insight?.evidence.some(one => one.word === 'evidenceCacheLostCost'));
  });

  it('says what it cost by the prices of whoever looks, long prompts by theirs', () => {
    const lost = (own: unknown, tokens = 20_000) => {
      const turns = [cached(0, tokens), cached(0, tokens + 1000, { messages: q, system: 'New.' })];
      const { prices } = readPriceOverrides({ 'claude-sonnet-4-5': own });
      const [insight] = find(findCacheMisses, runWith(talk(...turns)), [], {}, prices);
      return insight?.evidence.find(one => one.word === 'evidenceCacheLostCost')?.values[0];
    };
    const own = { input: 100, output: 100, cacheRead: 0, cacheWrite5m: 100 };
    assert.equal(lost(own), '$2.00');
    const longPrompt = { ...own, above: 30_000, cacheWrite5m: 50 };
    assert.equal(lost({ ...own, longPrompt }), '$2.00');
    assert.equal(lost({ ...own, longPrompt }, 40_000), '$2.00');
  });

  it('the system prompt, with a time in it', () => {
    const found = missed(
      cached(0, 9000, { system: 'It is 10:00.' }),
      cached(0, 9100, { system: 'It is 10:01.', messages: q }),
      cached(0, 9200, { system: 'It is 10:02.', messages: [...q, 'b', 'result c'] }),
    );
    assert.match(sentence(found[0]), /: the system prompt changed since call 1\.$/);
    assert.equal(found.length, 1, 'once for all calls');
    assert.deepEqual(found[0]?.spanIds, ['c2', 'c3', 'c1']);
  });

  it('an earlier message, and by which share it was read all the same', () => {
    const [insight] = missed(
      cached(0, 30_000, { messages: q }),
      cached(6000, 25_000, {
        messages: ['Read the files.', 'I read them!', 'result a', 'b', 'result c'],
      }),
    );
    assert.match(
      sentence(insight),
      /^Call 2 read 6,000 of about 30\.0k .* message 2 changed since/,
    );
  });

  it('also where the larger part, what comes before the change, was read', () => {
    const late = ['Read the files.', 'I read them.', 'result a, taken out', 'b', 'result c'];
    const found = missed(
      cached(0, 30_000, { messages: [...q, 'b'] }),
      cached(22_000, 8000, { messages: late }),
    );
    assert.equal(place(found), 'info at c2');
    assert.match(sentence(found[0]), /^Call 2 read 22\.0k of about 30\.0k .* message 3 changed/);
    const each = (time: number, ...more: readonly string[]) =>
      cached(7000, 2000 + more.length, { messages: [`It is ${time}.`, 'I read them.', ...more] });
    const again = missed(each(1, 'a'), each(2, 'a', 'b'), each(3, 'a', 'b', 'c'));
    assert.equal(place(again), 'info at c2', 'again and again, yet most is read');
  });

  it('or says that nothing changed, or that it is not known', () => {
    const [same] = missed(cached(0, 20_000), cached(0, 21_000, { messages: q }));
    assert.match(sentence(same), /, although it begins with all that call 1 was given\.$/);
    const plain = { messages: undefined as never };
    const [unknown] = missed(cached(0, 20_000, plain), cached(0, 21_000, plain));
    assert.match(sentence(unknown), /^Call 2 read 0 of the about 20\.0k tokens that call 1 left/);
  });

  it('is found within the hour of a cache that lives for one', () => {
    const hour = {
      usage: { input: 10, cacheRead: 0, cacheWrite1h: 20_000 },
      messages: q.slice(0, 1),
    };
    assert.equal(missed(hour, { ...hour, messages: q, pause: 30 * 60_000 }).length, 1);
    assert.equal(missed(hour, { ...hour, messages: q, pause: 61 * 60_000 }).length, 0);
  });

  it('is found where a provider caches by itself, once it has', () => {
    const of = (cacheRead: number, messages: readonly string[]): Turn => ({
      usage: { input: 9000 - cacheRead, cacheRead },
      part: { model: 'gpt-5' },
      messages,
    });
    const found = missed(of(0, q.slice(0, 1)), of(8000, q), of(0, [...q, 'b', 'result c']));
    assert.equal(place(found), 'info at c3');
  });

  it('is found among conversations that begin anew with almost the same long instructions', () => {
    const of = (time: string, ask: string) =>
      cached(0, 8000, { system: `It is ${time}. ${'Do this. '.repeat(900)}`, messages: [ask] });
    const found = missed(of('10:00', 'One?'), of('10:01', 'Two?'), of('10:02', 'Three?'));
    assert.match(sentence(found[0]), /: the system prompt changed since call 1\.$/);
  });

  const none = (why: string, ...turns: readonly Turn[]) =>
    assert.deepEqual(missed(...turns).map(sentence), [], why);

  it('is none of a first call, and none of the growing end', () => {
    none('first', cached(0, 20_000));
    none('growing', cached(0, 20_000), cached(20_000, 5000, { messages: q }));
  });

  it('is none after the cache has ended, and none of another model', () => {
    none('six minutes', cached(0, 20_000), cached(0, 20_000, { messages: q, pause: 6 * 60_000 }));
    none(
      'model',
      cached(0, 20_000),
      cached(0, 20_000, { messages: q, part: { model: 'claude-opus-5' } }),
    );
  });

  it('is none of prompts that are too short to be cached, or that do not ask for it', () => {
    none('short', cached(0, 0), cached(0, 0, { messages: q }));
    none('few tokens', cached(0, 900), cached(0, 950, { messages: q }));
    const plain: Turn = { usage: { input: 20_000, cacheRead: 0, cacheWrite5m: 0 }, messages: q };
    none('not asked for', plain, plain);
    none(
      'little at its end',
      cached(0, 30_000, { messages: q }),
      cached(29_200, 900, { messages: ['Read the files.', 'I read them.', 'result a, cut'] }),
    );
    none(
      'not recorded',
      { usage: { input: 20_000 }, messages: q },
      { usage: { input: 20_000 }, messages: q },
    );
  });

  it('is none where messages were taken out on purpose', () => {
    none(
      'compacted',
      cached(0, 60_000, { messages: [...q, 'b', 'result c', 'd'] }),
      cached(0, 3000, {
        messages: ['Read the files.', 'A summary.', 'result a'],
      }),
    );
    none(
      'large results cleared',
      cached(0, 60_000, { messages: [...q, 'b', 'result c', 'd'] }),
      cached(4000, 9000, { messages: ['Read the files.', 'I read them.', '', 'b', '', 'd'] }),
    );
    const few = cached(4000, 51_000, {
      messages: ['Read the files.', 'I read them.', '', 'b', 'result c', 'd'],
    });
    const dear = missed(cached(0, 60_000, { messages: [...q, 'b', 'result c', 'd'] }), few);
    assert.match(
      sentence(dear[0]),
      /message 3 changed/,
      'what was saved is less than what it cost',
    );
  });

  it('is none of an answer that goes another way from an earlier one', () => {
    none(
      'another branch',
      cached(0, 30_000, { messages: [...q, 'b', 'result c', 'd'] }),
      cached(22_000, 9000, { messages: [...q, 'other b', 'result other c', 'other d'] }),
    );
  });

  it('is none of another conversation with the same instructions', () => {
    none(
      'another question',
      cached(0, 20_000, { system: 'Same. '.repeat(2000), messages: ['One?'] }),
      cached(3000, 17_000, { system: 'Same. '.repeat(2000), messages: ['Two?'] }),
    );
    none(
      'another question to tools that were read',
      cached(0, 20_000, { system: `10:00 ${'Same. '.repeat(2000)}`, messages: ['One?'] }),
      cached(15_000, 5000, { system: `10:01 ${'Same. '.repeat(2000)}`, messages: ['Two?'] }),
    );
    none(
      'another agent',
      cached(0, 20_000, { system: 'Plan. '.repeat(2000), messages: ['One?'] }),
      cached(0, 9000, { system: 'Write a lot. '.repeat(300), messages: ['Two?'] }),
    );
  });

  it('is none of calls side by side: none could read what the other wrote', () => {
    const [one, two] = talk(cached(0, 20_000), cached(0, 20_000)) as [Recorded, Recorded];
    const beside = { ...two, span: { ...two.span, start: 10, end: 900 } };
    assert.deepEqual(find(findCacheMisses, runWith([one, beside])), []);
  });
});
