import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import * as vscode from 'vscode';
import {
  api,
  closeEverything,
  copySample,
  labelOf,
  rowsOf,
  runWhere,
  spansBelow,
  until,
  write,
} from './support.ts';

describe('the run tree', () => {
  afterEach(closeEverything);

  it('finds trace files by itself and lists their runs, newest first', async () => {
    const { tree, files } = await api();
    const uri = await copySample('found/agent_traces.db');
    await vscode.commands.executeCommand('agentTraces.refresh');
    await until('the file is found', () => files.get(uri.toString()));
    // What an earlier test has deleted may be reported late.
    await until('it is the only one', async () => {
      const roots = await tree.getChildren();
      return roots.map(row => row.type === 'file' && row.file).join() === uri.toString();
    });
    const rows = await rowsOf(uri);
    const starts = rows.map(row => (row.type === 'run' ? (row.run.start ?? 0) : 0));
    assert.deepEqual(
      starts,
      [...starts].sort((a, b) => b - a),
    );
    assert.equal(rows.length, 51);
  });

  it('describes rows in words, with an icon for light and dark and a stable id', async () => {
    const { tree } = await api();
    const uri = await copySample('words.agent-traces.db');
    const failed = await runWhere(
      uri,
      row => row.run.name === 'invoice_reconcile' && row.run.status === 'error',
    );
    const item = tree.getTreeItem(failed);
    assert.equal(labelOf(item), 'invoice_reconcile');
    assert.match(String(item.description), /^failed · /);
    assert.equal(item.contextValue, 'run.failed');
    assert.match(item.accessibilityInformation?.label ?? '', /^run, invoice_reconcile, failed, /);
    const icon = item.iconPath as { light: vscode.Uri; dark: vscode.Uri };
    assert.equal(icon.light.scheme, 'data');
    assert.notEqual(icon.light.toString(), icon.dark.toString());
    assert.equal(tree.getTreeItem(failed).id, item.id);
    const spans = await spansBelow(failed);
    const tool = spans.find(
      row => row.span.kind === 'tool' && row.span.status === 'error' && !row.span.recovered,
    );
    assert.ok(tool);
    assert.match(String(tree.getTreeItem(tool).description), /^failed · post_journal_entry · /);
    const tooltip = tree.resolveTreeItem(tree.getTreeItem(tool), tool)
      .tooltip as vscode.MarkdownString;
    assert.ok(!tooltip.isTrusted && !tooltip.supportHtml);
    assert.match(tooltip.value, /```text\n.*balance/);
  });

  it('takes a shown span’s way down through any depth', async () => {
    const { tree, files } = await api();
    const uri = await copySample('deep.agent-traces.db');
    const run = await runWhere(uri, row => row.run.spans > 5 && row.run.status === 'ok');
    const { spans } = await files.use(run.file, reader =>
      reader.spans(run.file, run.run.runId, { offset: 0, limit: 1000 }),
    );
    const deepest = spans.reduce((a, b) => (b.depth > a.depth ? b : a));
    const row = await tree.rowOf({ file: run.file, spanId: deepest.spanId });
    assert.equal(row.type === 'span' && row.span.spanId, deepest.spanId);
    let depth = 0;
    for (let at = tree.getParent(row); at?.type === 'span'; at = tree.getParent(at)) depth++;
    assert.equal(depth, deepest.depth - 1);
  });

  it('says what keeps a file from being read, and goes on with the others', async () => {
    const good = await copySample('good.agent-traces.db');
    const bad = {
      text: await write('text.agent-traces.db', 'this is no database, but a text of some length'),
      empty: await write('empty.agent-traces.db', ''),
      random: await write('random.agent-traces.db', crypto.getRandomValues(new Uint8Array(9000))),
      cut: await write(
        'cut.agent-traces.db',
        (await vscode.workspace.fs.readFile(good)).slice(0, 9000),
      ),
    };
    const words: Record<string, RegExp> = {
      text: /not a SQLite database/,
      empty: /is empty/,
      random: /not a SQLite database/,
      cut: /damaged or cut off/,
    };
    for (const [name, uri] of Object.entries(bad)) {
      const [row] = await rowsOf(uri);
      assert.equal(row?.type, 'note', name);
      assert.match(row.type === 'note' ? row.label : '', words[name] ?? /never/);
    }
    assert.equal((await rowsOf(good)).length, 51);
    const { tree } = await api();
    const fileItem = tree.getTreeItem(tree.rows.file(bad.text.toString()));
    assert.equal(fileItem.description, "can't be read");
  });

  it('filters to failed runs and back', async () => {
    const { view, tree } = await api();
    const uri = await copySample('filter.agent-traces.db');
    await rowsOf(uri);
    view.setFilter('failed');
    const rows = await rowsOf(uri);
    assert.ok(rows.length > 0 && rows.length < 51);
    assert.ok(rows.every(row => row.type === 'run' && row.run.status === 'error'));
    assert.ok(view.view.message);
    view.setFilter('running');
    const [none] = await rowsOf(uri);
    assert.equal(none?.type === 'note' && none.label, 'No running run.');
    await vscode.commands.executeCommand('agentTraces.clearFilter');
    assert.equal((await rowsOf(uri)).length, 51);
    assert.equal(tree.filter, 'all');
    assert.equal(view.view.message, undefined);
  });

  it('reads a file again when it changes, and tells one from another', async () => {
    const { files } = await api();
    const uri = await copySample('live.agent-traces.db');
    await rowsOf(uri);
    await write('live.agent-traces.db', 'overwritten with something else');
    await until('the change is noticed', () => files.get(uri.toString())?.error);
    await copySample('live.agent-traces.db');
    await until('it is well again', () => files.get(uri.toString())?.state === 'read');
    assert.equal((await rowsOf(uri)).length, 51);
  });

  it('shows what a writer commits to the -wal beside a file, and after it was moved into the file', async () => {
    const { files } = await api();
    const uri = await copySample('beside, {it}.agent-traces.db');
    await rowsOf(uri);
    const runs = () => files.get(uri.toString())?.totals?.runs;
    const db = new DatabaseSync(uri.fsPath);
    try {
      db.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0');
      for (const more of [1, 2]) {
        db.exec(`INSERT INTO spans (span_id, run_id, name, start_time, status)
          VALUES ('new-${more}', 'new-${more}', 'new', ${Date.now() / 1000}, 'running')`);
        await until(`${more} in the -wal`, () => runs() === 51 + more);
      }
    } finally {
      db.close();
    }
    const listed = files.get(uri.toString());
    await until('it was read again', () => files.get(uri.toString()) !== listed);
    await until('all is in the file', () => runs() === 53);
    assert.equal(files.get(uri.toString())?.info?.staleness, undefined);
  });

  it('says that a -wal beside a file cannot be read, until it has gone', async () => {
    const { files } = await api();
    const uri = await copySample('odd.agent-traces.db');
    await rowsOf(uri);
    const staleness = () => files.get(uri.toString())?.info?.staleness;
    assert.equal(staleness(), undefined);
    const folder = uri.with({ path: `${uri.path}-wal` });
    await vscode.workspace.fs.createDirectory(folder);
    await until('it may be stale', () => staleness()?.beside === 'wal');
    await vscode.workspace.fs.delete(folder);
    await until('it is no longer', () => staleness() === undefined);
  });
});
