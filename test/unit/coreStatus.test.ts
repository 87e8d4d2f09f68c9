import assert from 'node:assert/strict';
import { causeOf, failingSpan } from '../../src/core/causality.ts';
import { summariseRun } from '../../src/core/run.ts';
import { failureOrigins, judgeRun, recoveredSpans, spanStatus } from '../../src/core/status.ts';
import { names, span, spans, tree } from './support/tree.ts';

const clock = { now: 1_000, staleAfter: 600 };
const later = { now: 10_000, staleAfter: 600 };
const judged = (picture: string, at = later): string => {
  const { status, judgement, end } = judgeRun(tree(picture), at);
  return `${status} ${judgement ?? 'said'} ${end ?? 'open'}`;
};
const recovered = (picture: string): string => names(recoveredSpans(tree(picture)));

describe('status of a span', () => {
  it('reads the words in use, in any case', () => {
    for (const word of ['ok', 'OK', ' Success ', 'completed']) {
      assert.equal(spanStatus(word, 1, undefined).status, 'ok', word);
    }
    for (const word of ['error', 'FAILED', 'failure']) {
      assert.equal(spanStatus(word, 1, undefined).status, 'error', word);
    }
    assert.equal(spanStatus('running', undefined, undefined).status, 'running');
  });

  it('takes an end beside `running` for an interruption', () => {
    assert.deepEqual(spanStatus('running', 0, undefined), { status: 'error', interrupted: true });
  });

  it('keeps unknown words unknown, also those that every object has', () => {
    for (const word of ['paused', 'constructor', '__proto__', 'toString']) {
      assert.equal(spanStatus(word, 1, undefined).status, 'unknown', word);
    }
  });

  it('takes an error without a status for a failure', () => {
    assert.equal(spanStatus(undefined, 1, 'boom').status, 'error');
    assert.equal(spanStatus('', 1, undefined).status, 'unknown');
  });
});

describe('status of a run', () => {
  it('believes a finished root', () => {
    assert.equal(judged('root agent 0-9'), 'ok said 9');
    assert.equal(judged('root agent 0-9 !\n  a tool 1-2'), 'error said 9');
    assert.equal(judged('root agent 0-9\n  a tool 1-2 !'), 'ok said 9', 'it got over it');
  });

  it('takes what a person stopped for no failure, nor what failed just before', () => {
    for (const recordedStatus of ['cancelled', ' Canceled']) {
      const rows = spans('root agent 0-9\n  a tool 1-2 !').map(one =>
        one.parentSpanId === undefined
          ? { ...one, status: 'unknown' as const, recordedStatus }
          : one,
      );
      const run = tree(rows);
      const { status, judgement, end } = judgeRun(run, later);
      assert.deepEqual([status, judgement, end], ['ok', 'cancelled', 9]);
      assert.equal(names(recoveredSpans(run)), 'a');
    }
  });

  it('calls an ended root that says running interrupted', () => {
    assert.equal(judged('root agent 0-9 ^'), 'error interrupted 9');
  });

  it('judges a root that never ended by what its spans did, failures first', () => {
    assert.equal(judged('root agent 0- ?\n  a tool 1-2 !', clock), 'error unrecovered-failure 2');
    assert.equal(
      judged('root agent 0- ?\n  a tool 500-600', clock),
      'running recent-activity open',
    );
    assert.equal(judged('root agent 0- ?\n  a tool 500- ?'), 'stale open-descendant open');
    assert.equal(judged('root agent 0- ?\n  a tool 500-600'), 'ok all-ended 600');
    assert.equal(judged('root agent 0- ?\n  a tool 1-2 !\n  b tool 2-3'), 'ok all-ended 3');
  });

  it('counts the limit itself as recent', () => {
    assert.match(judged('root agent 0- ?\n  a tool 1-400', clock), /^running/);
    assert.match(judged('root agent 0- ?\n  a tool 1-399', clock), /^ok/);
  });

  it('judges a root of unknown status that has ended without waiting', () => {
    assert.equal(judged('root agent 0-999 ~', clock), 'ok unknown-status 999');
  });

  it('judges a run whose root is missing', () => {
    assert.equal(judged('a tool 1-2 <gone\nb tool 3-4 ! <gone'), 'error unrecovered-failure 4');
  });

  it('lets no finished root hide that another root failed', () => {
    assert.equal(judged('root agent 0-9\nother agent 20-30 !'), 'error second-root 30');
  });

  it('says something of a row that is NULL everywhere', () => {
    assert.equal(judged('root other - ~'), 'ok all-ended open');
    const run = summariseRun(tree('root other - ~'), later);
    assert.deepEqual([run.start, run.lastActivity, run.cost], [undefined, undefined, 0]);
  });

  it('is not led astray by a NaN time', () => {
    const t = tree([
      span('root', { status: 'running', start: Number.NaN, end: undefined }),
      span('a', { parentSpanId: 'root', start: 1, end: 2 }),
    ]);
    assert.equal(judgeRun(t, later).lastActivity, 2);
  });
});

describe('recovered spans', () => {
  it('are followed by a later sibling, or stand below a parent that ended ok', () => {
    assert.equal(
      recovered('root agent 0- ?\n  a tool 1-2 !\n  b tool 2-3'),
      'a',
      'starts at its end',
    );
    assert.equal(recovered('root agent 0- ?\n  a tool 1-3 !\n  b tool 2-4'), '', 'b ran beside it');
    assert.equal(recovered('root agent 0-9\n  a tool 1-2 !'), 'a');
    assert.equal(recovered('root agent 0-9 !\n  a tool 1-2 !'), '');
    assert.equal(recovered('root agent 0- ?\n  a tool 1- !\n  b tool 5-6'), '', 'it has no end');
  });

  it('pass it on: what lies below a span that was got over was got over with it', () => {
    const t = 'root agent 0-9\n  a agent 1-5 !\n    b agent 2-4 !\n      c tool 3-4 !';
    assert.equal(recovered(t), 'a b c');
  });

  it('without duration are recovered by what comes after them, never by themselves', () => {
    assert.equal(recovered('root agent 0- ?\n  a tool 5-5 !'), '');
    assert.equal(recovered('root agent 0- ?\n  a tool 5-5 !\n  b tool 5-5'), 'a');
    assert.equal(recovered('root agent 0- ?\n  b tool 5-5\n  a tool 5-5 !'), '', 'b came before');
    assert.equal(
      recovered('root agent 0- ?\n  a tool 5-5 !\n  b tool 5-5 !'),
      'a',
      'the last stays',
    );
  });

  it('are not followed by what tidies up, where their parent failed with their error', () => {
    const rows = (rootError: string | undefined) =>
      spans('root agent 0-99 !\n  a tool 1-2 !\n  close other 3-4').map(one =>
        one.name === 'close'
          ? one
          : { ...one, error: one.name === 'a' ? ' no such file\n' : rootError },
      );
    assert.equal(names(recoveredSpans(tree(rows('no such file')))), '');
    assert.equal(names(recoveredSpans(tree(rows('too many turns')))), 'a', 'the run went on');
    assert.equal(names(recoveredSpans(tree(rows(undefined)))), 'a');
    assert.equal(names(recoveredSpans(tree(rows('')))), 'a');
  });

  it('are all attempts but the last, where the parent failed with the error of each', () => {
    const rows = spans('root agent 0-99 !\n  a tool 1-2 !\n  b tool 3-4 !\n  close other 5-6');
    const told = rows.map(one => (one.status === 'error' ? { ...one, error: 'timeout' } : one));
    assert.equal(names(recoveredSpans(tree(told))), 'a');
    assert.equal(failingSpan(tree(told)).span.name, 'b');
  });

  it('are not vouched for by the root they were hung below for want of a parent', () => {
    assert.equal(recovered('root agent 0-9\na tool 1-2 ! <gone'), '');
  });

  it('are found among 5,000 failed siblings by reading each start a few times', () => {
    let reads = 0;
    const many = Array.from({ length: 5_000 }, (_, i) => {
      const one = span(`s${i}`, { parentSpanId: 'root', status: 'error', end: i + 1 });
      return Object.defineProperty({ ...one }, 'start', {
        get: () => {
          reads++;
          return i;
        },
      });
    });
    const t = tree([span('root', { status: 'running', end: undefined }), ...many]);
    reads = 0;
    assert.equal(recoveredSpans(t).size, 4_999);
    assert.ok(reads < 5_000 * 5, `${reads} reads: linear, not one pass per span`);
  });
});

describe('failing span', () => {
  it('is the deepest unrecovered failure, the latest of several', () => {
    const t = tree(`
root agent 0-99 !
  a agent 1-50 !
    deep1 tool 2-3 !
  b agent 51-90 !
    deep2 tool 60-70 !
`);
    assert.equal(failingSpan(t).span.name, 'deep2', 'deep1 was got over with a');
    const parallel = tree('root agent 0-9 !\n  x tool 2-9 !\n  y tool 1-9 !\n  z tool 2-8 !');
    assert.equal(failingSpan(parallel).span.name, 'z', 'same start: the later row');
  });

  it('is the one whose error ended the run, where branches failed side by side', () => {
    const rows = (rootError: string) =>
      spans(`
root agent 0-99 !
  left agent 1-90 !
    a tool 2-50 !
  right agent 1-90 !
    b tool 2-80 !
`).map(one => {
        const error = {
          root: rootError,
          left: 'disk full',
          a: 'E28',
          right: 'no route',
          b: 'E113',
        };
        return { ...one, error: error[one.name as keyof typeof error] };
      });
    assert.equal(failingSpan(tree(rows('disk full'))).span.name, 'a', 'below what passed it on');
    assert.equal(failingSpan(tree(rows('no route'))).span.name, 'b');
    assert.equal(failingSpan(tree(rows('other words'))).span.name, 'b', 'the latest');
  });

  it('is the last attempt of a tool, whichever answer asked for it', () => {
    const t = tree(`
root agent 0-99 !
  one llm 1-2
  a tool 3-4 !
  two llm 5-6
  b tool 7-8 !
`);
    assert.equal(failingSpan(t).span.name, 'b');
    assert.equal(causeOf(t.get('b'))?.spanId, 'two');
    assert.equal(causeOf(t.get('a'))?.spanId, 'one');
  });

  it('is the root where no other span failed', () => {
    assert.equal(failingSpan(tree('root agent 0-9 !\n  a tool 1-2')).span.name, 'root');
  });

  it('is named in the summary of a failed run only', () => {
    assert.equal(summariseRun(tree('r agent 0-9 !\n  a tool 1-9 !'), later).failingSpanId, 'a');
    assert.equal(summariseRun(tree('r agent 0-9\n  a tool 1-9 !'), later).failingSpanId, undefined);
  });

  it('begins where no failed span lies below', () => {
    const t = tree('r agent 0-9 !\n  a agent 1-9 !\n    b tool 2-9 !\n  c tool 3-9 !');
    assert.equal(names(failureOrigins(t)), 'b c');
  });
});
