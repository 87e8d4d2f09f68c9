import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { TraceError } from '../../src/core/errors.ts';
import type { Log } from '../../src/extension/log.ts';
import type { TraceFiles } from '../../src/extension/traceFiles.ts';
import { EventEmitter, stats, Uri, watchers } from './support/vscode.ts';

const { FileWatch } = await import('../../src/extension/fileWatch.ts');

type Vscode = Parameters<InstanceType<typeof FileWatch>['changed']>[0];
type Listed = Record<string, unknown>;

/** Watched files, which of them were read again, and those that a writer tells of. */
function watch(readsPaths = true) {
  const changes = new EventEmitter<{ kind: string }>();
  const listed = new Map<string, Listed>();
  const followed = new Map<string, () => void>();
  const logged: string[] = [];
  const refreshed: string[] = [];
  const behind: string[] = [];
  const files = {
    onDidChange: changes.event,
    watched: () => [...listed.values()],
    get: (id: string) => listed.get(id),
    refresh: async (id: string) => {
      refreshed.push(id);
      if (id.includes('broken')) throw new Error('not refreshed');
    },
    close: async (id: string) => void listed.delete(id),
    fallBehind: (id: string) => behind.push(id),
  };
  const log = { error: (line: string) => logged.push(line) } as unknown as Log;
  const follow = (path: string, changed: () => void) => {
    followed.set(path, changed);
    return () => followed.delete(path);
  };
  const watching = new FileWatch(files as unknown as TraceFiles, log, {
    readsPaths,
    follow: readsPaths ? follow : undefined,
  });
  const add = (path: string, more: Listed = {}) => {
    const uri = Uri.file(path);
    stats.set(path, { mtime: 1, size: 9 });
    const id = uri.toString();
    const read = { pinned: true, state: 'read', version: '1 9//', following: true };
    listed.set(id, { id, uri, ...read, ...more });
    changes.fire({ kind: 'list' });
    return id;
  };
  return { watching, add, listed, followed, refreshed, behind, logged };
}

/** Lets timers and what they start run for a while. */
async function pass(milliseconds: number): Promise<void> {
  for (let i = 0; i < 4; i++) await new Promise(resolve => setImmediate(resolve));
  mock.timers.tick(milliseconds);
  for (let i = 0; i < 4; i++) await new Promise(resolve => setImmediate(resolve));
}

describe('watching files', () => {
  beforeEach(() => {
    stats.clear();
    watchers.clear();
    mock.timers.enable({ apis: ['setTimeout'] });
  });
  afterEach(() => mock.timers.reset());

  it('reads a file that is followed again at once, however often it is told', async () => {
    const { watching, add, followed, refreshed } = watch();
    const id = add('/w/a.db');
    for (let i = 0; i < 5; i++) followed.get('/w/a.db')?.();
    await pass(10);
    assert.deepEqual(refreshed, [id]);
    followed.get('/w/a.db')?.();
    await pass(10);
    assert.deepEqual(refreshed, [id, id]);
    watching.dispose();
    assert.equal(followed.size, 0);
    assert.equal(watchers.size, 0, 'VS Code watches none of it');
  });

  it('reads no file that was paused after it was told', async () => {
    const { watching, add, listed, followed, refreshed, behind } = watch();
    const id = add('/w/a.db');
    followed.get('/w/a.db')?.();
    listed.set(id, { ...listed.get(id), following: false });
    await pass(10);
    assert.deepEqual([refreshed, behind], [[], [id]]);
    watching.dispose();
  });

  it('lets go of a found file that is deleted while it is paused', async () => {
    const { watching, add, listed, followed } = watch();
    add('/w/a.db', { pinned: false, state: 'listed', following: false });
    stats.delete('/w/a.db');
    followed.get('/w/a.db')?.();
    await pass(10);
    assert.equal(listed.size, 0);
    watching.dispose();
  });

  it('only notes that a file which is not followed has changed', async () => {
    const { watching, add, followed, refreshed, behind } = watch();
    const id = add('/w/a.db', { following: false });
    followed.get('/w/a.db')?.();
    await pass(1000);
    assert.deepEqual([refreshed, behind], [[], [id]]);
    watching.dispose();
  });

  it('asks VS Code about a file that the reader gets as bytes, and reads it only when it is another', async () => {
    const { watching, add, refreshed } = watch(false);
    const id = add('/w/a.db');
    assert.deepEqual([...watchers.keys()], ['/w/a.db{,-wal,-journal}']);
    watchers.get('/w/a.db{,-wal,-journal}')?.fire(undefined);
    await pass(1000);
    assert.deepEqual(refreshed, []);
    // A log that a writer begins beside it.
    stats.set('/w/a.db-wal', { mtime: 2, size: 9 });
    watchers.get('/w/a.db{,-wal,-journal}')?.fire(undefined);
    await pass(1000);
    assert.deepEqual(refreshed, [id]);
    stats.set('/w/a.db', { mtime: 2, size: 9 });
    watchers.get('/w/a.db{,-wal,-journal}')?.fire(undefined);
    await pass(2000);
    assert.deepEqual(refreshed, [id, id]);
    watching.dispose();
    assert.equal(watchers.size, 0);
  });

  it('lets go of a found file that stays away, not of one that is replaced or was opened', async () => {
    const { watching, add, listed, followed, refreshed } = watch();
    const missing = { pinned: false, error: new TraceError('fileMissing', ['a']) };
    const gone = add('/w/gone.db', missing);
    const back = add('/w/back.db', missing);
    const opened = add('/w/opened.db', { ...missing, pinned: true });
    stats.delete('/w/gone.db');
    stats.delete('/w/opened.db');
    for (const changed of followed.values()) changed();
    await pass(10);
    await pass(400);
    await pass(0);
    assert.deepEqual([...listed.keys()], [back, opened]);
    assert.equal(refreshed.filter(id => id === back).length, 2);
    assert.equal(refreshed.filter(id => id === gone).length, 1);
    watching.dispose();
  });

  it('closes a found file that was never read when it is deleted', async () => {
    const { watching, add, listed, followed } = watch();
    add('/w/a.db', { pinned: false, state: 'listed', version: undefined });
    stats.delete('/w/a.db');
    followed.get('/w/a.db')?.();
    await pass(10);
    assert.equal(listed.size, 0);
    watching.dispose();
  });

  it('logs what fails, and goes on', async () => {
    const { watching, add, logged } = watch();
    const id = add('/w/broken.db');
    const uri = Uri.parse(id) as unknown as Vscode;
    for (const _ of [1, 2]) {
      watching.changed(uri);
      await pass(1000);
    }
    assert.equal(logged.length, 2);
    assert.match(logged[0] ?? '', /not refreshed/);
    watching.dispose();
  });
});
