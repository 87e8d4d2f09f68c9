import assert from 'node:assert/strict';
import type { Log } from '../../src/extension/log.ts';
import type { Platform } from '../../src/extension/platform.ts';
import type { Row } from '../../src/extension/rows.ts';
import { noInsights } from './support/noInsights.ts';
import { noReplays } from './support/noReplays.ts';
import { stats, Uri, watchers } from './support/vscode.ts';

const { machineFiles } = await import('../../src/extension/machineFiles.ts');
const { Finder } = await import('../../src/extension/finder.ts');
const { TraceFiles } = await import('../../src/extension/traceFiles.ts');
const { RunTree } = await import('../../src/extension/runTree.ts');
const { treeItem } = await import('../../src/extension/treeItems.ts');

type VscodeUri = Parameters<typeof machineFiles>[0];
const uri = (path: string, scheme = 'file'): VscodeUri => new Uri(scheme, path) as never;
const own = 'agent-trace-inspector.agent-trace-inspector';
const pathsOf = (storage: VscodeUri): readonly string[] =>
  machineFiles(storage).map(file => file.uri.path);

describe('the files of VS Code’s own agents', () => {
  for (const [flavour, data] of [
    ['Linux', '/home/User/.config/Code'],
    ['macOS, Insiders', '/Users/me/Library/Application Support/Code - Insiders'],
    ['Windows', '/c:/Users/User/AppData/Roaming/Code'],
    ['VSCodium, portable', '/opt/codium/data/user-data'],
    ['a remote host', '/home/me/.vscode-server/data'],
  ] as const) {
    it(`are looked for beside our own storage: ${flavour}`, () => {
      assert.deepEqual(pathsOf(uri(`${data}/User/globalStorage/${own}`)), [
        `${data}/User/globalStorage/github.copilot-chat/agent-traces.db`,
        `${data}/agent-host/otel/agent-host-traces.db`,
      ]);
    });
  }

  it('are looked for in the profile’s storage, the agent host’s above all profiles', () => {
    const data = '/home/me/.config/Code';
    assert.deepEqual(pathsOf(uri(`${data}/User/profiles/-5a/globalStorage/${own}`)), [
      `${data}/User/profiles/-5a/globalStorage/github.copilot-chat/agent-traces.db`,
      `${data}/agent-host/otel/agent-host-traces.db`,
    ]);
  });

  it('are not looked for where there is no disk, or no such place', () => {
    assert.deepEqual(pathsOf(uri(`/User/globalStorage/${own}`, 'vscode-userdata')), []);
    assert.deepEqual(pathsOf(uri(`/somewhere/${own}`)), []);
  });
});

describe('a file of VS Code’s own agents', () => {
  const log = { info: () => undefined, error: () => undefined } as unknown as Log;
  const path = '/d/User/globalStorage/github.copilot-chat/agent-traces.db';
  const places = machineFiles(uri(`/d/User/globalStorage/${own}`));

  function start() {
    const opened: string[] = [];
    const reader = {
      open: async (file: string) => {
        opened.push(file);
        return { file };
      },
      close: async () => undefined,
      totals: async () => ({ runs: 3, failed: 0, running: 0 }),
      runs: async () => ({ runs: [], matching: 0 }),
    };
    const platform = { reader, readsPaths: true } as unknown as Platform;
    const files = new TraceFiles(platform, log);
    const finder = new Finder(
      {
        found: (found, label) => files.add(found, false, label),
        changed: () => undefined,
        deleted: () => undefined,
        searched: found => void files.keepFound(found),
      },
      () => places,
    );
    const tree = new RunTree(files, noInsights, () => finder.search(), noReplays);
    const item = (row: Row) =>
      treeItem(row, { files, insights: noInsights, replays: noReplays, filtered: false, now: 0 });
    return { files, finder, tree, item, opened };
  }

  beforeEach(() => {
    stats.clear();
    watchers.clear();
  });

  const exists = (): void => void stats.set(path, { type: 1, mtime: 1, size: 9 } as never);

  it('is listed by its name, last and folded, and not read before it is unfolded', async () => {
    exists();
    const { files, tree, item, opened } = start();
    const [row, ...others] = await tree.getChildren();
    assert.ok(row);
    assert.deepEqual([item(row).label, others.length], ['GitHub Copilot Chat', 0]);
    assert.equal(item(row).collapsibleState, 1, 'folded, though it is the only one');
    assert.deepEqual(opened, []);
    files.add(uri('/w/agent_traces.db'), false);
    assert.deepEqual(
      files.list().map(file => file.name),
      ['agent_traces.db', 'GitHub Copilot Chat'],
    );
    await tree.getChildren(row);
    assert.equal(opened.length, 1);
  });

  it('that comes later is listed when it does, and stays through another search', async () => {
    const { files, finder } = start();
    await finder.search();
    assert.deepEqual(files.list(), []);
    exists();
    watchers.get(path)?.fire(uri(path));
    await new Promise(resolve => setTimeout(resolve, 5));
    assert.equal(files.list()[0]?.name, 'GitHub Copilot Chat');
    await finder.search(true);
    assert.equal(files.list().length, 1);
    stats.clear();
    await finder.search(true);
    await new Promise(resolve => setTimeout(resolve, 5));
    assert.equal(files.list().length, 0, 'gone with the file');
  });

  it('that was opened by hand before is given its name as well', () => {
    const { files } = start();
    files.add(uri(path), true);
    files.add(uri(path), false, 'GitHub Copilot Chat');
    const [file] = files.list();
    assert.deepEqual(
      [file?.name, file?.pinned, file?.ofMachine],
      ['GitHub Copilot Chat', true, true],
    );
  });
});
