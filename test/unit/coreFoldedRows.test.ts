import assert from 'node:assert/strict';
import { foldedBelow, placeOf, revealed, shownRows, withFold } from '../../src/core/foldedRows.ts';
import { columns, timed } from './support/columns.ts';

const drawn = columns(`
run agent 0-9
  a agent 1-5
    b agent 1-4
      c llm 1-2
    d llm 4-5
  e tool 6-7
`);
const fold = (...names: string[]): Uint8Array =>
  names.reduce<Uint8Array>(
    (all, name) => withFold(all, drawn.rowOf(name), true),
    new Uint8Array(drawn.count),
  );
const seen = (folded: Uint8Array): string =>
  [...shownRows(drawn, folded)].map(row => drawn.nameOf(row)).join(' ');

describe('folding', () => {
  it('hides what is below a span, and gives it back as it was', () => {
    assert.equal(seen(fold()), 'run a b c d e');
    assert.equal(seen(fold('b')), 'run a b d e');
    assert.equal(seen(fold('a', 'b')), 'run a e');
    assert.equal(seen(withFold(fold('a', 'b'), drawn.rowOf('a'), false)), 'run a b d e');
    assert.equal(seen(fold('run')), 'run');
    assert.equal(seen(fold('c')), 'run a b c d e', 'nothing is below c');
  });

  it('by level shows as many levels, and one more when a span is unfolded', () => {
    assert.equal(seen(foldedBelow(drawn, 1)), 'run');
    assert.equal(seen(foldedBelow(drawn, 2)), 'run a e');
    assert.equal(seen(withFold(foldedBelow(drawn, 2), drawn.rowOf('a'), false)), 'run a b d e');
    assert.equal(seen(foldedBelow(drawn, 9)), 'run a b c d e');
  });

  it('says where a span is, or what it is folded into', () => {
    const at = (name: string, folded: Uint8Array): string => {
      const rows = shownRows(drawn, folded);
      return drawn.nameOf(rows[placeOf(rows, drawn.rowOf(name))] ?? -1);
    };
    assert.equal(at('e', fold('a')), 'e');
    assert.equal(at('c', fold('a')), 'a');
    assert.equal(at('d', fold('b')), 'd');
  });

  it('is undone above a span that is looked for, and only there', () => {
    assert.equal(seen(revealed(drawn, fold('run', 'a', 'b'), drawn.rowOf('d'))), 'run a b d e');
  });

  it('goes through no more rows than are shown, in a chain of 100,000', () => {
    const deep = timed(100_000, row => ({ parent: row - 1, start: 0, end: 1 }));
    const all = new Uint8Array(100_000);
    assert.equal(shownRows(deep, all).length, 100_000);
    assert.deepEqual([...shownRows(deep, withFold(all, 1, true))], [0, 1]);
    assert.equal(shownRows(deep, foldedBelow(deep, 500)).length, 500);
    assert.equal(shownRows(deep, revealed(deep, foldedBelow(deep, 1), 99_999)).length, 100_000);
  });
});
