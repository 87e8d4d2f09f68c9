import assert from 'node:assert/strict';
import type { RunSummary } from '../../src/core/model.ts';
import type { ParentRow, Row } from '../../src/extension/rows.ts';
import type { TraceFiles } from '../../src/extension/traceFiles.ts';
import type { ReaderApi, RunPage } from '../../src/protocol/reader.ts';
import { noInsights } from './support/noInsights.ts';
import { noReplays } from './support/noReplays.ts';
import { EventEmitter, Uri } from './support/vscode.ts';

const { RowStore } = await import('../../src/extension/rowStore.ts');
const { RunTree } = await import('../../src/extension/runTree.ts');
const { TreeRefreshes } = await import('../../src/extension/treeRefreshes.ts');

const turn = () => new Promise(resolve => setTimeout(resolve, 5));

/** A file of runs, newest first, whose pages are answered when the test says so. */
class FakeRuns {
  names: string[] = [];
  readonly held: (() => void)[] = [];
  holds = false;
  readonly files = {
    use: (_file: string, ask: (reader: ReaderApi) => unknown) => ask(this.reader),
  } as unknown as TraceFiles;
  private readonly reader = {
    runs: async (_file: string, { offset, limit }: { offset: number; limit: number }) => {
      const page = this.names.slice(offset, offset + limit);
      const matching = this.names.length;
      if (this.holds) await new Promise<void>(resolve => this.held.push(resolve));
      return { runs: page.map(runId => ({ runId }) as RunSummary), matching } satisfies RunPage;
    },
  } as unknown as ReaderApi;
}

const names = (parent: ParentRow): string[] =>
  (parent.loaded?.rows ?? []).map(row => (row.type === 'run' ? row.run.runId : ''));
const numbered = (from: number, to: number) =>
  Array.from({ length: from - to }, (_, i) => `r${from - i - 1}`);

describe('rows that are loaded page by page', () => {
  it('are of one state of the file: a page that was asked for before a re-read is asked for again', async () => {
    const runs = new FakeRuns();
    runs.names = numbered(500, 0);
    const store = new RowStore(runs.files, () => ({ filter: 'all' }));
    const file = store.file('f');
    await store.load(file, 0);
    assert.equal(names(file).length, 200);
    runs.holds = true;
    const more = store.loadNext(file);
    await turn();
    // Three runs come, so that the page that was asked for begins with three known ones.
    runs.names = numbered(503, 0);
    store.forget('f');
    runs.holds = false;
    for (const answer of runs.held) answer();
    await more;
    assert.deepEqual(names(file), numbered(503, 103), 'none twice, none missing');
  });

  it('are as many after a re-read as before, also when it comes while they are read', async () => {
    const runs = new FakeRuns();
    runs.names = numbered(1500, 0);
    const store = new RowStore(runs.files, () => ({ filter: 'all' }));
    const file = store.file('f');
    await store.load(file, 1300);
    store.forget('f');
    runs.holds = true;
    const again = store.load(file, 0);
    await turn();
    store.forget('f');
    runs.holds = false;
    for (const answer of runs.held) answer();
    await again;
    assert.equal(names(file).length, 1400);
  });

  it('are not read for a file that was closed and opened again meanwhile', async () => {
    const runs = new FakeRuns();
    runs.names = numbered(3, 0);
    const store = new RowStore(runs.files, () => ({ filter: 'all' }));
    runs.holds = true;
    const old = store.load(store.file('f'), 0);
    await turn();
    store.keepOnly(new Set());
    const file = store.file('f');
    runs.holds = false;
    for (const answer of runs.held) answer();
    await assert.rejects(old, { code: 'fileNotOpen' });
    await store.load(file, 0);
    assert.equal(file.loaded?.rows[0]?.parent, file);
  });
});

describe('the list of trace files', () => {
  it('has a file that is opened while others are read', async () => {
    const listed = new Map<string, object>();
    const changes = new EventEmitter<{ kind: string }>();
    const add = (id: string) => {
      listed.set(id, { id, uri: Uri.file(`/${id}`), name: id, state: 'listed' });
      changes.fire({ kind: 'list' });
    };
    const reading = Promise.withResolvers<void>();
    const files = {
      onDidChange: changes.event,
      list: () => [...listed.values()],
      get: (id: string) => listed.get(id),
      open: () => reading.promise,
    } as unknown as TraceFiles;
    const tree = new RunTree(files, noInsights, async () => undefined, noReplays);
    let asked: Promise<Row[]> | undefined;
    tree.onDidChangeTreeData(() => {
      asked = tree.getChildren();
    });
    add('a');
    const first = tree.getChildren();
    await turn();
    add('b');
    reading.resolve();
    await first;
    await turn();
    const rows = await (asked ?? first);
    assert.deepEqual(
      rows.map(row => row.type === 'file' && row.file),
      ['a', 'b'],
    );
  });
});

describe('asking for rows again', () => {
  const fileRow = (file: string) => ({ type: 'file', id: file, file, loaded: undefined }) as const;

  /** What VS Code is told, and the moment at which it has taken in an answer. */
  function refreshes() {
    const told: (string | undefined)[] = [];
    const taken: (() => void)[] = [];
    const tree = new TreeRefreshes(
      rows => told.push(...(rows?.map(row => row.id) ?? [undefined])),
      () => new Promise<void>(resolve => taken.push(resolve)),
    );
    const takeIn = async () => {
      await turn();
      for (const one of taken.splice(0)) one();
      await turn();
    };
    return { tree, told, takeIn };
  }

  it('waits until the last answer was taken in', async () => {
    const { tree, told, takeIn } = refreshes();
    await tree.whileReading('f', async () => undefined);
    tree.file(fileRow('f'));
    tree.file(fileRow('g'));
    assert.deepEqual(told, ['g'], 'another file does not wait');
    await takeIn();
    assert.deepEqual(told, ['g', 'f']);
  });

  it('asks for the list again where it changed after the answer, not where the answer has it', async () => {
    const { tree, told, takeIn } = refreshes();
    const waiting = Promise.withResolvers<void>();
    const list = tree.whileListing(
      () => waiting.promise,
      () => 'the list',
    );
    tree.list();
    tree.file(fileRow('f'));
    waiting.resolve();
    assert.equal(await list, 'the list');
    await takeIn();
    assert.deepEqual(told, []);
    await tree.whileListing(
      async () => undefined,
      () => undefined,
    );
    tree.list();
    await takeIn();
    assert.deepEqual(told, [undefined]);
  });

  it('waits while a row is revealed, and that for what is to be asked for again first', async () => {
    const { tree, told, takeIn } = refreshes();
    await tree.whileReading('f', async () => undefined);
    tree.file(fileRow('f'));
    const window = Promise.withResolvers<string>();
    const begun: unknown[] = [];
    const revealed = tree.whileRevealing('f', () => {
      begun.push(...told);
      return window.promise;
    });
    await turn();
    assert.deepEqual(begun, []);
    await takeIn();
    assert.deepEqual(begun, ['f']);
    tree.file(fileRow('f'));
    tree.list();
    await takeIn();
    assert.deepEqual(told, ['f']);
    window.resolve('done');
    assert.equal(await revealed, 'done');
    assert.deepEqual(told, ['f', undefined, 'f']);
    await assert.rejects(tree.whileRevealing('f', () => Promise.reject(new Error('no'))));
    tree.file(fileRow('f'));
    assert.deepEqual(told, ['f', undefined, 'f', 'f'], 'one that failed is over, too');
  });

  it('asks for all rows that wait at once', async () => {
    const calls: number[] = [];
    const tree = new TreeRefreshes(
      rows => calls.push(rows?.length ?? 0),
      async () => undefined,
    );
    await tree.whileRevealing('f', async () => {
      for (const file of ['f', 'g', 'f']) tree.file(fileRow(file));
    });
    assert.deepEqual(calls, [3]);
  });

  it('forgets nothing where the list could not be made', async () => {
    const { tree, told, takeIn } = refreshes();
    const failing = tree.whileListing(
      () => Promise.reject(new Error('no')),
      () => undefined,
    );
    tree.list();
    await assert.rejects(failing);
    await takeIn();
    assert.deepEqual(told, [undefined]);
  });
});
