import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { RunComparison } from '../../src/core/compareRuns.ts';
import type { RunRow } from '../../src/extension/rows.ts';
import type { RunPair } from '../../src/protocol/panel.ts';
import { accept, acceptUntil, hide } from './quickInput.ts';
import {
  api,
  closeEverything,
  copySample,
  rowsOf,
  run,
  runWhere,
  spansBelow,
  tabs,
  until,
} from './support.ts';

const diffShown = (): vscode.TabInputTextDiff | undefined => {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputTextDiff ? input : undefined;
};
const compareTabs = () =>
  tabs().filter(
    tab =>
      tab.input instanceof vscode.TabInputWebview &&
      /agentTraces\.compare/.test(tab.input.viewType),
  );

const failedInvoices = (uri: vscode.Uri): Promise<RunRow> =>
  runWhere(uri, row => row.run.name === 'invoice_reconcile' && row.run.status === 'error');
const okInvoices = (uri: vscode.Uri): Promise<RunRow> =>
  runWhere(uri, row => row.run.name === 'invoice_reconcile' && row.run.status === 'ok');

const loaded = async (): Promise<RunComparison> => {
  const { compare } = await api();
  return new Promise(resolve => {
    const listening = compare.onDidLoad(comparison => {
      listening.dispose();
      resolve(comparison);
    });
  });
};

const pairOf = (a: RunRow, b: RunRow): RunPair => ({
  a: { file: a.file, runId: a.run.runId },
  b: { file: b.file, runId: b.run.runId },
});

describe('Compare With…', () => {
  afterEach(closeEverything);

  it('offers for a failed run the latest of its name that went well, and shows both in one page', async () => {
    const { compare } = await api();
    const uri = await copySample('compare.agent-traces.db');
    const failed = await failedInvoices(uri);
    const ok = await okInvoices(uri);
    for (let round = 0; round < 2; round++) {
      const page = loaded();
      const done = run('compareWith', failed);
      await acceptUntil('the page is there', () => compareTabs().length > 0 && compare.shown);
      await done;
      const { a, b, difference, names } = await page;
      assert.deepEqual([a.run.runId, b.run.runId], [ok.run.runId, failed.run.runId]);
      assert.ok(difference?.a && difference.b && names.length > 3);
      assert.equal(compareTabs().length, 1, 'one page is used again');
      if (round === 0) await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    }
  });

  it('compares runs of two files', async () => {
    const { compare } = await api();
    const one = await failedInvoices(await copySample('one.agent-traces.db'));
    const other = await failedInvoices(await copySample('two.agent-traces.db'));
    const page = loaded();
    compare.show(pairOf(one, other));
    assert.equal((await page).difference, undefined, 'the same run in two copies of a file');
  });

  it('opens one part of two calls in the diff editor, the earlier one left', async () => {
    const row = await failedInvoices(await copySample('calls.agent-traces.db'));
    const calls = (await spansBelow(row)).filter(one => one.span.name === 'llm_continuation');
    const later = calls.at(-1);
    assert.ok(later && calls.length > 2);
    const done = run('compareWith', later);
    const diff = await acceptUntil('a diff is shown', diffShown);
    await done;
    const [left, right] = [diff.original, diff.modified].map(uri => JSON.parse(uri.query));
    assert.deepEqual(left.slice(1), [calls.at(-2)?.span.spanId, 'prompt'], 'the call before it');
    assert.deepEqual(right.slice(1), [later.span.spanId, 'prompt']);
    const label = vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? '';
    assert.match(label, /^llm_continuation \(call \d\) ↔ llm_continuation \(call \d\), prompt$/);
    assert.notEqual(
      (await vscode.workspace.openTextDocument(diff.original)).getText(),
      (await vscode.workspace.openTextDocument(diff.modified)).getText(),
    );
  });

  it('asks nothing where only one part can be compared, and says so where none can', async () => {
    const { documents } = await api();
    const row = await failedInvoices(await copySample('tools.agent-traces.db'));
    const spans = await spansBelow(row);
    const posts = spans.filter(one => one.span.toolName === 'post_journal_entry');
    assert.ok(posts.length > 1);
    const done = run('compareWith', posts.at(-1));
    const diff = await acceptUntil('a diff is shown', diffShown);
    await done;
    const [, , part] = JSON.parse(diff.modified.query);
    assert.ok(['toolInput', 'toolResult'].includes(part), part);
    const agent = spans.find(one => one.span.kind === 'agent');
    assert.ok(agent);
    const ref = { file: agent.file, spanId: agent.span.spanId };
    assert.equal(await documents.uriOf(ref, 'request'), undefined);
  });

  it('is restored with its runs, also when what was saved makes no sense', async () => {
    const { compare } = await api();
    const uri = await copySample('restored.agent-traces.db');
    const pair = pairOf(await okInvoices(uri), await failedInvoices(uri));
    for (const state of [undefined, 7, { pair: { a: 'x' } }, { pair, scroll: 3 }]) {
      const panel = vscode.window.createWebviewPanel(
        'agentTraces.compare',
        'Compare',
        vscode.ViewColumn.One,
      );
      const isPair = typeof state === 'object' && 'scroll' in state;
      const page = isPair ? loaded() : undefined;
      await compare.deserializeWebviewPanel(panel, state);
      await page;
      assert.match(panel.webview.html, /default-src 'none'/);
      assert.doesNotMatch(panel.webview.html, /unsafe|invoice/);
      if (isPair) assert.deepEqual(compare.shown, pair);
    }
    assert.equal(compareTabs().length, 1);
  });
});

describe('failures and filter', () => {
  afterEach(closeEverything);

  it('are counted in the status bar while a file is open', async () => {
    const { statusBar, files } = await api();
    assert.equal(statusBar.text, undefined, 'nothing is open');
    const uri = await copySample('count.agent-traces.db');
    await rowsOf(uri);
    assert.match(statusBar.text ?? '', /^\$\(pulse\) 51 runs · 4 failed · \$0\.\d+/);
    const other = await copySample('other.agent-traces.db');
    await rowsOf(other);
    assert.match(statusBar.text ?? '', /102 runs · 8 failed/);
    await vscode.commands.executeCommand('vscode.openWith', uri, 'agentTraces.runs');
    await until('only the active editor’s file counts', () => /51 runs/.test(statusBar.text ?? ''));
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await until('all count again', () => /102 runs/.test(statusBar.text ?? ''));
    for (const { id } of files.list()) await files.close(id);
    assert.equal(statusBar.text, undefined);
  });

  it('are listed newest first; the tree follows, Escape puts it back, Enter shows', async () => {
    const { view, panel } = await api();
    const uri = await copySample('list.agent-traces.db');
    const ok = await okInvoices(uri);
    await run('refresh');
    // A panel that opens while a list is asked for may take the focus, which closes the list.
    const panelLoaded = new Promise(resolve => panel.onDidLoad(resolve));
    await run('revealInRunTree', { file: ok.file, spanId: ok.run.rootSpanId });
    await panelLoaded;
    await until('a run is selected', () => view.selection?.spanId === ok.run.rootSpanId);
    view.setFilter('all', 'invoice');
    const failed = await failedInvoices(uri);
    const listed = run('showFailures');
    await until('the tree follows', () => view.selection?.spanId === failed.run.rootSpanId);
    await hide();
    await listed;
    await until('it is as it was', () => view.selection?.spanId === ok.run.rootSpanId);
    assert.equal(view.state.text, 'invoice');
    const again = run('showFailures');
    await until('the tree follows', () => view.selection?.spanId === failed.run.rootSpanId);
    await accept();
    await again;
    assert.equal(panel.shown?.spanId, failed.run.failingSpanId);
  });

  it('narrow the tree to runs that hold all words, with how many of how many', async () => {
    const { view, tree } = await api();
    const uri = await copySample('words.agent-traces.db');
    await rowsOf(uri);
    view.setFilter('all', 'INVOICE reconcile');
    const rows = await rowsOf(uri);
    assert.ok(rows.length > 1 && rows.length < 51);
    assert.ok(rows.every(row => row.type === 'run' && row.run.name === 'invoice_reconcile'));
    const says = (words: RegExp) => until(String(words), () => words.test(view.view.message ?? ''));
    await says(new RegExp(`^Runs with “INVOICE reconcile”: ${rows.length} of 51$`));
    view.setFilter('failed', 'LedgerError');
    await says(/^Failed runs with “LedgerError”: 1 of 51$/);
    view.setFilter('all', 'no such words');
    const [none] = await rowsOf(uri);
    assert.equal(none?.type === 'note' && none.label, 'No run matches “no such words”.');
    await run('clearFilter');
    assert.equal((await rowsOf(uri)).length, 51);
    assert.equal(tree.text, '');
    assert.equal(view.view.message, undefined);
  });

  it('take the filter off where it would hide what is to be revealed', async () => {
    const { view, tree } = await api();
    const uri = await copySample('hidden.agent-traces.db');
    const ok = await okInvoices(uri);
    await run('refresh');
    view.setFilter('all', 'support');
    await run('revealInRunTree', { file: ok.file, spanId: ok.run.rootSpanId });
    await until('it is selected', () => view.selection?.spanId === ok.run.rootSpanId);
    assert.equal(tree.filtered, false);
  });
});
