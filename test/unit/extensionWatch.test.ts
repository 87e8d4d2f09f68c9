import assert from 'node:assert/strict';
import type { Log } from '../../src/extension/log.ts';
import type { TraceFiles } from '../../src/extension/traceFiles.ts';
import { EventEmitter, stats, Uri, watchers } from './support/vscode.ts';

const { FileWatch } = await import('../../src/extension/fileWatch.ts');
const { versionOf } = await import('../../src/extension/sources.ts');

type Stat = { readonly mtime: number; readonly size: number };
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
  /** Lists a file that was read as it, and what lies beside it, is now. */
  const add = async (path: string) => {
    const uri = Uri.file(path);
    stats.set(path, { mtime: 1, size: 9 });
    const id = uri.toString();
    const version = await versionOf(uri as unknown as Vscode, readsPaths);
    listed.set(id, { id, uri, pinned: true, version });
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

  const besides: Record<string, { was?: Stat; is?: Stat }> = {
    comes: { is: { mtime: 1, size: 100 } },
    grows: { was: { mtime: 1, size: 100 }, is: { mtime: 1, size: 200 } },
    'is begun anew': { was: { mtime: 1, size: 100 }, is: { mtime: 2, size: 100 } },
    'is emptied': { was: { mtime: 1, size: 100 }, is: { mtime: 2, size: 0 } },
    goes: { was: { mtime: 1, size: 100 } },
  };
  for (const suffix of ['-wal', '-journal']) {
    for (const [what, { was, is }] of Object.entries(besides)) {
      it(`reads a file again when the ${suffix} beside it ${what}, though the file is the same`, async () => {
        const { watching, add, refreshed, refreshing } = watch();
        if (was) stats.set(`/w/live.db${suffix}`, was);
        const [same, written] = [await add('/w/same.db'), await add('/w/live.db')];
        stats.delete(`/w/live.db${suffix}`);
        if (is) stats.set(`/w/live.db${suffix}`, is);
        const done = refreshing();
        watchers.get(pattern('same.db'))?.fire(undefined);
        watchers.get(pattern('live.db'))?.fire(undefined);
        await done;
        assert.deepEqual(refreshed, [written.toString()], `${same} has not changed`);
        watching.dispose();
        assert.equal(watchers.size, 0);
      });
    }
  }

  it('looks beside no file that the reader gets as bytes', async () => {
    const { watching, add } = watch(false);
    await add('/w/a.db');
    assert.deepEqual([...watchers.keys()], ['/w/a.db']);
    watching.dispose();
  });

  it('logs what fails, and goes on', async () => {
    const { watching, add, refreshing, logged } = watch();
    const uri = await add('/w/broken.db');
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
