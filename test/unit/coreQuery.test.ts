import assert from 'node:assert/strict';
import { offered } from '../../src/core/query/complete.ts';
import { parseQuery } from '../../src/core/query/parse.ts';
import { problemWords } from '../../src/core/query/problem.ts';
import { momentOf } from '../../src/core/query/values.ts';
import { englishWords } from '../../src/core/words.ts';
import { printQuery } from './support/printQuery.ts';
import { numbers } from './support/runs.ts';

/** A query with its nesting made visible. */
function read(text: string): string {
  const { query, problem } = parseQuery(text);
  if (problem) return `${problem.code} ${problem.at}+${problem.length}`;
  return query ? printQuery(query) : 'nothing';
}

function problemOf(text: string) {
  const { problem } = parseQuery(text);
  assert.ok(problem, `“${text}” is a query`);
  return problem;
}

describe('the query language', () => {
  it('joins terms by and, binds that closer than OR, and knows parentheses and what is left out', () => {
    const same: readonly (readonly [string, string])[] = [
      ['', 'nothing'],
      ['  ', 'nothing'],
      ['a b', 'a b'],
      ['a AND b && c', 'a b c'],
      ['a b OR c | d || e', 'a b OR c OR d OR e'],
      ['a (b OR c)', 'a (b OR c)'],
      ['(a b) c', 'a b c'],
      ['-a NOT b', '-a -b'],
      ['-(a b)', '-(a b)'],
      ['NOT NOT a', '-(-a)'],
      ['-tool:x -"a b"', '-tool:x -"a b"'],
    ];
    for (const [text, expected] of same) assert.equal(read(text), expected, text);
    const { query } = parseQuery('a b OR c');
    assert.equal(query?.kind, 'or', 'the two words are one side');
  });

  it('takes words as they are, and what is in quotes with everything in it', () => {
    for (const text of [
      'and',
      'or not',
      'foo-bar',
      'a-b -c-',
      'ünïcode 日本',
      "it's",
      '100%',
      '.*',
    ]) {
      assert.equal(read(text), text);
    }
    assert.equal(read('"a:b (c) \\"d\\" \\\\"'), '"a:b (c) \\"d\\" \\\\"');
    assert.equal(read('note: this'), 'unknownField 0+4', 'only in quotes may there be a colon');
  });

  it('reads fields in any case, with their comparisons, also apart and behind a colon', () => {
    const same: readonly (readonly [string, string])[] = [
      ['STATUS:Failed', 'status:Failed'],
      ['cost > 0.05', 'cost>0.05'],
      ['cost:>=0.05', 'cost>=0.05'],
      ['duration<= 1m30s', 'duration<=1m30s'],
      ['tool!=search', '-tool=search'],
      ['name:"a b"', 'name:"a b"'],
      ['error:http://x:80/y', 'error:http://x:80/y'],
      ['after:2026-11-01T14:30', 'after:2026-11-01T14:30'],
      ['span.status:error', 'span.status:error'],
    ];
    for (const [text, expected] of same) assert.equal(read(text), expected, text);
  });

  it('reads amounts, counts and durations with their units', () => {
    const value = (text: string): unknown => {
      const { query } = parseQuery(text);
      return query?.kind === 'field' && query.value.kind === 'number' ? query.value.number : text;
    };
    assert.deepEqual(
      ['cost>$1.50', 'cost>.5', 'tokens>10k', 'tokens>1.5M', 'spans=7', 'duration>250ms'].map(
        value,
      ),
      [1.5, 0.5, 10_000, 1_500_000, 7, 250],
    );
    assert.deepEqual(
      ['duration>10s', 'duration>1.5m', 'duration>2h', 'duration>1m30s'].map(value),
      [10_000, 90_000, 7_200_000, 90_000],
    );
  });

  it('reads times: dates and days of this machine, zones, and times ago', () => {
    const now = new Date(2026, 10, 18, 15, 30).getTime();
    const at = (text: string): number => {
      const { query } = parseQuery(`after:${text}`);
      assert.ok(query?.kind === 'field' && query.value.kind === 'time', text);
      return momentOf(query.value.time, now);
    };
    assert.equal(at('2026-11-01'), new Date(2026, 10, 1).getTime());
    assert.equal(at('2026-07-01T14:30:15.5'), new Date(2026, 6, 1, 14, 30, 15, 500).getTime());
    assert.equal(at('"2026-11-01 14:30"'), new Date(2026, 10, 1, 14, 30).getTime());
    assert.equal(at('2026-11-01T14:30Z'), Date.UTC(2026, 10, 1, 14, 30));
    assert.equal(at('2026-11-01T14:30+05:30'), Date.UTC(2026, 10, 1, 9, 0));
    assert.equal(at('today'), new Date(2026, 10, 18).getTime());
    assert.equal(at('yesterday'), new Date(2026, 10, 17).getTime());
    assert.equal(at('2h'), now - 7_200_000);
    assert.equal(at('7d'), now - 7 * 86_400_000);
    for (const wrong of ['2026-02-30', '2026-13-01', '2026-11-01T25:00', 'soon', '5']) {
      assert.equal(problemOf(`after:${wrong}`).code, 'wrongTime', wrong);
    }
  });
});

describe('what is wrong with a query', () => {
  it('is said with its place', () => {
    const places: readonly (readonly [string, string])[] = [
      ['a "b c', 'openQuote 2+4'],
      ['(a', 'openParenthesis 0+1'],
      ['a (', 'openParenthesis 2+1'],
      ['a) b', 'strayParenthesis 1+1'],
      ['a ()', 'emptyParentheses 2+2'],
      ['OR a', 'nothingBefore 0+2'],
      ['a OR', 'nothingAfter 2+2'],
      ['a AND', 'nothingAfter 2+3'],
      ['a | ) b', 'nothingAfter 2+1'],
      ['a NOT', 'nothingAfter 2+3'],
      ['a OR OR b', 'nothingBefore 5+2'],
      ['>5', 'noField 0+1'],
      ['-', 'loneMinus 0+1'],
      ['a - b', 'loneMinus 2+1'],
      ['a -', 'loneMinus 2+1'],
      ['(-)', 'nothingAfter 1+1'],
      ['a cots>1', 'unknownField 2+4'],
      ['a cost>', 'noValue 2+5'],
      ['tool: x', 'noValue 0+5'],
      ['tool>x', 'wrongComparison 0+5'],
      ['after>today', 'wrongComparison 0+6'],
      ['status:bad x', 'wrongWord 7+3'],
      ['cost>5ct', 'wrongUsd 5+3'],
      ['tokens>many', 'wrongCount 7+4'],
      ['duration>10', 'wrongDuration 9+2'],
      [`${'('.repeat(99)}a`, 'tooDeep 50+1'],
      ['x'.repeat(10_001), 'tooLong 10000+1'],
    ];
    for (const [text, expected] of places) assert.equal(read(text), expected, text.slice(0, 60));
  });

  it('comes with what was probably meant and what is possible', () => {
    const words = (text: string): string => problemWords(problemOf(text), englishWords);
    assert.match(words('cots>1'), /no field “cots”.* Did you mean cost\? Possible: status, name,/);
    assert.match(words('dur>1s'), /Did you mean duration\?/);
    assert.match(words('kind:tol'), /Did you mean tool\? Possible: agent, llm, tool,/);
    assert.match(words('status:erorr'), /Did you mean error\?/);
    assert.match(words('duration>10'), /needs a unit: ms, s, m, h.* Possible: 250ms, 10s,/);
    assert.match(words('tool>x'), /Possible: :, =\./);
    assert.doesNotMatch(words('http://x'), /Did you mean/);
  });

  it('is said of any text whatever, or it is a query that is read as it is printed', () => {
    const next = numbers(42);
    const bits = [
      ...'abc "()|&!=<>:-*\\.$0159\n\t',
      'é',
      '\ud83d',
      'OR ',
      'AND ',
      'NOT ',
      'status:',
      'cost>',
      'duration<',
      'after:',
      'tool!=',
      '10s',
      'error',
      '0.5',
      'today',
      '2026-11-01',
      'span.status=',
    ];
    let queries = 0;
    for (let i = 0; i < 20_000; i++) {
      const length = Math.floor(next() * 14);
      const text = Array.from({ length }, () => bits[Math.floor(next() * bits.length)]).join('');
      const { query, problem } = parseQuery(text);
      if (problem) {
        const inside = problem.at >= 0 && problem.at + problem.length <= text.length;
        assert.ok(inside && problem.length > 0, JSON.stringify({ text, problem }));
      } else if (query) {
        queries++;
        const printed = printQuery(query);
        assert.deepEqual(parseQuery(printed), { query }, JSON.stringify({ text, printed }));
      }
    }
    assert.ok(queries > 2000, `${queries} of them were queries`);
  });
});

describe('what can be typed', () => {
  it('are the fields that begin like the word at the caret, and the values of one', () => {
    const at = (text: string) => offered(text, text.length)?.options.map(one => one.insert);
    assert.deepEqual(at('sp'), [
      'spans',
      'span.status:',
      'span.cost',
      'span.duration',
      'span.tokens',
      'span.input',
      'span.output',
    ]);
    assert.deepEqual(at('status:error to'), ['tool:', 'tokens']);
    assert.deepEqual(at('-status:r'), ['running']);
    assert.deepEqual(at('kind:'), ['agent', 'llm', 'tool', 'retrieval', 'chain', 'other']);
    assert.equal(at('"sta'), undefined);
    assert.equal(at('zzz'), undefined);
    assert.deepEqual(offered('a sta b', 5), {
      at: 2,
      length: 3,
      options: [{ insert: 'status:', label: 'status' }],
    });
  });
});
