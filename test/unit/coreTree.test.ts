import assert from 'node:assert/strict';
import { ancestors, deepestRow, rowAbove, rowsBelow } from '../../src/core/tree.ts';
import { names, span, tree } from './support/tree.ts';

describe('tree', () => {
  it('orders children by start, then as recorded, without a start last', () => {
    const t = tree(`
root agent 0-9
  c tool -8
  b tool 5-6
  a1 tool 1-2
  a2 tool 1-2
`);
    assert.equal(names(t.ordered), 'root a1 a2 b c');
    assert.deepEqual(
      t.ordered.map(node => node.order),
      [0, 1, 2, 3, 4],
    );
  });

  it('sorts a NaN start like a missing one', () => {
    const t = tree([
      span('root'),
      span('nan', { parentSpanId: 'root', start: Number.NaN }),
      span('late', { parentSpanId: 'root', start: 9 }),
      span('early', { parentSpanId: 'root', start: 1 }),
    ]);
    assert.equal(names(t.ordered), 'root early late nan', 'NaN compares false both ways');
  });

  it('hangs orphans and second roots below the earliest root', () => {
    const t = tree(`
late agent 50-60
lost tool 1-2 <gone
root agent 10-40
`);
    assert.equal(
      names(t.ordered),
      'root lost late',
      'an orphan is no root while there is a real one',
    );
    assert.equal(t.get('lost').flaw, 'orphan');
    assert.equal(t.get('late').flaw, 'second-root');
    assert.equal(t.root.flaw, undefined);
  });

  it('takes the earliest orphan as root where the root is missing, and says so', () => {
    const t = tree('b tool 5-6 <gone\na tool 1-2 <gone');
    assert.equal(t.root.span.name, 'a');
    assert.equal(t.root.flaw, 'orphan');
  });

  it('cuts a ring at its earliest span, in whatever order the rows are', () => {
    for (const rows of [
      'a x 1-2 <b\nb x 3-4 <c\nc x 5-6 <a',
      'c x 5-6 <a\nb x 3-4 <c\na x 1-2 <b',
    ]) {
      const t = tree(rows);
      assert.equal(names(t.ordered), 'a c b');
      assert.equal(t.root.flaw, 'cycle');
    }
  });

  it('survives a span that is its own parent, and two rings beside a root', () => {
    const t = tree(`
self x 3-4 <self
root agent 0-9
a x 1-2 <b
b x 2-3 <a
c x 5-6 <d
d x 6-7 <c
tail x 8-9 <d
`);
    assert.equal(names(t.ordered), 'root a b self c d tail');
    assert.deepEqual(
      t.ordered.filter(node => node.flaw === 'cycle').map(node => node.span.name),
      ['a', 'self', 'c'],
      'one span of each ring is named, the rest has a parent',
    );
  });

  for (const levels of [1_000, 30_000]) {
    it(`nests ${levels} levels deep without recursion`, () => {
      const t = tree(
        Array.from({ length: levels }, (_, i) =>
          span(`s${i}`, { parentSpanId: i === 0 ? undefined : `s${i - 1}`, start: i }),
        ).reverse(),
      );
      assert.equal(t.ordered.length, levels);
      assert.equal(t.get(`s${levels - 1}`).depth, levels - 1);
      assert.equal([...ancestors(t.get(`s${levels - 1}`))].length, levels - 1);
    });
  }

  it('shows all that lies below the deepest rows in one list, in the order of the tree', () => {
    const chain = Array.from({ length: deepestRow + 3 }, (_, i) =>
      span(`s${i}`, { parentSpanId: i === 0 ? undefined : `s${i - 1}` }),
    );
    const branch = span('branch', { parentSpanId: `s${deepestRow}`, start: 1 });
    const beside = span('beside', { parentSpanId: `s${deepestRow - 2}`, start: 1 });
    const t = tree([...chain, branch, beside]);
    const below = (name: string): string => names(rowsBelow(t, t.get(name)));
    assert.equal(below(`s${deepestRow - 2}`), `s${deepestRow - 1} beside`);
    const list = [deepestRow, deepestRow + 1, deepestRow + 2].map(i => `s${i}`).join(' ');
    assert.equal(below(`s${deepestRow - 1}`), `${list} branch`, 'beside is no descendant of it');
    assert.equal(below(`s${deepestRow}`), '');
    for (const node of t.ordered) {
      const above = rowAbove(node);
      assert.equal(above === undefined, node === t.root);
      if (above) assert.ok(rowsBelow(t, above).includes(node), node.span.name);
    }
  });

  it('takes 140,000 rings: more than a call can have arguments', () => {
    const rings = Array.from({ length: 140_000 }, (_, i) =>
      span(`s${i}`, { parentSpanId: `s${i}` }),
    );
    assert.equal(tree(rings).ordered.length, 140_000);
  });

  it('loses no span of any graph, and gives each one a place below the root', () => {
    let seed = 1;
    const random = (below: number): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    for (let round = 0; round < 500; round++) {
      const size = 1 + random(30);
      const rows = Array.from({ length: size }, (_, i) =>
        span(`s${i}`, {
          // Also ids that no span has, and none at all.
          parentSpanId: random(5) === 0 ? undefined : `s${random(size + 3)}`,
          start: random(4) === 0 ? undefined : random(10),
        }),
      );
      const t = tree(rows);
      const why = `round ${round}`;
      assert.equal(new Set(t.ordered).size, size, why);
      for (const node of t.ordered) {
        if (node === t.root) continue;
        assert.ok(node.parent, why);
        assert.ok(node.parent.children.includes(node), why);
        assert.equal(node.depth, node.parent.depth + 1, why);
        assert.ok(node.parent.order < node.order, `${why}: parents come first`);
        const recorded = node.span.parentSpanId;
        if (!node.flaw)
          assert.equal(node.parent.span.spanId, recorded, `${why}: no flaw, real parent`);
      }
    }
  });

  it('refuses an empty run', () => {
    assert.throws(() => tree([]), /at least one span/);
  });
});
