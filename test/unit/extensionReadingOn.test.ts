import assert from 'node:assert/strict';
import type { Log } from '../../src/extension/log.ts';
import type { TraceFiles } from '../../src/extension/traceFiles.ts';
import type { IndexState } from '../../src/protocol/reader.ts';
import { EventEmitter } from './support/vscode.ts';

const { ReadingOn } = await import('../../src/extension/readingOn.ts');

const turn = () => new Promise(resolve => setImmediate(resolve));

/** A file whose reader gives these answers, one after the other; a string is a failure. */
function reading(answers: (IndexState | string)[]) {
  const changes = new EventEmitter<{ kind: string; file: string; why?: string }>();
  const file = { state: 'read', following: true, totals: { version: 0 } };
  const logged: string[] = [];
  let counted = 0;
  let asked = 0;
  let onAsk = (): void => undefined;
  const files = {
    onDidChange: changes.event,
    get: () => file,
    use: async () => {
      const answer = answers[asked++];
      onAsk();
      if (typeof answer !== 'object') throw new Error(answer ?? 'asked too often');
      return answer;
    },
    recount: async () => {
      counted++;
      file.totals = {
        version: answers[asked - 1] ? (answers[asked - 1] as IndexState).version : 0,
      };
      changes.fire({ kind: 'file', file: 'f', why: 'read' });
    },
  };
  const log = { error: (line: string) => logged.push(line) } as unknown as Log;
  const on = new ReadingOn(files as unknown as TraceFiles, log);
  const read = () => changes.fire({ kind: 'file', file: 'f', why: 'read' });
  const ended = async () => {
    for (let i = 0; i < 20; i++) await turn();
  };
  return {
    ...{ on, file, read, ended, logged },
    counts: () => ({ asked, counted }),
    whenAsked: (act: () => void) => {
      onAsk = act;
    },
  };
}

const part = (version: number): IndexState => ({ version, share: 0.5, wait: 0 });
const whole = (version: number): IndexState => ({ version, share: undefined, wait: undefined });

describe('what was not read yet', () => {
  it('is read on until all was, and shown then', async () => {
    const { on, read, ended, counts, logged } = reading([part(1), part(2), whole(3), whole(3)]);
    read();
    await ended();
    // The last look is for the event of showing it.
    assert.deepEqual([counts(), logged], [{ asked: 4, counted: 1 }, []]);
    on.dispose();
  });

  it('is looked at again where the file was read again during the last look', async () => {
    const test = reading([whole(0), whole(2), whole(2)]);
    test.whenAsked(() => {
      if (test.counts().asked === 1) test.read();
    });
    test.read();
    await test.ended();
    assert.equal(test.file.totals.version, 2);
    test.on.dispose();
  });

  it('is asked for again after a failure when the file is read again', async () => {
    const { on, read, ended, counts, logged } = reading(['busy', whole(1), whole(1)]);
    read();
    await ended();
    assert.equal(logged.length, 1);
    read();
    await ended();
    assert.equal(counts().counted, 1);
    on.dispose();
  });

  it('of a paused file stays as it is', async () => {
    const { on, file, read, ended, counts } = reading([part(1)]);
    file.following = false;
    read();
    await ended();
    assert.deepEqual(counts(), { asked: 1, counted: 0 });
    on.dispose();
  });
});
