import assert from 'node:assert/strict';
import { causeOf } from '../../src/core/causality.ts';
import { span, tree } from './support/tree.ts';

const cause = (picture: string, of = 'it', answeredBy?: string): string => {
  const found = causeOf(tree(picture).get(of), answeredBy);
  return found ? `${found.spanId} by ${found.rule}` : 'none';
};

describe('cause', () => {
  it('is the call before it on its own branch', () => {
    const t = `
agent agent 0-100
  think llm 1-10
  other agent 12-60
    plan llm 13-25
  it tool 30-40 !
`;
    assert.equal(cause(t), 'think by preceding', 'not plan: that is another branch');
  });

  it('is exact where both sides recorded the id, and never the span itself', () => {
    const t = 'agent agent 0-9\n  a llm 1-2\n  b llm 3-4\n  it tool 5-6 !';
    assert.equal(cause(t, 'it', 'a'), 'a by tool-use-id');
    assert.equal(cause(t, 'it', 'it'), 'b by preceding');
  });

  it('is the LLM span around it before any that precedes', () => {
    const t = 'agent agent 0-9\n  a llm 1-9\n    b llm 2-3\n    sub chain 3-8\n      it tool 4-5 !';
    assert.equal(cause(t), 'a by ancestor');
  });

  it('is looked for among the earlier siblings of its parents, seen from each parent', () => {
    const t = `
agent agent 0-100
  think llm 1-10
  sub agent 12-60
    it tool 30-40 !
  beside llm 13-20
`;
    assert.equal(cause(t), 'think by preceding', 'beside began after sub did');
  });

  it('is no call that is open, ended later, or is not there', () => {
    assert.equal(cause('agent agent 0-9\n  a llm 1-\n  it tool 5-6 !'), 'none');
    assert.equal(cause('agent agent 0-9\n  a llm 1-6\n  it tool 5-6 !'), 'none');
    assert.equal(cause('agent agent 0-9\n  it tool 5-6 !\n  a llm 7-8'), 'none');
    assert.equal(cause('agent agent 0-9\n  a llm 1-2\n  it tool -6 !'), 'none', 'it has no start');
    assert.equal(cause('it tool 5-6 !'), 'none');
  });

  it('takes a call that ends where it starts, and the last of several', () => {
    assert.equal(cause('r agent 0-9\n  a llm 1-5\n  it tool 5-6 !'), 'a by preceding');
    assert.equal(cause('r agent 0-9\n  a llm 1-5\n  b llm 2-5\n  it tool 5-6 !'), 'b by preceding');
    assert.equal(cause('r agent 0-9\n  a llm 1-5\n  b llm 2-4\n  it tool 5-6 !'), 'a by preceding');
    assert.equal(cause('r agent 0-9\n  it tool 5-6 !\n  a llm 5-5'), 'none', 'a came after it');
  });

  it('of a failing LLM span is the one before it, or none', () => {
    assert.equal(cause('r agent 0-9\n  a llm 1-2\n  it llm 3-4 !'), 'a by preceding');
    assert.equal(cause('r agent 0-9\n  it llm 3-4 !'), 'none');
  });

  it('of a span that nothing asked for is the last call inside it', () => {
    const t = 'it agent 0-9 !\n  a llm 1-2\n  sub agent 2-6\n    b llm 3-4\n  c tool 7-8';
    assert.equal(cause(t), 'b by descendant');
    assert.equal(cause(t, 'c'), 'a by preceding', 'something asked for c');
    assert.equal(
      cause('r agent 0-9\n  a llm 1-2\n  it agent 3-9 !\n    b llm 4-5'),
      'a by preceding',
    );
    assert.equal(
      cause('r agent 0-9\n  it llm 3-9 !\n    b llm 4-5'),
      'none',
      'a call asks for itself',
    );
  });

  it('is no call that failed: it asked for nothing, and a retry goes back to the answer before', () => {
    const t = 'r agent 0-9\n  a llm 1-2\n  tool tool 2-3\n  b llm 3-4 !\n  it llm 5-6 !';
    assert.equal(cause(t), 'a by preceding');
    assert.equal(cause('it agent 0-9 !\n  a llm 1-2\n  b llm 3-4 !'), 'a by descendant');
    assert.equal(cause('r agent 0-9\n  b llm 3-4 !\n  it llm 5-6 !'), 'none');
  });

  it('is the call of its own branch, where sub-agents run side by side', () => {
    const t = `
agent agent 0-100
  ask llm 1-10
  left tool 11-60
    worker agent 12-60
      plan llm 13-20
      it tool 40-50 !
  right tool 11-90
    other agent 12-90
      quick llm 14-39
      later llm 39-40
`;
    assert.equal(cause(t), 'plan by preceding');
    assert.equal(cause(t, 'left'), 'ask by preceding');
    assert.equal(cause(t, 'worker'), 'ask by preceding', 'what asked for the tool asked for it');
    assert.equal(cause(t, 'plan'), 'ask by preceding');
  });

  it('of each of several attempts is the answer before the first, until the model is asked again', () => {
    const t = `
agent agent 0-100 !
  a llm 1-2
  first tool 3-4 !
  second tool 5-6 !
  beside tool 5-20
  b llm 7-8
  it tool 9-10 !
`;
    assert.equal(cause(t, 'first'), 'a by preceding');
    assert.equal(cause(t, 'second'), 'a by preceding');
    assert.equal(cause(t), 'b by preceding');
  });

  it('is found for 20,000 siblings without going through all of them each time', () => {
    let reads = 0;
    const rows = Array.from({ length: 20_000 }, (_, i) => {
      const one = span(`s${i}`, { parentSpanId: 'r', start: i, kind: i % 2 ? 'tool' : 'llm' });
      return Object.defineProperty({ ...one }, 'end', {
        get: () => {
          reads++;
          return i + 1;
        },
      });
    });
    const t = tree([span('r', { kind: 'agent' }), ...rows]);
    for (let i = 1; i < 20_000; i += 2) {
      assert.equal(causeOf(t.get(`s${i}`))?.spanId, `s${i - 1}`);
    }
    assert.ok(reads < 20_000 * 60, `${reads} reads`);
  });
});
