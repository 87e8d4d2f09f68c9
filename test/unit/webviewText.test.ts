import assert from 'node:assert/strict';
import { visible } from '../../src/core/describe.ts';
import { excerpt } from '../../webview/ui/excerpt.ts';
import { jsonTokens, looksLikeJson } from '../../webview/ui/jsonTokens.ts';
import { splitMarks, withEscaped } from '../../webview/ui/marks.ts';
import { collapse, indent } from '../../webview/ui/reflow.ts';

const hostile = [
  '',
  '"',
  '"\\',
  '"\\\n"',
  '-',
  '--1.e+',
  '1.2.3e4e5',
  'nulltrue falsey null',
  '{"a": </script><img src=x onerror=alert(1)>}',
  '\u0000\u202e"\ud800": [tru',
  '{"unclosed: [1, 2\n"next": true}',
  '"'.repeat(1001),
  '['.repeat(5000),
  'word '.repeat(40_000),
];

const joined = (pieces: readonly { readonly text: string }[]): string =>
  pieces.map(one => one.text).join('');

describe('jsonTokens', () => {
  it('tells keys, strings, numbers and words apart', () => {
    const tokens = jsonTokens('{"a" : "b", "n": -1.5e3, "t": true, "x": null}');
    const coloured = tokens.filter(one => one.kind !== 'plain');
    assert.deepEqual(
      coloured.map(one => `${one.kind} ${one.text}`),
      [
        'key "a"',
        'string "b"',
        'key "n"',
        'number -1.5e3',
        'key "t"',
        'word true',
        'key "x"',
        'word null',
      ],
    );
  });

  it('loses no character, whatever it is given', () => {
    for (const text of hostile) assert.equal(joined(jsonTokens(text)), text);
  });

  it('stays quick and small for a text of 4 MB', () => {
    const text = `["${'x'.repeat(2_000_000)}",${'1,'.repeat(1_000_000)}2]`;
    const tokens = jsonTokens(text);
    assert.equal(joined(tokens), text);
    assert.ok(tokens.length < 100_000);
  });

  it('ends a string that is never closed with its line', () => {
    const [, , , second] = jsonTokens('{"open: 1\n"key": 2}');
    assert.equal(second?.text, '"key"');
  });
});

describe('looksLikeJson', () => {
  it('takes objects and lists, also cut off, and no prose in brackets', () => {
    for (const text of ['{}', '{"a', '[1, 2', '[]', '[{"a": 1}]', ' {\n "a": 1']) {
      assert.ok(looksLikeJson(text), text);
    }
    for (const text of ['', 'text', '[see below] text', '{name} is missing', '12']) {
      assert.ok(!looksLikeJson(text), text);
    }
  });
});

describe('splitMarks', () => {
  it('marks whole words only, the longest of several', () => {
    const pieces = splitMarks('1.20 is not 11.20, 1.205 or 1.2; INV-1 is', [
      '1.20',
      '1.2',
      'INV-1',
    ]);
    assert.deepEqual(
      pieces.filter(one => one.marked).map(one => one.text),
      ['1.20', '1.2', 'INV-1'],
    );
  });

  it('loses no character', () => {
    for (const text of hostile) {
      assert.equal(joined(splitMarks(text, ['a', '1', '"', 'word', ''])), text);
    }
  });

  it('finds values as they are escaped in JSON', () => {
    const [, hit] = splitMarks('{"a": "one\\ntwo"}', withEscaped(['one\ntwo']));
    assert.deepEqual(hit, { text: 'one\\ntwo', marked: true });
  });
});

describe('excerpt', () => {
  const text = Array.from({ length: 100 }, (_, line) => `line ${line}`).join('\n');

  it('is the beginning, counted in lines', () => {
    const shown = excerpt(text, 3, 1000);
    assert.deepEqual(shown, {
      text: 'line 0\nline 1\nline 2',
      before: false,
      after: true,
      lines: 3,
    });
  });

  it('keeps what is looked for in sight', () => {
    const shown = excerpt(text, 5, 1000, text.indexOf('line 60'));
    assert.ok(shown.before && shown.after);
    assert.match(shown.text, /^line 58\n.*line 60\n/s);
  });

  it('is bounded for one endless line, and parts no surrogate pair', () => {
    for (const around of [0, 50_001]) {
      const shown = excerpt('😀'.repeat(50_000), 10, 901, around);
      assert.ok(shown.text.length <= 901);
      assert.ok(shown.text.isWellFormed());
    }
  });

  it('is all of a short text', () => {
    assert.deepEqual(excerpt('a\nb', 5, 100), {
      text: 'a\nb',
      before: false,
      after: false,
      lines: 2,
    });
  });
});

describe('visible', () => {
  it('draws control characters and keeps lines and tabs', () => {
    assert.equal(
      visible('a\r\nb\tc\u0000\u001b[31m\u007f\u202e'),
      'a\nb\tc\u2400\u241b[31m\u2421\ufffd',
    );
  });

  it('draws what reorders a line of code, and leaves it in prose, where languages need it', () => {
    const text = '\u2067a\u2069 \u202bb\u202c \u202ec\u200f';
    assert.equal(visible(text), '\ufffda\ufffd \ufffdb\ufffd \ufffdc\u200f');
    assert.equal(visible(text, 'prose'), '\u2067a\u2069 \u202bb\u202c \ufffdc\u200f');
  });
});

describe('reflow', () => {
  it('puts small JSON on one line', () => {
    assert.equal(
      collapse('{\n  "a": "x  y",\n  "b": [\n    1\n  ]\n}'),
      '{ "a": "x  y", "b": [ 1 ] }',
    );
  });

  it('indents without touching values', () => {
    const text = '{"n":1.20,"s":"a, {b}: c","l":[],"o":{"x":[1,2]}}';
    const indented = indent(text);
    assert.deepEqual(JSON.parse(indented), JSON.parse(text));
    assert.match(indented, /\n {2}"n": 1\.20,\n {2}"s": "a, \{b\}: c",\n {2}"l": \[\],\n/);
  });
});
