import assert from 'node:assert/strict';
import { findCacheMisses } from '../../src/core/insights/cacheMiss.ts';
import { readPriceOverrides } from '../../src/core/priceOverrides.ts';
import { find, place, type Recorded, runWith, sentence } from './support/insightRuns.ts';
import { type Turn, talk } from './support/talk.ts';

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
