import assert from 'node:assert/strict';
import { brokenJson } from '../../src/core/brokenJson.ts';

describe('Where a text stops being JSON', () => {
  const whole =
    '{"a": [1, -2.5e+3, true, {"b": null, "": "x\\"\\u00e9\\n"}], "c": {}, "d": [[], false]}';

  it('is nowhere in JSON, nor in values one after another', () => {
    for (const text of [whole, '', ' \n', '[]', '0', `${whole}\n${whole}{}[]`, '"\u2028"']) {
      assert.equal(brokenJson(text), undefined, text);
    }
    const deep = 200_000;
    assert.equal(brokenJson('['.repeat(deep) + ']'.repeat(deep)), undefined);
  });

  it('is its end, wherever it is cut off', () => {
    for (let length = 1; length < whole.length; length++) {
      const cut = whole.slice(0, length);
      const end = cut.trimEnd().length + 1;
      assert.deepEqual(brokenJson(cut), { line: 1, column: end, isCutOff: true }, cut);
    }
    assert.deepEqual(brokenJson('{\n "a": [\n1,\n\n'), { line: 3, column: 3, isCutOff: true });
  });

  it('is the first thing that JSON does not have there', () => {
    for (const [text, line, column] of [
      ['{"a" 1}', 1, 6],
      ['{"a":1 "b":2}', 1, 8],
      ['{"a":1,}', 1, 8],
      ['[1,]', 1, 4],
      ['{\n  "a": nope\n}', 2, 8],
      ['[1}', 1, 3],
      ['["a\nb"]', 1, 4],
      ['["\\x"]', 1, 6],
      ['[01]', 1, 2],
      ["{'a':1}", 1, 2],
      [']', 1, 1],
      ['[1,,2]', 1, 4],
    ] as const) {
      assert.throws(() => JSON.parse(text));
      assert.deepEqual(brokenJson(text), { line, column, isCutOff: false }, text);
    }
  });
});
