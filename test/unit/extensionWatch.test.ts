import assert from 'node:assert/strict';
import type { Log } from '../../src/extension/log.ts';
import type { TraceFiles } from '../../src/extension/traceFiles.ts';
import { EventEmitter, stats, Uri, watchers } from './support/vscode.ts';

const { FileWatch } = await import('../../src/extension/fileWatch.ts');

type Vscode = Parameters<InstanceType<typeof FileWatch>['changed']>[0];

/** Watched files, and which of them were read again. */
function watch(readsPaths = true) {
  const changes = new EventEmitter<{ kind: string }>();
  const listed = new Map<string, Record<string, unknown>>();
  const logged: string[] = [];
  let onRefresh: () => void = () => undefined;
  const refreshed: string[] = [];
  const files = {
    onDidChange: changes.event,
    list: () => [...listed.values()],
    get: (id: string) => listed.get(id),
    refresh: async (id: string) => {
      refreshed.push(id);
      onRefresh();
      if (id.includes('broken')) throw new Error('not refreshed');
    },
    close: async (id: string) => void listed.delete(id),
  };
  const log = { error: (line: string) => logged.push(line) } as unknown as Log;
  const watching = new FileWatch(files as unknown as TraceFiles, log, readsPaths);
  const add = (path: string, staleness?: string) => {
    const uri = Uri.file(path);
    stats.set(path, { mtime: 1, size: 9 });
    const id = uri.toString();
    listed.set(id, { id, uri, pinned: true, version: '1 9', info: { staleness } });
    changes.fire({ kind: 'list' });
    return uri;
  };
  /** Ends at the next reading of a file. */
  const refreshing = () =>
    new Promise<void>(resolve => {
      onRefresh = resolve;
    });
  return { watching, add, refreshed, refreshing, logged };
}

const pattern = (name: string) => `/w/${name}{,-wal,-journal}`;

describe('watching files', () => {
  beforeEach(() => {
    stats.clear();
    watchers.clear();
  });

  it('reads a file again when a writer’s -wal comes beside it, though the file is the same', async () => {
    const { watching, add, refreshed, refreshing } = watch();
    const [same, written] = [add('/w/same.db'), add('/w/live.db')];
    stats.set('/w/live.db-wal', { mtime: 1, size: 100 });
    const done = refreshing();
    watchers.get(pattern('same.db'))?.fire(undefined);
    watchers.get(pattern('live.db'))?.fire(undefined);
    await done;
    assert.deepEqual(refreshed, [written.toString()], `${same} has not changed`);
    watching.dispose();
    assert.equal(watchers.size, 0);
  });

  it('reads it again when the -wal has gone', async () => {
    const { watching, add, refreshed, refreshing } = watch();
    const uri = add('/w/live.db', 'wal');
    const done = refreshing();
    watchers.get(pattern('live.db'))?.fire(undefined);
    await done;
    assert.deepEqual(refreshed, [uri.toString()]);
    watching.dispose();
  });

  it('looks beside no file that the reader gets as bytes', () => {
    const { watching, add } = watch(false);
    add('/w/a.db');
    assert.deepEqual([...watchers.keys()], ['/w/a.db']);
    watching.dispose();
  });

  it('logs what fails, and goes on', async () => {
    const { watching, add, refreshing, logged } = watch();
    const uri = add('/w/broken.db');
    stats.set('/w/broken.db', { mtime: 2, size: 9 });
    for (const _ of [1, 2]) {
      const done = refreshing();
      watching.changed(uri as unknown as Vscode);
      await done;
      await new Promise(resolve => setTimeout(resolve, 0));
    }
    assert.equal(logged.length, 2);
    assert.match(logged[0] ?? '', /not refreshed/);
    watching.dispose();
  });
});
