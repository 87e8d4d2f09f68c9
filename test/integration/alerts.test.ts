// A database that is written while it is looked at, the alert of it, and the ways to where it failed.
import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import * as vscode from 'vscode';
import { showLink } from '../../src/core/alerts/link.ts';
import type { Said } from '../../src/extension/errors.ts';
import { clock } from '../../src/extension/settings.ts';
import { api, closeEverything, until, workspaceFile, write } from './support.ts';

const name = 'watched.agent-traces.db';
const config = '.vscode/agent-traces.alerts.json';

/** Writes as a tracer does, with a connection of its own for each write. */
function add(...runs: readonly ('ok' | 'error')[]): void {
  const db = new DatabaseSync(workspaceFile(name).fsPath);
  db.exec(`CREATE TABLE IF NOT EXISTS spans (span_id TEXT PRIMARY KEY, run_id TEXT, parent_span_id TEXT,
    name TEXT, start_time REAL, end_time REAL, status TEXT, input_tokens INTEGER,
    output_tokens INTEGER, cost_usd REAL, model TEXT, metadata TEXT, error TEXT)`);
  const insert = db.prepare(
    `INSERT INTO spans VALUES (?, ?, ?, ?, ?, ?, ?, 10, 10, 0.01, ?, ?, ?)`,
  );
  for (const status of runs) {
    const now = Date.now() / 1000;
    const id = `run-${now}-${Math.random()}`;
    const error = status === 'error' ? 'LedgerError 422: it does not balance' : null;
    const use = JSON.stringify({
      response: {
        role: 'assistant',
        content: [{ type: 'tool_use', id: 'toolu_1', name: 'post', input: {} }],
      },
    });
    insert.run(`${id}-root`, id, null, 'nightly', now - 3, now, status, '', '{}', error);
    insert.run(
      `${id}-llm`,
      id,
      `${id}-root`,
      'llm_call',
      now - 3,
      now - 2,
      'ok',
      'claude-haiku-4-5',
      use,
      null,
    );
    insert.run(
      `${id}-tool`,
      id,
      `${id}-root`,
      'post',
      now - 2,
      now,
      status,
      '',
      JSON.stringify({ tool_name: 'post', tool_use_id: 'toolu_1' }),
      error,
    );
  }
  db.close();
}

describe('alerts', () => {
  let said: Said[] = [];
  let listening: vscode.Disposable;
  before(async () => {
    listening = (await api()).onDidSay(one => said.push(one));
  });
  beforeEach(() => {
    said = [];
  });
  afterEach(closeEverything);
  after(() => listening.dispose());

  async function watched(): Promise<vscode.Uri> {
    const { files } = await api();
    add('ok');
    const uri = workspaceFile(name);
    files.add(uri, true);
    await files.open(uri.toString());
    return uri;
  }

  it('of a live file appear once, and lead to the failing span with its cause', async () => {
    const { panel, alerts, alertMarks, view, files } = await api();
    const rules = '// what to tell of\n{ "rules": [{ "type": "run-failed", "id": "nightly" }] }';
    await write(config, rules);
    const uri = await watched();
    // The rules have to be read before what they are about is written.
    await until('the file is looked at', async () => {
      add('ok');
      // VS Code watches the folder only some time after its window is there.
      await write(config, rules);
      await new Promise(resolve => setTimeout(resolve, 500));
      return alerts.knows(uri.toString());
    });
    add('error');
    const told = await until('the alert is told', () =>
      said.find(one => /A run failed/.test(one.words)),
    );
    assert.equal(
      told.words,
      `Alert: A run failed. nightly: LedgerError 422: it does not balance (${name})`,
    );
    assert.deepEqual(
      told.steps.map(step => step.title),
      ['Show', 'Mute This Rule'],
    );
    assert.equal(alertMarks.text, '$(bell-dot) 1 alert');
    assert.equal(view.view.badge?.value, 1);
    await told.steps[0]?.act();
    const shown = await until('the span is shown', () => panel.shown);
    assert.match(shown.spanId, /-tool$/);
    const detail = await files.use(shown.file, reader =>
      reader.span(shown.file, shown.spanId, clock()),
    );
    assert.match(detail.cause?.span.spanId ?? '', /-llm$/);
    assert.equal(detail.cause?.rule, 'tool-use-id');
    add('error');
    await new Promise(resolve => setTimeout(resolve, 1500));
    assert.equal(said.length, 1, 'what follows waits for the cooldown');
    await told.steps[1]?.act();
    assert.equal(alertMarks.text, undefined);
    alerts.mute(['nightly'], false);
  });

  it('lead back by a link, as the alert carries it', async () => {
    const { panel, files, waysBack } = await api();
    const { links, terminalLinks } = waysBack;
    const uri = await watched();
    add('error');
    const run = await until('the run is read', async () => {
      const query = { filter: 'failed', offset: 0, limit: 1, clock: clock() } as const;
      return (await files.use(uri.toString(), reader => reader.runs(uri.toString(), query)))
        .runs[0];
    });
    const link = showLink(vscode.env.uriScheme, {
      file: uri.fsPath,
      run: run.runId,
      span: run.failingSpanId,
    });
    await links.handleUri(vscode.Uri.parse(link, true));
    assert.equal(panel.shown?.spanId, run.failingSpanId);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const line = `failed: ${run.failingSpanId}`;
    const [found] = await terminalLinks.provideTerminalLinks({ line });
    assert.equal(found?.length, run.failingSpanId?.length);
    assert.ok(found);
    await terminalLinks.handleTerminalLink(found);
    assert.equal(panel.shown?.spanId, run.failingSpanId);
  });

  it('with a file that is wrong are told where', async () => {
    await api();
    const uri = await write(config, '{\n  "rules": [{ "type": "lop" }]\n}');
    const [problem] = await until('the problem is there', () => {
      const all = vscode.languages.getDiagnostics(uri).filter(one => one.source === 'Agent Traces');
      return all.length > 0 ? all : undefined;
    });
    assert.match(problem?.message ?? '', /^Expected as “type”: "failure-rate", /);
    assert.deepEqual([problem?.range.start.line, problem?.range.start.character], [1, 22]);
    const document = await vscode.workspace.openTextDocument(uri);
    assert.equal(document.languageId, 'jsonc');
    await write(config, '{ "rules": [] }');
    await until('it is gone', () =>
      vscode.languages.getDiagnostics(uri).every(one => one.source !== 'Agent Traces'),
    );
  });
});
