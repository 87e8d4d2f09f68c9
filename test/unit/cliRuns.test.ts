import assert from 'node:assert/strict';
import { runTable } from '../../src/cli/runs.ts';
import type { Session } from '../../src/cli/session.ts';
import type { RunSummary } from '../../src/core/model.ts';
import { keptTerminal } from './support/terminal.ts';

describe('the table of runs', () => {
  const runs = (...of: readonly (readonly [name: string, sessionId?: string])[]): string[] => {
    const summaries = of.map(
      ([name, sessionId], index) =>
        ({ name, sessionId, runId: `r${index}`, status: 'ok', spans: 1, usage: {} }) as RunSummary,
    );
    const session = { clock: { now: 0, staleAfter: 0 } } as Session;
    return runTable(summaries, session, keptTerminal().terminal)
      .trimEnd()
      .split('\n')
      .map(line => line.replace(/^.* (?=r\d|ID)/, ''));
  };

  it('has the session of runs that are called the same in several, and else no such column', () => {
    assert.deepEqual(
      runs(
        ['shop #1', 'aaaaaaaa-1111'],
        ['shop #1', 'aaaaaaaa-1111'],
        ['shop #2', 'aaaaaaaa-1111'],
        ['shop #1', 'bbbbbbbb-2222'],
        ['shop #1', 'cc\u001b[31m'],
      ),
      ['ID  SESSION', 'r0  aaaaaaaa', 'r1  aaaaaaaa', 'r2', 'r3  bbbbbbbb', 'r4  cc␛[31m'],
    );
    assert.deepEqual(runs(['shop #1', 'a'], ['shop #2', 'b'], ['agent', 'a'], ['agent', 'b']), [
      'ID',
      'r0',
      'r1',
      'r2',
      'r3',
    ]);
  });
});
