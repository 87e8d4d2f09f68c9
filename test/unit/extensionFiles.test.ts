import assert from 'node:assert/strict';
import { mock } from 'node:test';
import type { Log } from '../../src/extension/log.ts';
import type { Platform } from '../../src/extension/platform.ts';
import type { ReaderApi, TraceFile, TraceSource } from '../../src/protocol/reader.ts';
import { EventEmitter, settings, stats, Uri } from './support/vscode.ts';

const { onDidSay } = await import('../../src/extension/errors.ts');
const { Rejudging, rejudgedEvery } = await import('../../src/extension/rejudging.ts');
const { unreadBeside } = await import('../../src/extension/sources.ts');
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
  it('are read with the prices in the settings; a wrong one is said once and left out', async () => {
    const said: string[] = [];
    const listening = onDidSay(({ words }) => said.push(words));
    const sources: TraceSource[] = [];
    const { files, id } = traceFiles({
      open: async (file, source) => {
        sources.push(source);
        return { file } as TraceFile;
      },
    });
    settings.set('agentTraces.prices', { acme: { input: 2, output: 8 }, wrong: { input: -1 } });
    try {
      await files.open(id);
      await files.refresh(id);
    } finally {
      settings.delete('agentTraces.prices');
      listening.dispose();
    }
    await files.refresh(id);
    assert.deepEqual(
      sources.map(({ prices }) => prices?.map(price => [price.model, price.rates.output])),
      [[['acme', 8]], [['acme', 8]], []],
    );
    assert.deepEqual(said, [
      'Left out of the setting agentTraces.prices: wrong: input is not a number of 0 or more.',
    ]);
  });

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

  it('have their runs judged again when asked to, and say so', async () => {
    let running = 1;
    const { files, id, opened } = traceFiles({ totals: async () => ({ running }) as never });
    const events: string[] = [];
    files.onDidChange(event => events.push(event.kind === 'file' ? event.why : event.kind));
    await files.rejudge(id);
    assert.deepEqual(events, [], 'not before they are read');
    const reading = files.open(id);
    await turn();
    opened();
    await reading;
    running = 0;
    await files.rejudge(id);
    assert.equal(files.get(id)?.totals?.running, 0);
    assert.deepEqual(events, ['read', 'judged']);
  });
});

describe('judging running runs again', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  it('goes on while there is one, and no longer', async () => {
    const changes = new EventEmitter<{ kind: string }>();
    const running = new Map([
      ['a', 0],
      ['b', 0],
    ]);
    const judged: string[] = [];
    const files = {
      onDidChange: changes.event,
      list: () =>
        [...running].map(([id, count]) => ({ id, totals: { running: count }, following: true })),
      rejudge: async (id: string) => {
        judged.push(id);
      },
    };
    const judging = new Rejudging(
      files as unknown as ConstructorParameters<typeof Rejudging>[0],
      log,
    );
    const tell = (id: string, count: number) => {
      running.set(id, count);
      changes.fire({ kind: 'file' });
    };
    mock.timers.tick(10 * rejudgedEvery);
    assert.deepEqual(judged, []);
    tell('b', 1);
    mock.timers.tick(rejudgedEvery);
    mock.timers.tick(rejudgedEvery);
    assert.deepEqual(judged, ['b', 'b'], 'only the file that has one');
    tell('b', 0);
    mock.timers.tick(10 * rejudgedEvery);
    assert.equal(judged.length, 2);
    tell('a', 1);
    judging.dispose();
    mock.timers.tick(10 * rejudgedEvery);
    assert.equal(judged.length, 2, 'no longer after its end');
  });
});

describe('what is written beside a file', () => {
  const beside = async (size: number | undefined, readsPaths: boolean) => {
    if (size === undefined) stats.delete('/beside.db-wal');
    else stats.set('/beside.db-wal', { mtime: 1, size });
    const uri = Uri.file('/beside.db') as unknown as Parameters<typeof unreadBeside>[0];
    return (await unreadBeside(uri, readsPaths))?.beside;
  };

  it('is not shown where the file reaches the reader as bytes, which is said', async () => {
    assert.equal(await beside(4152, false), 'wal');
    assert.equal(await beside(0, false), undefined, 'an empty one holds nothing');
    assert.equal(await beside(undefined, false), undefined);
    assert.equal(await beside(4152, true), undefined, 'the reader looks at it itself');
  });
});
