import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import * as vscode from 'vscode';
import { decodeOtlpJson } from '../../src/formats/otlpJson.ts';
import { type Asking, startAsking } from './asking.ts';
import {
  api,
  closeEverything,
  runRows,
  saidWhile,
  until,
  workspaceFile,
  write,
} from './support.ts';

const name = 'shared.agent-traces.db';
const key = `sk-ant-api03-${'Secret0123456789'.repeat(5)}`;
const command = 'command:workbench.action.toggleZenMode';
const hostile = [
  `[go](${command}) <${command}> ![go](${command}) [[${command}]]`,
  `[ref]: ${command}`,
  '`````',
  `[go][ref] <a href="${command}">go</a>`,
  '# [go](javascript:alert(1))',
].join('\n');

const secretSpan = {
  kind: 'llm',
  request: { messages: [{ role: 'user', content: `MARKED-PROMPT of ann@example.com: ${key}` }] },
  response: { content: [{ type: 'text', text: `It is ${key}.` }] },
};

/** A trace file of one run for each name: a root, and a call in it. */
function record(runs: Readonly<Record<string, string>>): vscode.Uri {
  const uri = workspaceFile(name);
  const db = new DatabaseSync(uri.fsPath);
  db.exec(`CREATE TABLE spans (span_id TEXT PRIMARY KEY, run_id TEXT, parent_span_id TEXT, name TEXT,
    start_time REAL, end_time REAL, status TEXT, input_tokens INTEGER, output_tokens INTEGER, cost_usd REAL,
    model TEXT, metadata TEXT, error TEXT)`);
  const insert = db.prepare(
    `INSERT INTO spans VALUES (?, ?, ?, ?, ?, ?, ?, 10, 5, 0.01, ?, ${'?'}, ?)`,
  );
  const start = Date.UTC(2026, 10, 1) / 1000;
  for (const [run, metadata] of Object.entries(runs)) {
    const error = metadata.includes(key) ? `refused ${key}` : run === hostile ? hostile : null;
    insert.run(`${run}-root`, run, null, run, start, start + 3, 'ok', '', '{}', null);
    insert.run(
      ...[`${run}-call`, run, `${run}-root`, `call of ${run}`, start + 1, start + 2],
      ...[error ? 'error' : 'ok', 'claude-haiku-4-5', metadata, error],
    );
  }
  db.close();
  return uri;
}

const textOf = async (uri: vscode.Uri): Promise<string> =>
  new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
const inWorkspace = async (): Promise<string[]> =>
  (await vscode.workspace.fs.readDirectory(workspaceFile('.'))).map(([file]) => file).sort();
const exporting = (target?: unknown) => () =>
  vscode.commands.executeCommand('agentTraces.export', target);

describe('Export to a file', () => {
  let asking: Asking;
  beforeEach(() => {
    asking = startAsking();
  });
  afterEach(async () => {
    asking.end();
    await closeEverything();
  });

  async function exportRun(format: string, leaving: string, file: string): Promise<string> {
    const [run] = await runRows(workspaceFile(name));
    assert.ok(run);
    asking.saveTo = workspaceFile(file);
    const title = 'Export “';
    const said = await saidWhile(() =>
      asking.during(exporting(run), [
        [title, format],
        [title, leaving],
      ]),
    );
    return said.join();
  }

  const looks: Readonly<Record<string, (text: string) => void>> = {
    'HTML Page': text => assert.match(text, /^<!doctype html>/i),
    Markdown: text => assert.match(text, /^# `books`\n/),
    'CSV of Spans': text => assert.equal(text.trim().split(/\r?\n/).length > 2, true),
    JSON: text => {
      assert.equal(JSON.stringify(JSON.parse(text)).includes('books'), true);
    },
    'OTLP JSON Lines': text => {
      const spans = text
        .trim()
        .split('\n')
        .flatMap(line => decodeOtlpJson(line).resourceSpans)
        .flatMap(one => one.scopeSpans.flatMap(scope => scope.spans));
      assert.deepEqual(spans.map(span => span.name).sort(), ['books', 'call of books']);
    },
  };
  for (const [format, look] of Object.entries(looks)) {
    it(`writes ${format} of a row of the tree, whole and without secrets`, async () => {
      record({ books: JSON.stringify(secretSpan) });
      const said = await exportRun(format, 'With Content, Redacted', 'run.out');
      assert.equal(said, 'Exported 2 spans to run.out.');
      const text = await textOf(workspaceFile('run.out'));
      look(text);
      assert.ok(format.startsWith('CSV') || text.includes('MARKED-PROMPT'), 'with content');
      assert.ok(!text.includes(key.slice(0, 40)) && !text.includes('ann@example.com'));
      await exportRun(format, 'Without Content', 'run.out');
      const without = await textOf(workspaceFile('run.out'));
      look(without);
      assert.ok(!without.includes('MARKED-PROMPT') && !without.includes(key.slice(0, 40)));
      assert.deepEqual(await inWorkspace(), ['run.out', name]);
    });
  }

  it('asks for a run where it is called from the palette, and takes all runs of a file', async () => {
    const uri = record({ books: '{}', ledger: '{}' });
    const { tree } = await api();
    assert.equal((await runRows(uri)).length, 2);
    asking.saveTo = workspaceFile('run.md');
    await asking.during(exporting(), [
      ['Export', 'ledger'],
      ['Export “ledger”', 'Markdown'],
      ['Export “ledger”', 'Without Content'],
    ]);
    assert.match(await textOf(asking.saveTo), /^# `ledger`\n/);
    asking.saveTo = workspaceFile('runs.md');
    await asking.during(exporting(tree.rows.file(uri.toString())), [
      ['Export 2 Runs', 'Markdown'],
      ['Export 2 Runs', 'Without Content'],
    ]);
    const heads = (await textOf(asking.saveTo)).match(/^# .*$/gm);
    assert.deepEqual(heads?.sort(), ['# `books`', '# `ledger`']);
  });

  it('goes back from what may leave to where it goes, and writes nothing after Escape', async () => {
    const [run] = await runRows(record({ books: '{}' }));
    asking.saveTo = workspaceFile('run.md');
    await asking.during(exporting(run), [
      ['Export “books”', 'Markdown'],
      ['Export “books”', undefined],
    ]);
    asking.saveTo = undefined;
    await asking.during(exporting(run), [
      ['Export “books”', 'Markdown'],
      ['Export “books”', 'Without Content'],
    ]);
    assert.deepEqual(await inWorkspace(), [name]);
  });

  it('says why a file cannot be written, and leaves nothing half behind', async () => {
    record({ books: '{}' });
    await vscode.workspace.fs.createDirectory(workspaceFile('taken.md'));
    await write('notes.txt', 'notes');
    const there = await inWorkspace();
    for (const [file, why] of [
      ['taken.md', 'there is a folder of this name'],
      ['nowhere/run.md', 'its folder is not there'],
      ['notes.txt/run.md', 'it would lie in what is no folder'],
    ] as const) {
      const said = await exportRun('Markdown', 'Without Content', file);
      const path = workspaceFile(file).fsPath;
      assert.equal(said, `${path} could not be written: ${why}. Choose another place for it.`);
      assert.deepEqual(await inWorkspace(), there);
    }
  });

  it('never goes over the trace file, nor what SQLite keeps beside it', async () => {
    const before = await vscode.workspace.fs.readFile(record({ books: '{}' }));
    for (const file of [name, `${name}-wal`, `${name}-journal`]) {
      const said = await exportRun('JSON', 'Without Content', file);
      assert.match(said, /is the trace file, or belongs to it, and is only ever read\. Choose/);
    }
    assert.deepEqual(await vscode.workspace.fs.readFile(workspaceFile(name)), before);
    assert.deepEqual(await inWorkspace(), [name]);
  });

  it('says of how many spans the metadata are too large, and writes the rest', async function () {
    this.timeout(120_000);
    record({ books: JSON.stringify({ kind: 'llm', response: 'x'.repeat(64_000_001) }) });
    const said = await exportRun('JSON', 'Everything as Recorded', 'run.json');
    assert.equal(
      said,
      'Exported 2 spans to run.json. Without metadata, which are too large: 1 span.',
    );
    assert.match(await textOf(workspaceFile('run.json')), /call of books/);
  });

  it('that is cancelled leaves what was there, and nothing half beside it', async function () {
    this.timeout(120_000);
    record({ books: JSON.stringify({ kind: 'llm', response: 'words '.repeat(10_000_000) }) });
    await write('run.json', 'as before');
    const own = vscode.window.withProgress;
    // Nothing but a click on its button cancels VS Code's own, as test/ui/export.test.ts does.
    const cancelled = new vscode.CancellationTokenSource();
    Object.assign(vscode.window, {
      withProgress: (_: unknown, task: (...given: unknown[]) => unknown) => {
        const doing = task({ report: () => undefined }, cancelled.token);
        cancelled.cancel();
        return doing;
      },
    });
    try {
      const said = await exportRun('JSON', 'With Content, Redacted', 'run.json');
      assert.equal(said, 'Stopped. run.json was not written.');
    } finally {
      Object.assign(vscode.window, { withProgress: own });
    }
    assert.equal(await textOf(workspaceFile('run.json')), 'as before');
    assert.deepEqual(await inWorkspace(), ['run.json', name]);
  });

  it('as Markdown makes no link of what was recorded', async () => {
    const call = {
      ...{
        kind: 'llm',
        tool_name: hostile,
        tool_input: { [hostile]: hostile },
        tool_result: hostile,
      },
      request: { system: hostile, messages: [{ role: hostile, content: hostile }] },
      response: { content: [{ type: 'text', text: hostile }] },
    };
    record({ [hostile]: JSON.stringify(call) });
    await exportRun('Markdown', 'Everything as Recorded', 'run.md');
    const links = async (uri: vscode.Uri): Promise<string[]> => {
      await vscode.workspace.openTextDocument(uri);
      const found = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
        'vscode.executeLinkProvider',
        uri,
        100,
      );
      return found.map(({ target }) => target?.toString() ?? 'unresolved');
    };
    // Where VS Code finds these, it has looked: its Markdown comes up some time after the editor.
    const control = await write('control.md', hostile);
    await until('links are looked for', async () => (await links(control)).length > 2);
    const own = (await links(workspaceFile('run.md'))).map(decodeURIComponent);
    assert.deepEqual(
      own.filter(link => /ZenMode|javascript/.test(link)),
      [],
    );
  });
});
