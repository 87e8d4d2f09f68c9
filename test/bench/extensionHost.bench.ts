// Runs inside a real VS Code; main.ts starts it.
import { Session } from 'node:inspector/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import * as vscode from 'vscode';
import type { TestApi } from '../../src/extension/activate.ts';
import { heading, row, times } from './figures.ts';
import { longestHold } from './holds.ts';

describe('the extension host', () => {
  it('is measured', async function () {
    this.timeout(60_000);
    const file = vscode.Uri.file(process.env.AGENT_TRACES_BENCH_FILE ?? '');
    const extension = vscode.extensions.getExtension<TestApi>(
      'agent-trace-inspector.agent-trace-inspector',
    );
    if (!extension) throw new Error('The extension is not there.');
    const lines = [heading];
    const activated = await times(1, async () => extension.activate());
    lines.push(row('activation, with the loading of its code by VS Code', activated));
    const api = await extension.activate();
    lines.push(row('of that, activate itself', [api.activatedIn], '< 5'));
    const session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: 500 });
    await session.post('Profiler.start');
    const delay = monitorEventLoopDelay({ resolution: 2 });
    delay.enable();
    const id = file.toString();
    api.files.add(file, true);
    const root = api.tree.rows.file(id);
    lines.push(row('first rows of the tree', await times(1, () => api.tree.getChildren(root))));
    const clock = { now: Date.now(), staleAfter: 600_000 };
    const span = (i: number) =>
      api.files.use(id, reader => reader.span(id, `span-${(i * 7919) % 50_000}`, clock));
    lines.push(row('a span, asked from the extension host', await times(60, span), '< 100'));
    const reveal = (i: number) =>
      api.tree.rowOf({ file: id, spanId: `span-${(i * 7919) % 50_000}` });
    lines.push(row('the row of a span anywhere, pages loaded', await times(5, reveal)));
    delay.disable();
    const { profile } = await session.post('Profiler.stop');
    const ours = longestHold(profile, 'dist/extension.js');
    // Other extensions and VS Code itself are starting in the same thread.
    lines.push(row('longest hold of the thread meanwhile, by anyone', [delay.max / 1e6]));
    lines.push(row(`longest hold by us, in ${ours.name}`, [ours.ms], '< 50'));
    console.log(lines.join('\n'));
  });
});
