import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { RunRow, SpanRow } from '../../src/extension/rows.ts';
import type { SpanRef } from '../../src/protocol/panel.ts';
import {
  api,
  closeEverything,
  copySample,
  run,
  runWhere,
  spansBelow,
  tabs,
  until,
} from './support.ts';

const loaded = async (spanId: string): Promise<unknown> => {
  const { panel } = await api();
  return new Promise(resolve => {
    const listening = panel.onDidLoad(detail => {
      if (detail.span.spanId !== spanId) return;
      listening.dispose();
      resolve(detail);
    });
  });
};

const panelTabs = () =>
  tabs().filter(
    tab =>
      tab.input instanceof vscode.TabInputWebview && /agentTraces\.span/.test(tab.input.viewType),
  );

async function failure(uri: vscode.Uri): Promise<{ run: SpanRef; failing: SpanRef }> {
  const row = await runWhere(
    uri,
    one => one.run.name === 'invoice_reconcile' && one.run.status === 'error',
  );
  assert.ok(row.run.failingSpanId);
  return {
    run: { file: row.file, spanId: row.run.rootSpanId },
    failing: { file: row.file, spanId: row.run.failingSpanId },
  };
}

describe('the span panel', () => {
  afterEach(closeEverything);

  it('shows the selected row beside and leaves the focus in the tree', async () => {
    const { view, tree, panel } = await api();
    // Not by way of our own view, for which that is no news. VS Code selects no row that it has not drawn yet.
    const select = (wanted: RunRow | SpanRow) =>
      until('it is selected', async () => {
        await tree.whileRevealing(wanted, () =>
          view.view.reveal(wanted, { select: true, focus: true }),
        );
        return view.view.selection[0] === wanted;
      });
    const uri = await copySample('select.agent-traces.db');
    const row = await runWhere(uri, one => one.run.spans > 3);
    await run('refresh');
    await vscode.commands.executeCommand('agentTraces.runs.focus');
    const shown = loaded(row.run.rootSpanId);
    await select(row);
    await shown;
    assert.equal(panel.shown?.spanId, row.run.rootSpanId);
    assert.equal(panelTabs().length, 1);
    const [span] = await spansBelow(row);
    assert.ok(span);
    const next = loaded(span.span.spanId);
    await select(span);
    await next;
    assert.equal(panelTabs().length, 1, 'one panel is used again');
    assert.equal(view.selection?.spanId, span.span.spanId);
    await until(
      'its title is the span’s',
      () => panelTabs()[0]?.label === (span.span.toolName ?? span.span.name),
    );
  });

  it('goes from a failed run to its cause and back to the failing span', async () => {
    const { panel } = await api();
    const uri = await copySample('cause.agent-traces.db');
    const { run: root, failing } = await failure(uri);
    await run('goToCause', root);
    const cause = panel.shown;
    assert.ok(cause && cause.spanId !== failing.spanId && cause.spanId !== root.spanId);
    await run('goToCause', cause);
    assert.equal(panel.shown?.spanId, failing.spanId);
    await run('goToCause', 'here');
    assert.equal(panel.shown?.spanId, cause.spanId);
    await run('goToCause', 'here');
    assert.equal(panel.shown?.spanId, failing.spanId);
  });

  it('walks the failures in tree order, round and round, both ways', async () => {
    const { panel } = await api();
    const uri = await copySample('failures.agent-traces.db');
    const { run: root, failing } = await failure(uri);
    await run('goToNextFailure', root);
    assert.equal(panel.shown?.spanId, failing.spanId, 'from a run its own first');
    const seen = [failing.spanId];
    for (;;) {
      await run('goToNextFailure', 'here');
      const at = panel.shown?.spanId ?? '';
      if (at === failing.spanId) break;
      assert.ok(!seen.includes(at), 'each once');
      seen.push(at);
    }
    assert.ok(seen.length >= 4, `${seen.length} failures`);
    await run('goToPreviousFailure', 'here');
    assert.equal(panel.shown?.spanId, seen.at(-1));
  });

  it('selects what is shown in the visible tree', async () => {
    const { view } = await api();
    const uri = await copySample('reveal.agent-traces.db');
    const { failing } = await failure(uri);
    await run('revealInRunTree', failing);
    await until('the row is selected', () => view.selection?.spanId === failing.spanId);
    await run('goToCause', failing);
    await until(
      'the selection follows',
      () => view.selection && view.selection.spanId !== failing.spanId,
    );
  });

  it('is restored with its span and tab, also when what was saved makes no sense', async () => {
    const { panel } = await api();
    const uri = await copySample('restore.agent-traces.db');
    const { failing } = await failure(uri);
    for (const state of [
      undefined,
      null,
      7,
      { ref: 'x' },
      { ref: failing, tab: 'nonsense' },
      { ref: failing, tab: 'tool' },
    ]) {
      const restored = vscode.window.createWebviewPanel(
        'agentTraces.span',
        'Span',
        vscode.ViewColumn.One,
      );
      const isRef = typeof state === 'object' && state !== null && typeof state.ref === 'object';
      const shown = isRef ? loaded(failing.spanId) : undefined;
      await panel.deserializeWebviewPanel(restored, state);
      await shown;
      assert.match(restored.webview.html, /default-src 'none'/);
      assert.doesNotMatch(restored.webview.html, /unsafe|post_journal/);
      if (isRef) assert.equal(panel.shown?.spanId, failing.spanId);
    }
    assert.equal(panelTabs().length, 1);
  });
});
