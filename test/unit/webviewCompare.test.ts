import assert from 'node:assert/strict';
import type { ComparedFigures, Figures } from '../../src/core/compareRuns.ts';
import { formatCost, formatDuration, formatSigned, integer } from '../../src/core/format.ts';
import { englishWords } from '../../src/core/words.ts';
import { figureRows, nameCell } from '../../webview/compare/figureRows.ts';

const took = (part: Partial<ComparedFigures> = {}): ComparedFigures => ({
  spans: 2,
  failed: 0,
  duration: 1000,
  cost: 0.5,
  pricedCost: 0.5,
  unpricedCalls: 0,
  usage: { input: 10, output: 5 },
  llmCalls: 1,
  toolCalls: 0,
  ...part,
});
const unpriced: Partial<Figures> = { cost: undefined, pricedCost: 0.25, unpricedCalls: 2 };

describe('formatSigned', () => {
  it('puts a sign before what is more and what is less', () => {
    assert.equal(formatSigned(0.0498, formatCost), '+$0.0498');
    assert.equal(formatSigned(-24, integer), '−24');
    assert.equal(formatSigned(-0.00001, formatCost), '−<$0.0001');
    assert.equal(formatSigned(340, formatDuration), '+340 ms');
  });
});

describe('the figures of two runs', () => {
  const rows = (a: ComparedFigures, b: ComparedFigures) =>
    new Map(
      figureRows(a, b, englishWords).map(row => [
        row.label,
        [row.a, row.b, row.difference].join(' | '),
      ]),
    );

  it('stand side by side with their difference', () => {
    const found = rows(took(), took({ duration: 3500, spans: 1, cost: 0.75 }));
    assert.equal(found.get('measureDuration'), '1.00 s | 3.50 s | +2.50 s');
    assert.equal(found.get('measureSpans'), '2 | 1 | −1');
    assert.equal(found.get('measureCost'), '$0.5000 | $0.7500 | +$0.2500');
    assert.equal(found.get('measureLlmCalls'), '1 | 1 | same');
  });

  it('know no difference to what is unpriced, running or not recorded', () => {
    const found = rows(took(unpriced), took({ duration: undefined, usage: { input: 4 } }));
    assert.equal(found.get('measureCost'), '$0.2500 + 2 unpriced | $0.5000 | –');
    assert.equal(found.get('measureDuration'), '1.00 s | – | –');
    assert.equal(found.get('output'), '5 | – | –');
    assert.equal(found.get('uncachedInput'), '10 | 4 | −6');
    assert.ok(!found.has('cacheRead'), 'neither side recorded it');
  });

  it('count what was written to the cache for any time', () => {
    const wrote = took({ usage: { cacheWrite5m: 3, cacheWrite1h: 4 } });
    const found = rows(wrote, took({ usage: { cacheWrite5m: 9 } }));
    assert.equal(found.get('measureCacheWrite'), '7 | 9 | +2');
  });
});

describe('a cell of the table by name', () => {
  const cell = (...args: Parameters<typeof nameCell> extends [...infer P, unknown] ? P : never) => {
    const { a, b, difference } = nameCell(...args, englishWords);
    return [a, b, difference].join(' | ');
  };

  it('leaves the side open that has no such span, and still says how much it is', () => {
    assert.equal(cell(took(), undefined, 'spans'), '2 | – | −2');
    assert.equal(cell(undefined, took(), 'cost'), '– | $0.5000 | +$0.5000');
  });

  it('says nothing of the cost of what makes no calls', () => {
    const free = took({ cost: 0, pricedCost: 0 });
    assert.equal(cell(free, free, 'cost'), ' |  | ');
    assert.equal(cell(took({ usage: {} }), took({ usage: {} }), 'tokens'), ' |  | ');
  });

  it('names what is unpriced', () => {
    assert.equal(cell(took(unpriced), took(), 'cost'), '$0.2500 + 2 unpriced | $0.5000 | –');
  });
});
