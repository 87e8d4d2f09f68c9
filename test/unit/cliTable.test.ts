import assert from 'node:assert/strict';
import { table, width } from '../../src/cli/table.ts';
import type { Terminal } from '../../src/cli/terminal.ts';

const terminal = (columns: number | undefined): Terminal => ({
  write: () => undefined,
  error: () => undefined,
  columns,
  colour: false,
});
const columns = [
  { title: 'RUN', shrinksTo: 12 },
  { title: 'ID' },
  { title: 'ERROR', shrinksTo: 5 },
];
const long = 'a'.repeat(200);

describe('a table of the command line', () => {
  it('gives one long text half of a line at most, also where no terminal is', () => {
    for (const [available, most] of [
      [undefined, 80],
      [300, 150],
      [120, 60],
    ] as const) {
      const [head = '', first = '', second = ''] = table(
        terminal(available),
        columns,
        [long, 'b'].map(text => [{ text }, { text: '7' }, { text: 'no' }]),
      ).split('\n');
      assert.equal(head.indexOf('ID'), most + 2);
      assert.equal(first, `${'a'.repeat(most - 1)}…  7   no`);
      assert.equal(second.indexOf('7'), most + 2);
    }
  });

  it('keeps ids whole, and the last text where nothing is as wide', () => {
    const rows = [[{ text: 'b' }, { text: long }, { text: long }]];
    const [, row = ''] = table(terminal(undefined), columns, rows).split('\n');
    assert.equal(row, `b    ${long}  ${long}`);
    const narrow = table(terminal(60), columns, [[{ text: long }, { text: '7' }, { text: long }]]);
    assert.ok(
      narrow.split('\n').every(line => width(line) <= 60),
      narrow,
    );
  });
});
