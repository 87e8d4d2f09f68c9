import assert from 'node:assert/strict';
import vm from 'node:vm';
import { createRedactor } from '../../src/core/redaction.ts';
import { safeJson } from '../../src/core/safeJson.ts';

const recorded = (value: unknown): unknown => JSON.parse(safeJson(value) ?? 'null');
const refuses = (): never => {
  throw new Error('not for you');
};

describe('A value that JSON has no form for', () => {
  class Url extends URL {}
  const cases: Readonly<Record<string, readonly [value: unknown, shown: unknown]>> = {
    'an error': [
      Object.assign(new TypeError('no host', { cause: new Error('no net') }), { code: 'E1' }),
      {
        name: 'TypeError',
        message: 'no host',
        cause: { name: 'Error', message: 'no net' },
        code: 'E1',
      },
    ],
    'an error that holds others': [
      new AggregateError([new Error('one')], 'all'),
      { name: 'AggregateError', message: 'all', errors: [{ name: 'Error', message: 'one' }] },
    ],
    'a map': [
      new Map<unknown, unknown>([
        ['a', 1],
        [2, 'b'],
      ]),
      { a: 1, 2: 'b' },
    ],
    'a map of objects': [
      new Map([
        [{ id: 1 }, 'a'],
        [{ id: 2 }, 'b'],
      ]),
      [
        [{ id: 1 }, 'a'],
        [{ id: 2 }, 'b'],
      ],
    ],
    'a set': [new Set([1, 'b']), [1, 'b']],
    'headers, without those that carry keys': [
      new Headers({ accept: 'text', authorization: 'Bearer abc', 'x-api-key': 'abc' }),
      { accept: 'text' },
    ],
    'a date': [new Date(0), '1970-01-01T00:00:00.000Z'],
    'a date that is none': [new Date('never'), 'Invalid Date'],
    'a pattern': [/a+/gi, '/a+/gi'],
    'an address': [new Url('https://example.com/a?b=c'), 'https://example.com/a?b=c'],
    'a query': [new URLSearchParams({ a: '1' }), 'a=1'],
    'a large number': [12345678901234567890n, '12345678901234567890'],
    'a large number in a box': [Object(5n), '5'],
    'a text in a box': [Object('ab'), 'ab'],
    bytes: [Buffer.from('abc'), '[3 bytes]'],
    'a buffer': [new ArrayBuffer(5), '[5 bytes]'],
    'a blob': [new Blob(['abcd']), '[4 bytes]'],
    'a request': [
      new Request('https://example.com/', { method: 'POST' }),
      { method: 'POST', url: 'https://example.com/' },
    ],
    'a response': [new Response('x', { status: 404 }), { status: 404, url: '' }],
    'a promise': [Promise.resolve(1), '[promise]'],
    'an object that says what it is': [{ toJSON: () => 'mine' }, 'mine'],
    'a list of another realm': [vm.runInNewContext('[1, new Map([["a", 2]])]'), [1, { a: 2 }]],
  };
  const { fields } = createRedactor({ mode: 'off' });
  for (const [what, [value, shown]] of Object.entries(cases)) {
    it(`has a useful one: ${what}`, () => {
      assert.deepEqual(recorded({ value, next: 1 }), { value: shown, next: 1 });
      assert.deepEqual(
        recorded({
          value,
          get bad() {
            return refuses();
          },
        }),
        { value: shown, bad: '[unreadable]' },
      );
      const { redacted: _, ...looked } = fields({ value, next: 1 });
      assert.deepEqual(looked, { value: shown, next: 1 }, 'also where it is looked through');
    });
  }

  it('stands alone as well', () => {
    assert.deepEqual([/a/, new Map([['a', 1n]]), 7n, 'x'].map(recorded), [
      '/a/',
      { a: '1' },
      '7',
      'x',
    ]);
    assert.equal(safeJson(undefined), undefined);
    assert.equal(safeJson(refuses), undefined);
  });
});

describe('A part that cannot be recorded', () => {
  it('is replaced, and the others are kept', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const self: Record<string, unknown> = { n: 1 };
    self.self = self;
    const map = new Map<string, unknown>();
    map.set('self', map);
    const error = new Error('round');
    error.cause = error;
    const value = {
      before: [1, { text: 'kept' }],
      getter: {
        a: 1,
        get b() {
          return refuses();
        },
      },
      says: { toJSON: refuses },
      lists: [
        {
          get a() {
            return refuses();
          },
        },
        2,
      ],
      proxy,
      self,
      map,
      error,
      list: Object.defineProperty([1, 2], 1, { get: refuses }),
      authorization: 'Bearer abc',
      after: 'kept',
    };
    assert.deepEqual(recorded(value), {
      before: [1, { text: 'kept' }],
      getter: { a: 1, b: '[unreadable]' },
      says: '[unreadable]',
      lists: [{ a: '[unreadable]' }, 2],
      proxy: '[unreadable]',
      self: { n: 1, self: '[circular]' },
      map: { self: '[circular]' },
      error: { name: 'Error', message: 'round', cause: '[circular]' },
      list: [1, '[unreadable]'],
      after: 'kept',
    });
  });

  it('is one that is too deep, or that never ends', () => {
    let deep: unknown = 'end';
    for (let i = 0; i < 100_000; i++) deep = { deep };
    const text = safeJson({ a: 1, deep, b: 2 }) ?? '';
    assert.match(text, /^\{"a":1,.*\[too deep\].*,"b":2\}$/);
    const endless = (): object => ({
      get left() {
        return endless();
      },
      get right() {
        return endless();
      },
    });
    assert.match(safeJson({ endless: endless(), b: 2 }) ?? '', /\[too many values\].*,"b":2\}$/);
  });
});
