import assert from 'node:assert/strict';
import type { RunSummary } from '../../src/core/model.ts';
import { textFilter } from '../../src/core/textFilter.ts';

const run = (name: string, error: string | undefined, runId: string): RunSummary => ({
  runId,
  name,
  rootSpanId: 's',
  status: 'ok',
  judgement: undefined,
  start: undefined,
  end: undefined,
  lastActivity: undefined,
  spans: 1,
  failedSpans: 0,
  cost: 0,
  pricedCost: 0,
  unpricedCalls: 0,
  usage: {},
  error,
  failingSpanId: undefined,
});

describe('textFilter', () => {
  const one = run('Invoice reconcile', 'Ledger: entry does not balance', 'run-7f3');
  const holds = (text: string | undefined): boolean => textFilter(text)(one);

  it('lets all through where there is nothing to look for', () => {
    assert.ok(holds(undefined) && holds('') && holds('  \t'));
  });

  it('looks in name, error and id, in any case', () => {
    for (const text of ['invoice', 'LEDGER', '7F3', 'does not']) assert.ok(holds(text), text);
    assert.ok(!holds('refund'));
    assert.ok(!textFilter('undefined')(run('a', undefined, 'b')));
  });

  it('asks for all words, each within one of the three', () => {
    assert.ok(holds('balance invoice'));
    assert.ok(!holds('balance refund'));
    assert.ok(!holds('reconcileLedger'));
  });
});
