import assert from 'node:assert/strict';
import type { Log } from '../../src/extension/log.ts';
import type { Platform } from '../../src/extension/platform.ts';
import type { ReaderApi } from '../../src/protocol/reader.ts';
import { Uri } from './support/vscode.ts';

const { TraceFiles } = await import('../../src/extension/traceFiles.ts');

const log = { info: () => undefined, error: () => undefined } as unknown as Log;
const turn = () => new Promise(resolve => setTimeout(resolve, 5));

/** Trace files over a reader of which the test says when it has opened a file. */
function traceFiles(more: Partial<ReaderApi> = {}) {
  const open = new Set<string>();
  const opening: (() => void)[] = [];
  const reader = {
    open: async (file: string) => {
      await new Promise<void>(resolve => opening.push(resolve));
      open.add(file);
      return { file };
    },
    close: async (file: string) => void open.delete(file),
    totals: async () => ({ runs: 1, running: 0 }),
    ...more,
  } as unknown as ReaderApi;
  const files = new TraceFiles({ reader, readsPaths: true } as unknown as Platform, log);
  const uri = Uri.file('/a.db') as unknown as Parameters<typeof files.add>[0];
  const { id } = files.add(uri, true);
  const opened = () => {
    for (const one of opening.splice(0)) one();
  };
  return { files, id, uri, open, opened };
}

describe('trace files', () => {
  it('are closed in the reader as well, also while they are read', async () => {
    const { files, id, open, opened } = traceFiles();
    const reading = files.open(id);
    await turn();
    const closing = files.close(id);
    opened();
    await Promise.all([reading, closing]);
    assert.deepEqual([...open], []);
  });

  it('stay open where they were closed and opened again while they were read', async () => {
    const { files, id, uri, open, opened } = traceFiles();
    const reading = files.open(id);
    await turn();
    const closing = files.close(id);
    files.add(uri, true);
    const again = files.open(id);
    opened();
    await Promise.all([reading, closing, again]);
    assert.deepEqual([...open], [id]);
    assert.equal(files.get(id)?.state, 'read');
  });
});
