import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { parseAlerts } from '../../src/core/alerts/config.ts';
import { showLink } from '../../src/core/alerts/link.ts';
import type { Notice } from '../../src/core/alerts/notice.ts';
import type { Rule } from '../../src/core/alerts/rules.ts';
import { TraceError } from '../../src/core/errors.ts';
import { idShape, idWords } from '../../src/core/idShapes.ts';
import type { RunSummary } from '../../src/core/model.ts';
import { runOf } from './support/runs.ts';
import {
  EventEmitter,
  folders,
  saved,
  settings,
  stats,
  texts,
  toasts,
  trusted,
  Uri,
  workspace,
} from './support/vscode.ts';

const { ShowLinks } = await import('../../src/extension/showLinks.ts');
const { TerminalLinks } = await import('../../src/extension/terminalLinks.ts');
const { AlertRules } = await import('../../src/extension/alertRules.ts');
const { Alerts } = await import('../../src/extension/alerts.ts');

const log = { error: () => undefined, info: () => undefined };
const id = Uri.file('/data/a.db').toString();

/** Trace files that hold some runs. */
function filesOf(runs: () => readonly RunSummary[], spans: readonly string[] = []) {
  const changes = new EventEmitter<unknown>();
  const listed = new Map<string, Record<string, unknown>>();
  let asked = 0;
  const reader = {
    runs: async () => ({ runs: runs(), matching: runs().length }),
    run: async (_: string, runId: string) => {
      asked++;
      const found = runs().find(run => run.runId === runId);
      if (!found) throw new TraceError('runMissing');
      return found;
    },
    locate: async (_: string, spanId: string) => {
      asked++;
      if (!spans.includes(spanId)) throw new TraceError('spanMissing');
      return {};
    },
    insights: async () => ({ insights: [], done: 0, of: 0, partial: false }),
  };
  const files = {
    onDidChange: changes.event,
    list: () => [...listed.values()],
    get: (file: string) => listed.get(file),
    add: (uri: Uri) => {
      const known = {
        id: uri.toString(),
        uri,
        name: 'a.db',
        state: 'read',
        following: true,
        totals: {},
      };
      listed.set(known.id, known);
      return known;
    },
    use: async (_: string, ask: (of: unknown) => unknown) => ask(reader),
  };
  return { files, changes, listed, asked: () => asked };
}

describe('links from outside', () => {
  const runs = [runOf('run-1', { status: 'error', failingSpanId: 'failing' }), runOf('run-2')];
  function handler(agrees: boolean, isKnown: boolean) {
    const { files, listed } = filesOf(() => runs, ['span-1', 'failing']);
    if (isKnown) files.add(Uri.file('/data/a.db'));
    const asked: string[] = [];
    const shown: unknown[] = [];
    const context = {
      files,
      log,
      show: async (ref: unknown, how: unknown) => void shown.push([ref, how]),
    };
    const links = new ShowLinks(context as never, async (words, detail) => {
      asked.push(`${words} ${detail}`);
      return agrees;
    });
    const open = async (place: Parameters<typeof showLink>[1]) => {
      const [, path = '', query = ''] =
        /^\w+:\/\/[\w.-]+(\/\w+)\?(.*)$/.exec(showLink('vscode', place)) ?? [];
      await links.handleUri({ path, query: decodeURIComponent(query) } as never);
    };
    return { open, links, asked, shown, listed };
  }
  const focus = { focus: true };

  it('to a file that is listed open at the span, or where the run failed', async () => {
    const { open, asked, shown } = handler(false, true);
    await open({ file: '/data/a.db', run: 'run-1', span: 'span-1' });
    await open({ file: '/data/a.db', run: 'run-1' });
    await open({ file: '/data/a.db', run: 'run-2', span: 'gone' });
    await open({ file: '/data/x/../a.db', span: 'span-1' });
    assert.deepEqual(shown, [
      [{ file: id, spanId: 'span-1' }, focus],
      [{ file: id, spanId: 'failing' }, focus],
      [{ file: id, spanId: 'run-2-root' }, focus],
      [{ file: id, spanId: 'span-1' }, focus],
    ]);
    assert.deepEqual(asked, []);
  });

  it('to another file ask first, and do nothing where that is refused', async () => {
    const no = handler(false, false);
    await no.open({ file: '/data/a.db', run: 'run-1' });
    assert.deepEqual(no.asked, ['Open the trace file that a link names? /data/a.db']);
    assert.deepEqual([no.shown, [...no.listed]], [[], []]);
    const yes = handler(true, false);
    await yes.open({ file: '/data/a.db', run: 'run-1' });
    assert.equal(yes.shown.length, 1);
  });

  it('to another machine say so, and what is asked about is on one line', async () => {
    const { open, asked, listed } = handler(false, false);
    await open({ file: '//evil.example/share/a.db', run: 'run-1' });
    await open({ file: `/data/${'a'.repeat(900)}.db` });
    assert.match(asked[0] ?? '', /evil\.example, which would learn of you/);
    assert.equal(listed.size, 0);
  });

  it('that are not whole paths, or of no form that we make, open nothing', async () => {
    const { links, asked, shown } = handler(true, true);
    toasts.length = 0;
    for (const [path, query] of [
      ['/show', 'file=a.db'],
      ['/show', 'file=https://evil.example/a.db'],
      ['/show', 'file=command:workbench.action.quit'],
      ['/show', 'file=../../a.db'],
      ['/run', 'file=/data/a.db'],
      ['/show', ''],
      ['', ''],
    ]) {
      await links.handleUri({ path, query } as never);
    }
    assert.deepEqual([asked, shown, toasts.length], [[], [], 7]);
  });

  it('to what is not in the file say that', async () => {
    const { open, shown } = handler(true, true);
    toasts.length = 0;
    await open({ file: '/data/a.db', run: 'gone', span: 'gone' });
    await open({ file: '/data/a.db', span: 'gone' });
    assert.deepEqual(shown, []);
    assert.match(toasts[0]?.words ?? '', /That run is no longer in the file/);
    assert.match(toasts[1]?.words ?? '', /That span is no longer in the file/);
  });
});

describe('ids in a terminal', () => {
  const runs = [
    runOf('5f0c1a2b3c4d5e6f', {
      rootSpanId: 'a1b2c3d4',
      status: 'error',
      failingSpanId: 'a1b2c3d5',
    }),
  ];

  it('are links where a file has them, and what looks otherwise is not even looked for', async () => {
    const { files, asked } = filesOf(() => runs, ['a1b2c3d4', 'a1b2c3d5']);
    files.add(Uri.file('/data/a.db'));
    const shown: unknown[] = [];
    const links = new TerminalLinks(files as never, ref => shown.push(ref), log as never);
    const line =
      'run 5f0c1a2b3c4d5e6f failed at span=a1b2c3d5, not 0f0f0f0f, in 2026-11-28T12:00:00Z deadbeefcafe';
    const found = await links.provideTerminalLinks({ line });
    assert.deepEqual(
      found.map(link => line.slice(link.startIndex, link.startIndex + link.length)),
      ['5f0c1a2b3c4d5e6f', 'a1b2c3d5'],
    );
    const before = asked();
    assert.ok(before <= 6, 'three words of the line can be ids');
    await links.provideTerminalLinks({ line });
    assert.equal(asked(), before, 'the same line is not looked up again');
    await links.handleTerminalLink(found[0]!);
    assert.deepEqual(shown, [{ file: id, spanId: 'a1b2c3d5' }], 'a run opens where it failed');
  });

  it('cost nothing where no file is open, or the line is very long', async () => {
    const { files, asked } = filesOf(() => runs, ['a1b2c3d4']);
    const links = new TerminalLinks(files as never, () => undefined, log as never);
    assert.deepEqual(await links.provideTerminalLinks({ line: 'a1b2c3d4' }), []);
    files.add(Uri.file('/data/a.db'));
    assert.deepEqual(
      await links.provideTerminalLinks({ line: `a1b2c3d4 ${'x'.repeat(5000)}` }),
      [],
    );
    assert.equal(asked(), 0);
  });

  it('have a shape', () => {
    assert.equal(idShape('a1b2c3d4'), 'x8');
    assert.equal(idShape('6ba7b810-9dad-11d1-80b4-00c04fd430c8'), 'x8-x4-x4-x4-x12');
    assert.equal(idShape('run_01Habc'), 'a3-a6');
    for (const word of ['word', 'exception', 'a b c d1', 'x1'.repeat(100), 'ünïcödé1']) {
      assert.equal(idShape(word), undefined, word);
    }
    assert.equal(idWords('a1b2c3d4 '.repeat(60), new Set(['x8'])).length, 20);
  });
});

describe('alerts in the editor', () => {
  const now = 1.8e12;
  const failed = (runId: string, part: Partial<RunSummary> = {}) =>
    runOf(runId, {
      status: 'error',
      start: Date.now() - 2000,
      end: Date.now(),
      lastActivity: Date.now(),
      failingSpanId: `${runId}-f`,
      ...part,
    });

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now });
    toasts.length = 0;
  });
  afterEach(() => mock.timers.reset());

  async function pass(ms: number): Promise<void> {
    mock.timers.tick(ms);
    for (let i = 0; i < 30; i++) await Promise.resolve();
  }

  function watch(rules: readonly object[], memory = new Map<string, unknown>()) {
    let runs: readonly RunSummary[] = [];
    const { files, changes } = filesOf(() => runs);
    files.add(Uri.file('/data/a.db'));
    const shown: unknown[] = [];
    const changed = new EventEmitter<void>();
    const source = {
      all: parseAlerts(JSON.stringify({ rules })).config.rules as readonly Rule[],
      onDidChange: changed.event,
    };
    const memento = {
      get: (key: string, otherwise: unknown) => memory.get(key) ?? otherwise,
      update: async (key: string, value: unknown) =>
        void memory.set(key, JSON.parse(JSON.stringify(value))),
    };
    const alerts = new Alerts(
      files as never,
      source as never,
      memento as never,
      log as never,
      (file, span) => shown.push(span ?? file),
    );
    const write = async (...next: readonly RunSummary[]) => {
      runs = next;
      changes.fire({ kind: 'file', file: id, why: 'read' });
      await pass(1000);
    };
    return { alerts, write, shown, memory };
  }
  const both = [
    { type: 'run-failed', runs: 'a*', id: 'a' },
    { type: 'run-failed', runs: 'b*', id: 'b' },
  ];

  it('are told in one notification each look, and shown where they failed', async () => {
    const { alerts, write } = watch(both);
    await write();
    await write(failed('r1', { name: 'a' }), failed('r2', { name: 'b' }));
    assert.deepEqual(toasts, [
      {
        words: '2 alerts. Alert: A run failed. a (a.db)',
        buttons: ['Show', 'Mute These Rules'],
      },
    ]);
    assert.deepEqual(
      alerts.firing.map(({ rule, name }) => `${rule} ${name}`),
      ['a a.db', 'b a.db'],
    );
    await write(failed('r1', { name: 'a' }), failed('r2', { name: 'b' }));
    assert.equal(toasts.length, 1);
    alerts.dispose();
  });

  it('say which run, and why, on one line', async () => {
    const { alerts, write } = watch(both);
    await write();
    await write(failed('r1', { name: 'a', error: 'LedgerError\n422' }));
    assert.deepEqual(
      toasts.map(({ words }) => words),
      ['Alert: A run failed. a: LedgerError 422 (a.db)'],
    );
    alerts.dispose();
  });

  it('that are muted are not told, nor counted, until they are wanted again', async () => {
    const { alerts, write, memory } = watch(both);
    alerts.mute(['a'], true);
    await write();
    await write(failed('r1', { name: 'a' }));
    assert.deepEqual([toasts, alerts.firing], [[], []]);
    assert.deepEqual(memory.get('alerts.muted'), ['a']);
    alerts.mute(['a'], false);
    assert.equal(alerts.firing.length, 1);
    alerts.dispose();
  });

  it('open at the failing span, and at the file where no run is named', async () => {
    const { alerts, write, shown } = watch(both);
    await write();
    await write(failed('r1', { name: 'a' }));
    alerts.open(alerts.firing[0]!);
    alerts.open({ file: id, notice: { runs: [] } as unknown as Notice });
    assert.deepEqual(shown, [{ file: id, spanId: 'r1-f' }, id]);
    alerts.dispose();
  });

  it('are remembered by the next window, and what was over before a file was opened is no news', async () => {
    const first = watch(both);
    await first.write(failed('old', { name: 'a', end: now - 60_000, lastActivity: now - 60_000 }));
    assert.equal(toasts.length, 0);
    await first.write(failed('r1', { name: 'a' }));
    assert.equal(toasts.length, 1);
    first.alerts.dispose();
    const second = watch(both, first.memory);
    await second.write(failed('r1', { name: 'a' }));
    assert.equal(toasts.length, 1);
    assert.equal(second.alerts.firing.length, 1);
    second.alerts.dispose();
  });

  it('of a window that is closed are looked for no more, also where a look is under way', async () => {
    const { alerts, write } = watch(both);
    await write();
    const writing = write(failed('r1', { name: 'a' }));
    alerts.dispose();
    await writing;
    await pass(100_000);
    assert.equal(toasts.length, 0);
  });

  it('end by themselves as time goes by, without a word', async () => {
    const { alerts, write } = watch([{ type: 'run-failed', cooldown: '1m' }]);
    await write();
    await write(failed('r1'));
    for (let i = 0; i < 4; i++) await pass(30_000);
    assert.deepEqual([alerts.firing.length, toasts.length], [0, 1]);
    alerts.dispose();
  });
});

describe('rules of alerts', () => {
  const file = '/ws/.vscode/agent-traces.alerts.json';
  afterEach(() => {
    folders.length = 0;
    for (const all of [stats, texts, settings]) all.clear();
    workspace.isTrusted = true;
  });

  it('of a folder hold once it is trusted: it may not silence what the user asked for', async () => {
    settings.set('agentTraces.alerts.enabled', true);
    settings.set('agentTraces.alerts.rules', [{ type: 'run-failed' }]);
    folders.push({ uri: Uri.file('/ws') });
    stats.set(file, { mtime: 1, size: 100 });
    texts.set(file, '{ "rules": [{ "type": "run-failed", "runs": "none" }, { "type": "loop" }] }');
    workspace.isTrusted = false;
    const rules = new AlertRules(log as never);
    const says = () => rules.all.map(({ id, runs }) => `${id} ${runs}`);
    for (let i = 0; i < 10; i++) await Promise.resolve();
    assert.deepEqual(says(), ['run-failed undefined']);
    let changes = 0;
    rules.onDidChange(() => changes++);
    workspace.isTrusted = true;
    trusted.fire();
    assert.deepEqual([says(), changes], [['run-failed none', 'loop undefined'], 1]);
    rules.dispose();
  });

  it('are those that were saved last, also where no watcher tells of it', async () => {
    settings.set('agentTraces.alerts.enabled', true);
    settings.set('agentTraces.alerts.rules', []);
    folders.push({ uri: Uri.file('/ws') });
    stats.set(file, { mtime: 1, size: 100 });
    texts.set(file, '{ "rules": [{ "type": "loop" }] }');
    const rules = new AlertRules(log as never);
    texts.set(file, '{ "rules": [{ "type": "run-failed" }] }');
    for (const path of ['/ws/other.json', file]) saved.fire({ uri: Uri.file(path) });
    let changes = 0;
    rules.onDidChange(() => changes++);
    for (let i = 0; i < 10; i++) await Promise.resolve();
    assert.deepEqual(
      rules.all.map(({ id }) => id),
      ['run-failed'],
    );
    assert.equal(changes, 1, 'a reading that was overtaken says nothing');
    rules.dispose();
  });
});
