import assert from 'node:assert/strict';
import { headOf, topKeys } from '../../src/node/importHead.ts';
import { LineSplitter, type Splitter, ValueSplitter } from '../../src/node/recordSplitter.ts';

type Make = (to: ConstructorParameters<typeof LineSplitter>[0]) => Splitter;

/** What is given, however the bytes come. */
function given(make: Make, text: string): readonly string[] {
  const bytes = Buffer.from(text);
  const ways = [1, 2, 3, 7, bytes.length].map(size => {
    const all: string[] = [];
    const splitter = make({
      record: (record, line) => all.push(`${line} ${record}`),
      tooLong: line => all.push(`${line} too long`),
    });
    // As a file is read: the memory of a chunk is used again for the next one.
    const chunk = Buffer.alloc(size);
    for (let at = 0; at < bytes.length; at += size) {
      const length = bytes.copy(chunk, 0, at, at + size);
      splitter.bytes(chunk.subarray(0, length));
    }
    splitter.end();
    return all;
  });
  for (const way of ways) assert.deepEqual(way, ways[0]);
  return ways[0] ?? [];
}

describe('records of a file', () => {
  const lines: Make = to => new LineSplitter(to, 20);
  const values: Make = to => new ValueSplitter(to, 40);
  const cut: Make = to => new ValueSplitter(to, 40, ['spans', 'logs']);

  it('are its lines, of which too long ones are passed over', () => {
    assert.deepEqual(given(lines, '{"a":1}\n\n{"é":"…"}\r\n{"long":"123456789012345"}\n[2]'), [
      '1 {"a":1}',
      '3 {"é":"…"}\r',
      '4 too long',
      '5 [2]',
    ]);
  });

  it('are values that go over lines, one after another', () => {
    assert.deepEqual(given(values, '{\n "a": [1, {"b": "}]"}]\n}\n{"c":"\\"{"} {}'), [
      '1 {\n "a": [1, {"b": "}]"}]\n}',
      '4 {"c":"\\"{"}',
      '4 {}',
    ]);
  });

  it('are the elements of a list', () => {
    assert.deepEqual(given(values, '[{"a":[1]},\n{"b":2}] {"c":3}'), [
      '1 {"a":[1]}',
      '2 {"b":2}',
      '2 {"c":3}',
    ]);
  });

  it('are the elements of lists that can be cut, also where the whole would be too long', () => {
    const text = '{"x":{"spans":[0]},"spans":[{"a":[1]},{"b":"],"}],"logs":[{"c":3}],"y":1}{"z":2}';
    assert.deepEqual(given(cut, text), [
      '1 {"spans":[{"a":[1]}]}',
      '1 {"spans":[{"b":"],"}]}',
      '1 {"logs":[{"c":3}]}',
      '1 {"z":2}',
    ]);
    assert.deepEqual(given(cut, '[{"spans":[{"a":1}]},{"spans":[]},{"b":1}]'), [
      '1 {"spans":[{"a":1}]}',
      '1 {"b":1}',
    ]);
  });

  it('go on after one that is too long, or was cut off within a text', () => {
    const long = `{"a":"${'x'.repeat(50)}"}`;
    assert.deepEqual(given(values, `${long}\n{"b":"cut\n{"c":1}`), [
      '1 too long',
      '2 {"b":"cut',
      '3 {"c":1}',
    ]);
    assert.deepEqual(given(values, '{"a":[1'), ['1 {"a":[1']);
  });

  it('are told by the beginning of the file', () => {
    const shape = (text: string) => headOf(Buffer.from(text)).shape;
    assert.equal(shape('{"a":1}\n{"b":2}\n'), 'lines');
    assert.equal(shape('{"cut":\n{"a":1}\n{"b":2}'), 'lines');
    assert.equal(shape('{\n  "a": 1\n}\n'), 'values');
    assert.equal(shape('a\u0000b'), 'none');
    assert.equal(headOf(Buffer.from('\ufeff{"a":1}', 'utf16le')).shape, 'lines');
  });

  it('have keys that are known before they are read to their end', () => {
    const keys = (text: string) => [...topKeys(text)];
    const text = '{"trace":{"id":"a","in":{"no":1}},"list":[{"no":1}],"last":"cut';
    assert.deepEqual(keys(text), ['trace', 'trace.id', 'trace.in', 'list', 'last']);
    assert.deepEqual(keys('[{"a":1},{"b":2}]'), ['a']);
  });

  it('have beginnings that may be anything', () => {
    for (const text of [
      `{"a":"${'x'.repeat(900_000)}`,
      '['.repeat(900_000),
      `{"${'\\'.repeat(900_000)}`,
      '"'.repeat(900_001),
      // JSON in a text of JSON, as prompts are recorded: were each mark tried as a beginning, this took minutes.
      `{"a":"${'{\\"role\\":\\"user\\"},'.repeat(45_000)}`,
      '\ud800\n{"a":'.repeat(1000),
    ]) {
      assert.equal(headOf(Buffer.from(text)).shape, 'values');
    }
  });
});
