// Failing spans and insights in the Problems view, and the ways on from there.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, closeEverything, copySample, runWhere, until, write } from './support.ts';

const ours = (uri: vscode.Uri): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter(one => one.source === 'Agent Traces');

const setting = (value: boolean | undefined) =>
  vscode.workspace
    .getConfiguration('agentTraces')
    .update('problems.enabled', value, vscode.ConfigurationTarget.Global);

const lines = Array.from({ length: 200 }, (_, at) => `    line(${at + 1})`).join('\n');

/** Reads a file the way a person does who unfolds it in the tree. */
async function read(uri: vscode.Uri): Promise<void> {
  const { files } = await api();
  await files.open(uri.toString());
}

const fixesAt = (uri: vscode.Uri, { range }: vscode.Diagnostic) =>
  vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    uri,
    range.with({ end: range.start }),
  );

describe('the Problems view', () => {
  afterEach(async () => {
    await setting(undefined);
    await closeEverything();
  });

  it('lists what failed at the recorded line, with its cause and the ways on', async () => {
    const { panel } = await api();
    const source = await write('agents/tools/ledger.py', lines);
    const uri = await copySample('problems.agent-traces.db');
    const { run } = await runWhere(
      uri,
      one => one.run.name === 'invoice_reconcile' && one.run.status === 'error',
    );
    const [found] = await until('the failure is listed', () => {
      const all = ours(source);
      return all.length > 0 ? all : undefined;
    });
    assert.ok(found);
    assert.match(found.message, /^post_journal_entry failed in invoice_reconcile: LedgerError 422/);
    assert.equal(found.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(found.code, 'failed');
    assert.equal(found.range.start.line, 87);
    const [cause] = found.relatedInformation ?? [];
    assert.match(cause?.message ?? '', /^Asked for by llm_continuation/);
    const answer = await vscode.workspace.openTextDocument(cause?.location.uri ?? uri);
    assert.equal(answer.uri.scheme, 'agent-trace');
    assert.match(answer.getText(), /post_journal_entry/);

    await vscode.window.showTextDocument(source);
    const fixes = await until('there are fixes', async () => {
      const all = await fixesAt(source, found);
      return all.length === 4 ? all : undefined;
    });
    assert.deepEqual(
      fixes.map(fix => fix.title),
      [
        'Go to Cause of post_journal_entry',
        'Show Span post_journal_entry',
        'Replay Span post_journal_entry',
        'Replay Up to post_journal_entry',
      ],
    );
    const carryOut = async (at: number) => {
      const { command, arguments: given = [] } = fixes[at]?.command ?? {};
      assert.ok(command);
      await vscode.commands.executeCommand(command, ...given);
    };
    await carryOut(1);
    assert.equal(panel.shown?.spanId, run.failingSpanId);
    await carryOut(0);
    assert.notEqual(panel.shown?.spanId, run.failingSpanId);
    await carryOut(2);
  });

  it('lists at the trace file what has no line here, insights by their type', async () => {
    const uri = await copySample('insights.agent-traces.db');
    const { files } = await api();
    files.add(uri, true);
    await read(uri);
    const all = await until('insights are listed', () => {
      const found = ours(uri);
      return found.some(one => one.code === 'loop') ? found : undefined;
    });
    const loop = all.find(one => one.code === 'loop');
    assert.match(loop?.message ?? '', /^Loop in research_agent: search_web was called 14 times/);
    const [span] = loop?.relatedInformation ?? [];
    assert.equal(span?.message, 'Span search_web');
    const { document } = await vscode.window.showTextDocument(span?.location.uri ?? uri);
    assert.equal(document.uri.scheme, 'agent-trace');
    assert.match(document.getText(), /Kind: retrieval `search_web`/);
    assert.ok(all.some(one => one.severity === vscode.DiagnosticSeverity.Warning));
    const texts = all.map(one => one.message);
    assert.equal(new Set(texts).size, texts.length, 'each is said once');
    await files.close(uri.toString());
    await until('they are gone with the file', () => ours(uri).length === 0);
  });

  it('has none of files that nobody opened, nor while its setting is off', async () => {
    const { files, insights } = await api();
    const uri = await copySample('found.agent-traces.db');
    files.add(uri, false);
    const known = () => insights.get(uri.toString())?.state === 'known';
    await read(uri);
    await until('its insights are known', known);
    assert.deepEqual(ours(uri), []);
    files.add(uri, true);
    await until('it was opened', () => ours(uri).length > 0);
    await setting(false);
    await until('the setting is off', () => ours(uri).length === 0);
    await setting(undefined);
    await until('the setting is on again', () => ours(uri).length > 0);
  });

  it('follows the settings of insights', async () => {
    const { files } = await api();
    const uri = await copySample('settings.agent-traces.db');
    files.add(uri, true);
    await read(uri);
    const loops = () => ours(uri).some(one => one.code === 'loop');
    await until('there is a loop', loops);
    const settings = vscode.workspace.getConfiguration('agentTraces');
    const { Global } = vscode.ConfigurationTarget;
    await settings.update('insights.loopRepeats', 15, Global);
    try {
      await until('14 times is no loop any more', () => !loops());
    } finally {
      await settings.update('insights.loopRepeats', undefined, Global);
    }
    await until('there is a loop again', loops);
  });
});
