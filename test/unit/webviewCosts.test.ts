import assert from 'node:assert/strict';
import type { Query } from '../../src/core/query/ast.ts';
import { parseQuery } from '../../src/core/query/parse.ts';
import { narrowed } from '../../webview/costs/narrowed.ts';

/** The terms of a query that asks for all of them. */
function terms(text: string): readonly string[] {
  const { query } = parseQuery(text);
  assert.ok(query, text);
  const parts: readonly Query[] = query.kind === 'and' ? query.parts : [query];
  return parts.map(part =>
    part.kind === 'field' ? `${part.field}${part.comparison}${part.written.text}` : part.kind,
  );
}

describe('a press on a row of costs', () => {
  it('asks for just that tool, model, name or day, whatever it is called', () => {
    for (const key of ['search', 'a "b" \\ c', '(x) OR y|z', '-a:b*', '漢字', 'claude-haiku-4-5']) {
      for (const by of ['tool', 'model'] as const) {
        assert.deepEqual(terms(narrowed('', by, key)?.text ?? ''), [`${by}=${key}`]);
      }
      assert.deepEqual(narrowed('', 'name', key), { name: key });
    }
    assert.deepEqual(narrowed('', 'day', '2026-02-28'), {
      text: 'after:2026-02-28 before:2026-03-01',
      period: 'all',
    });
  });

  it('does nothing where no filter finds the runs of the row', () => {
    for (const key of ['', '(model)', '(other)', 'a\nb', ' a']) {
      assert.equal(narrowed('', 'tool', key), undefined, key);
    }
    assert.equal(narrowed('', 'name', '(other)'), undefined);
    assert.equal(narrowed('', 'day', '2026-13-01'), undefined);
  });

  it('keeps what was asked for, but for what an earlier press asked', () => {
    const text = (before: string, by: 'tool' | 'model' | 'day', key: string) =>
      narrowed(before, by, key)?.text;
    assert.equal(text('status:error', 'tool', 'a'), 'status:error tool="a"');
    assert.equal(text('x tool="a \\" b" y', 'model', 'm'), 'x y model="m"');
    assert.equal(text('tool="a"', 'tool', 'b'), 'tool="b"');
    const day = text('tool="a"', 'day', '2026-11-28') ?? '';
    assert.equal(text(day, 'day', '2026-11-27'), 'tool="a" after:2026-11-27 before:2026-11-28');
    assert.deepEqual(terms(text('a OR b', 'tool', 't') ?? ''), ['or', 'tool=t']);
    assert.equal(text('cots>1 (', 'tool', 't'), 'tool="t"', 'what is no query is not kept');
  });
});
