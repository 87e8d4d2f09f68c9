import assert from 'node:assert/strict';
import { cut } from '../../src/core/content.ts';
import { jsonRoot, membersOf } from '../../webview/json/nodes.ts';
import { JsonText, type TreeRow, type Unfolded } from '../../webview/json/rows.ts';
import { codeFields } from '../../webview/span/codeFields.ts';

const tree = (text: string): JsonText => {
  const json = JsonText.of(text);
  assert.ok(json, text.slice(0, 60));
  return json;
};

const drawn = (json: JsonText, unfolded: Unfolded): readonly string[] =>
  json.rows(unfolded).map(row => `${'  '.repeat(row.depth)}${words(row)}`);

function words(row: TreeRow): string {
  if (row.type === 'close') return row.node.cut ? '…' : row.node.kind === 'object' ? '}' : ']';
  if (row.type === 'more') return `${row.total - row.shown} more`;
  const value = row.open === undefined ? row.text : row.open ? '(' : `+${row.total}`;
  return `${row.node.key ?? ''}${row.node.key ? ': ' : ''}${value}${row.comma && !row.open ? ',' : ''}`;
}

const long = (name: string) => `{"name": "${name}", "about": "${'x'.repeat(80)}"}`;

describe('a JSON tree', () => {
  it('has every value as it was recorded, in its order', () => {
    const json = tree('{"a": 1.0, "b": 12345678901234567890, "a": 1e3, "10": -0, "2": "\\u00e4"}');
    assert.deepEqual(drawn(json, json.unfolded(20)), [
      '(',
      '  "a": 1.0,',
      '  "b": 12345678901234567890,',
      '  "a": 1e3,',
      '  "10": -0,',
      '  "2": "\\u00e4"',
      '}',
    ]);
  });

  it('puts small parts on one line and unfolds as much as there is room for', () => {
    const json = tree(`{"small": [1, {"x": true}], "large": ${long('a')}, "list": [${long('b')}]}`);
    assert.deepEqual(drawn(json, json.unfolded(8)), [
      '(',
      '  "small": [1, {"x": true}],',
      '  "large": (',
      '    "name": "a",',
      `    "about": "${'x'.repeat(80)}"`,
      '  }',
      '  "list": +1',
      '}',
    ]);
  });

  it('shows a long list step by step', () => {
    const json = tree(`[${'1,'.repeat(999)}1]`);
    const rows = json.rows(json.unfolded(10));
    assert.equal(rows.length, 1 + 9 + 1 + 1);
    assert.deepEqual(rows.filter(row => row.type === 'more').map(words), ['991 more']);
    const more = json.rows({ open: new Set([0]), shown: new Map([[0, 1000]]) });
    assert.equal(more.length, 1002);
  });

  it('says where a text is cut off', () => {
    for (const [text, last] of [
      ['{"a": 1, "b": [1, 2', '…'],
      ['{"a": "unfinis', '…'],
      ['{"a": tr', '…'],
      ['{"a": {"b": 1}', '…'],
      ['{"a": {"b": 1}}', '}'],
    ] as const) {
      const json = tree(text);
      assert.equal(drawn(json, json.unfolded(10)).at(-1), last, text);
    }
  });

  it('is none for what is no JSON, so that nothing is hidden', () => {
    for (const text of [
      '',
      '1',
      '"a"',
      '{a: 1}',
      '[1 2]',
      '{"a" 1}',
      '[1,]',
      '{"a": 1} and more',
      '[}',
      'see [1]',
      '{"a": nonsense',
    ]) {
      assert.equal(JsonText.of(text), undefined, text);
    }
  });

  it('survives deep and broken texts', () => {
    for (const text of ['['.repeat(100_000), `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`]) {
      const json = tree(text);
      assert.ok(json.rows(json.unfolded(27)).length <= 40);
    }
    assert.equal(JsonText.of(']'.repeat(1000)), undefined);
    const quotes = `{"a": "${'\\'.repeat(100_000)}"}`;
    assert.equal(tree(quotes).unfolded(5).open.size, 1);
  });

  it('counts members without making them', () => {
    const text = `[${'{"a": 1},'.repeat(50_000)}2]`;
    const root = jsonRoot(text);
    assert.ok(root);
    const members = membersOf(text, root, 3);
    assert.equal(members.nodes.length, 3);
    assert.equal(members.total, 50_001);
  });
});

describe('codeFields', () => {
  const of = (tool: string, input: object) =>
    codeFields(tool, cut(JSON.stringify(input, undefined, 2))).map(
      one => `${one.name} ${one.language}`,
    );

  it('finds code of several lines by its name, its file or its tool', () => {
    assert.deepEqual(of('run', { command: 'cd x\nls' }), ['command bash']);
    assert.deepEqual(of('write_file', { path: '/a/b.rs', content: 'fn\nmain' }), ['content rust']);
    assert.deepEqual(of('run_python', { code: 'a = 1\nb = 2' }), ['code python']);
  });

  it('leaves other texts alone', () => {
    assert.deepEqual(of('run', { command: 'ls', text: 'one\ntwo', code: 'what\nis this' }), []);
    assert.deepEqual(codeFields('python', cut('"code": \\n')), []);
  });
});
