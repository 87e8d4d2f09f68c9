import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  api,
  closeEverything,
  copySample,
  run,
  runWhere,
  spansBelow,
  tabs,
  until,
  write,
} from './support.ts';

const editorOf = (uri: vscode.Uri): string | undefined => {
  for (const { input } of tabs()) {
    if (input instanceof vscode.TabInputCustom && input.uri.toString() === uri.toString())
      return input.viewType;
    if (input instanceof vscode.TabInputText && input.uri.toString() === uri.toString())
      return 'text';
  }
  return undefined;
};

const textShown = (): vscode.TextDocument | undefined => {
  const document = vscode.window.activeTextEditor?.document;
  return document?.uri.scheme === 'agent-trace' ? document : undefined;
};

async function llmSpan(uri: vscode.Uri) {
  const row = await runWhere(
    uri,
    one => one.run.name === 'invoice_reconcile' && one.run.status === 'error',
  );
  const span = (await spansBelow(row)).find(one => one.span.kind === 'llm');
  assert.ok(span);
  return span;
}

describe('editors', () => {
  afterEach(closeEverything);

  it('open agent_traces.db by default, and other databases when asked to', async () => {
    const { files } = await api();
    for (const name of ['agent_traces.db', 'sub/agent-traces.db', 'x.agent-traces.db']) {
      const uri = await copySample(name);
      await vscode.commands.executeCommand('vscode.open', uri);
      await until(`${name} is shown`, () => editorOf(uri) === 'agentTraces.runs');
      assert.ok(files.get(uri.toString()));
    }
    const other = await copySample('other.db');
    await vscode.commands.executeCommand('vscode.openWith', other, 'agentTraces.runsOptional');
    await until('it is shown', () => editorOf(other) === 'agentTraces.runsOptional');
    await until('it is listed and read', () => files.get(other.toString())?.state === 'read');
  });

  it('go with a trace file that is closed, and no others', async () => {
    const { files } = await api();
    const [closed, kept] = [
      await copySample('a.agent-traces.db'),
      await copySample('b.agent-traces.db'),
    ];
    for (const uri of [closed, kept]) {
      await vscode.commands.executeCommand('vscode.open', uri, { preview: false });
      await until('it is listed', () => files.get(uri.toString()));
    }
    await run('closeTraceFile', { type: 'file', id: 'x', file: closed.toString() });
    assert.equal(files.get(closed.toString()), undefined);
    assert.deepEqual([editorOf(closed), editorOf(kept)], [undefined, 'agentTraces.runs']);
  });

  it('show a prompt and a response as read-only documents', async () => {
    const span = await llmSpan(await copySample('texts.agent-traces.db'));
    await run('openPrompt', span);
    const prompt = await until('the prompt is shown', textShown);
    assert.equal(prompt.languageId, 'plaintext', 'links of Markdown may run commands');
    assert.match(prompt.uri.path, /· prompt\.txt$/);
    assert.match(prompt.getText(), /invoice/i);
    await run('openResponse', span);
    const response = await until('the response is shown', () => {
      const shown = textShown();
      return shown?.uri.path.endsWith('· response.txt') ? shown : undefined;
    });
    const before = response.getText();
    await vscode.commands.executeCommand('type', { text: 'typed' });
    assert.equal(response.getText(), before, 'nothing can be typed into it');
    assert.equal(response.isDirty, false);
  });

  it('say so where a link names no span', async () => {
    const uri = vscode.Uri.parse('agent-trace:/x/y.txt?nonsense');
    const document = await vscode.workspace.openTextDocument(uri);
    assert.equal(document.getText(), 'This link names no span.');
  });

  it('go to the recorded file and line', async () => {
    const uri = await copySample('source.agent-traces.db');
    const { files } = await api();
    const span = await llmSpan(uri);
    const ref = { file: span.file, spanId: span.span.spanId };
    const { source } = await files.use(ref.file, reader =>
      reader.span(ref.file, ref.spanId, { now: Date.now(), staleAfter: 6e5 }),
    );
    assert.ok(source, 'the sample records sources');
    const name = source.file.split('/').at(-1) ?? '';
    await write(name, '\n'.repeat(500));
    await run('goToSource', span);
    const editor = await until('it is shown', () => vscode.window.activeTextEditor);
    assert.ok(editor.document.uri.path.endsWith(`/${name}`));
    assert.equal(editor.selection.active.line, (source.line ?? 1) - 1);
  });

  it('copy an id, JSON and Markdown', async () => {
    const span = await llmSpan(await copySample('copy.agent-traces.db'));
    await run('copySpanId', span);
    assert.equal(await vscode.env.clipboard.readText(), span.span.spanId);
    await run('copySpanAsJson', span);
    assert.ok(JSON.parse(await vscode.env.clipboard.readText()));
    await run('copySpanAsMarkdown', span);
    assert.match(await vscode.env.clipboard.readText(), /^#/);
  });
});
