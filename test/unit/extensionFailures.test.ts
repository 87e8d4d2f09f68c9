import assert from 'node:assert/strict';
import { englishWords } from '../../src/core/words.ts';
import type { SpanRef } from '../../src/protocol/panel.ts';
import type { ReaderApi } from '../../src/protocol/reader.ts';
import './support/vscode.ts';

const { failureWords } = await import('../../src/extension/commands/showFailures.ts');
const { goToFailure } = await import('../../src/extension/commands/goToFailure.ts');

type Context = Parameters<typeof goToFailure>[0];
type Run = Parameters<typeof failureWords>[0];

/** What the reader was asked to begin behind, and what was shown. */
function walk(shown: SpanRef) {
  const asked: unknown[] = [];
  const targets: SpanRef[] = [];
  const reader = {
    locate: async () => ({ runId: 'r', path: [] }),
    nextFailure: async (_file: string, from: unknown) => {
      asked.push(from);
      return { runId: 'r', spanId: 'found', wrapped: false };
    },
  } as unknown as ReaderApi;
  const context = {
    files: {
      list: () => [],
      get: (id: string) => ({ id, name: id }),
      use: async (_file: string, ask: (reader: ReaderApi) => unknown) => ask(reader),
    },
    panel: { shown },
    show: async (ref: SpanRef) => void targets.push(ref),
  } as unknown as Context;
  return { next: goToFailure(context, 'next'), asked, targets };
}

describe('the next failure', () => {
  const shown = { file: 'f', spanId: 's' };

  it('is the one behind the span that is shown', async () => {
    const { next, asked, targets } = walk(shown);
    await next(undefined);
    assert.deepEqual(asked, [{ runId: 'r', spanId: 's' }]);
    assert.deepEqual(targets, [{ file: 'f', spanId: 'found' }]);
  });

  it('from the row of a file is the first of the file, whatever was shown before', async () => {
    const { next, asked } = walk(shown);
    await next({ type: 'file', id: 'file|f', file: 'f' });
    assert.deepEqual(asked, [undefined]);
  });
});

describe('a failed run in a list', () => {
  const words = (error: string | undefined, judgement?: Run['judgement']): string =>
    failureWords({ error, judgement, spans: 3 } as Run, 0);

  it('says why it failed, and how that was judged', () => {
    assert.equal(words('no\nbalance'), 'no balance');
    assert.equal(
      words('no balance', 'unrecovered-failure'),
      `no balance · ${englishWords.judgedFailure}`,
    );
    assert.equal(words(undefined, 'interrupted'), englishWords.judgedInterrupted);
    assert.equal(words(' '), 'No error was recorded.');
    assert.equal(failureWords({ spans: 3 } as Run, 0, 'post_entry'), 'post_entry failed');
  });
});
