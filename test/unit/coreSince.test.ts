import assert from 'node:assert/strict';
import { contextParts } from '../../src/core/contextParts.ts';
import { readRequest } from '../../src/core/conversation.ts';
import { firstNew, sameValue, sharedPart } from '../../src/core/since.ts';

const user = (text: string, mark = false) => ({
  role: 'user',
  content: [{ type: 'text', text, ...(mark ? { cache_control: { type: 'ephemeral' } } : {}) }],
});
const answer = { role: 'assistant', content: 'yes' };
const body = (...messages: object[]) => ({ system: 's', tools: [{ name: 't' }], messages });

describe('what two prompts share', () => {
  it('is their equal beginning, wherever the marks for the cache stand', () => {
    const shared = sharedPart(body(user('a', true)), body(user('a'), answer, user('b', true)));
    assert.deepEqual(shared, { messages: 1, whole: true, changed: [] });
  });

  it('ends where the history was rewritten', () => {
    const shared = sharedPart(body(user('a'), answer, user('b')), body(user('a'), user('c')));
    assert.deepEqual(shared, { messages: 1, whole: false, changed: [] });
  });

  it('says what changed besides', () => {
    const later = { ...body(user('a')), system: 'other', tools: undefined };
    assert.deepEqual(sharedPart(body(user('a')), later)?.changed, ['system', 'tools']);
    assert.equal(sharedPart('a text', later), undefined);
  });

  it('stands at its place among the shown messages, system and tools before it', () => {
    const later = body(user('a'), answer, user('b'));
    const shared = sharedPart(body(user('a')), later);
    const shown = readRequest(later);
    assert.ok(shared && shown);
    assert.equal(firstNew(later, shared, shown), 3);
    const many = body(...Array.from({ length: 500 }, (_, i) => user(`m${i}`)));
    const longer = { ...many, messages: [...many.messages, answer] };
    const both = sharedPart(many, longer);
    const cut = readRequest(longer);
    assert.ok(both && cut && cut.omitted > 0);
    assert.equal(firstNew(longer, both, cut), cut.messages.length - 1);
  });
});

describe('sameValue', () => {
  it('takes a text for the same alone or as the only block', () => {
    assert.ok(sameValue('a', [{ type: 'text', text: 'a' }]));
    assert.ok(sameValue([{ type: 'text', text: 'a', cache_control: {} }], 'a'));
    assert.ok(
      !sameValue('a', [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ]),
    );
    assert.ok(!sameValue('a', [{ type: 'text', text: 'a', citations: [] }]));
  });

  it('compares by value, and ends', () => {
    assert.ok(sameValue({ a: [1, { b: null }] }, { a: [1, { b: null }] }));
    assert.ok(!sameValue({ a: 1 }, { a: 1, b: 2 }));
    assert.ok(!sameValue({ a: 1 }, { b: 1 }));
    const deep = () => JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`);
    assert.equal(sameValue(deep(), deep()), false);
  });
});

describe('the parts of a context', () => {
  const request = {
    system: 'x'.repeat(100),
    messages: [
      { role: 'user', content: 'y'.repeat(100) },
      { role: 'user', content: [{ type: 'tool_result', content: 'z'.repeat(400) }] },
      { role: 'user', content: 'n'.repeat(200) },
    ],
  };

  it('add up to the recorded tokens', () => {
    const found = contextParts(
      request,
      { input: 10, cacheRead: 980, cacheWrite5m: 10 },
      2,
      undefined,
    );
    assert.equal(
      found?.parts.reduce((sum, one) => sum + one.tokens, 0),
      1000,
    );
    assert.deepEqual(
      found?.parts.map(one => one.name),
      ['system', 'history', 'results', 'fresh'],
    );
    assert.deepEqual(found?.cache, [
      { name: 'cacheRead', tokens: 980 },
      { name: 'cacheWrite', tokens: 10 },
      { name: 'uncached', tokens: 10 },
    ]);
  });

  it('have the new part as it is known from the counts of both calls', () => {
    const found = contextParts(request, { input: 1000 }, 2, 123);
    assert.deepEqual(found?.parts.at(-1), { name: 'fresh', tokens: 123 });
    assert.equal(
      found?.parts.reduce((sum, one) => sum + one.tokens, 0),
      1000,
    );
  });

  it('are left out where they would be guessed', () => {
    assert.equal(contextParts(request, {}, 2, undefined), undefined);
    assert.equal(contextParts('text', { input: 5 }, undefined, undefined), undefined);
    const picture = {
      messages: [{ role: 'user', content: [{ type: 'image', source: { data: 'AA' } }] }],
    };
    assert.equal(contextParts(picture, { input: 5 }, undefined, undefined), undefined);
  });
});
