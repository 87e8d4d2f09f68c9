import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import * as vscode from 'vscode';
import { api, closeEverything, rowsOf, workspaceFile } from './support.ts';

/** Runs of one span each, oldest first, and one run with many children. */
function writeMany(path: string, runs: number, children: number): void {
  const db = new DatabaseSync(path);
  db.exec(`CREATE TABLE spans (span_id TEXT PRIMARY KEY, run_id TEXT NOT NULL, parent_span_id TEXT,
    name TEXT NOT NULL, start_time REAL NOT NULL, end_time REAL, status TEXT NOT NULL,
    input_tokens INTEGER, output_tokens INTEGER, cost_usd REAL, model TEXT, metadata TEXT, error TEXT)`);
  const insert = db.prepare('INSERT INTO spans VALUES (?,?,?,?,?,?,?,0,0,0,NULL,NULL,NULL)');
  db.exec('BEGIN');
  for (let i = 0; i < runs; i++) {
    insert.run(`s${i}`, `r${i}`, null, `run ${i}`, 1.7e9 + i, 1.7e9 + i + 0.5, 'ok');
  }
  for (let i = 0; i < children; i++) {
    insert.run(`c${i}`, 'r0', 's0', `child ${i}`, 1.7e9 + i / 1e4, 1.7e9 + (i + 1) / 1e4, 'ok');
  }
  db.exec('COMMIT');
  db.close();
}

describe('a file with more rows than a page', () => {
  const uri = () => workspaceFile('many.agent-traces.db');
  beforeEach(() => writeMany(uri().fsPath, 450, 650));
  afterEach(closeEverything);

  it('shows 200 runs and loads more when asked', async () => {
    const { tree } = await api();
    const rows = await rowsOf(uri());
    assert.equal(rows.length, 201);
    const more = rows.at(-1);
    assert.ok(more?.type === 'more');
    assert.equal(tree.getTreeItem(more).description, '200 of 450');
    await vscode.commands.executeCommand('agentTraces.loadMore', more);
    assert.equal((await rowsOf(uri())).length, 401);
    await vscode.commands.executeCommand('agentTraces.loadMore', more);
    const all = await rowsOf(uri());
    assert.equal(all.length, 450);
    assert.ok(all.every(row => row.type === 'run'));
  });

  it('goes to a span beyond the loaded pages', async () => {
    const { tree, files } = await api();
    files.add(uri(), true);
    const row = await tree.rowOf({ file: uri().toString(), spanId: 'c640' });
    assert.equal(row.type === 'span' && row.span.name, 'child 640');
    assert.equal(tree.getParent(row)?.type, 'run');
  });

  it('keeps the pages that were loaded when the file is read again', async () => {
    const { tree, files } = await api();
    const rows = await rowsOf(uri());
    await vscode.commands.executeCommand('agentTraces.loadMore', rows.at(-1));
    await files.refresh(uri().toString());
    const again = await tree.getChildren(tree.rows.file(uri().toString()));
    assert.equal(again.length, 401);
    assert.equal(again[0], rows[0], 'a row stays one object');
  });
});
