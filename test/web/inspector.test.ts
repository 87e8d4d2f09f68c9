// The browser entry in the worker extension host: no Node, no process, the same tree.
import * as vscode from 'vscode';
import type { TestApi } from '../../src/extension/activate.ts';

const extensionId = 'agent-trace-inspector.agent-trace-inspector';

function check(holds: unknown, words: string): asserts holds {
  if (!holds) throw new Error(words);
}

async function started() {
  const extension = vscode.extensions.getExtension<TestApi>(extensionId);
  check(extension, 'the extension is installed');
  return { extension, api: await extension.activate() };
}

async function copyOfSample(name: string): Promise<vscode.Uri> {
  const { extension } = await started();
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  check(folder, 'the tests run in a folder');
  const sample = vscode.Uri.joinPath(extension.extensionUri, 'dist', 'sample.agent-traces.db');
  const copy = vscode.Uri.joinPath(folder.uri, name);
  await vscode.workspace.fs.writeFile(copy, await vscode.workspace.fs.readFile(sample));
  return copy;
}

describe('in the web worker extension host', () => {
  it('there is no Node', () => {
    const globals: Record<string, unknown> = { ...globalThis };
    check(typeof Reflect.get(globalThis, 'importScripts') === 'function', 'this is a worker');
    check(globals.Buffer === undefined, 'Buffer is not there to be used by accident');
  });

  it('the extension reads a trace file and shows its runs, spans and causes', async () => {
    const { api } = await started();
    const uri = await copyOfSample('web.agent-traces.db');
    api.files.add(uri, true);
    const runs = await api.tree.getChildren(api.tree.rows.file(uri.toString()));
    const failed = runs.find(row => row.type === 'run' && row.run.status === 'error');
    check(failed?.type === 'run', `a failed run is among the ${runs.length} rows`);
    const spans = await api.tree.getChildren(failed);
    check(spans.length > 5, 'its spans are listed');
    const { failingSpanId } = failed.run;
    check(failingSpanId, 'it says where it failed');
    const cause = await api.files.use(uri.toString(), reader =>
      reader.cause(uri.toString(), failingSpanId),
    );
    check(cause?.rule === 'tool-use-id', 'the cause is found by its id');
  });

  it('a file that is no database says so, and the other one goes on', async () => {
    const { api } = await started();
    const good = await copyOfSample('good.agent-traces.db');
    const bad = good.with({ path: good.path.replace('good.', 'bad.') });
    await vscode.workspace.fs.writeFile(
      bad,
      new TextEncoder().encode('not a database '.repeat(20)),
    );
    for (const uri of [good, bad]) api.files.add(uri, true);
    const [row] = await api.tree.getChildren(api.tree.rows.file(bad.toString()));
    check(row?.type === 'note', 'the bad file has a row with words');
    check(/not a SQLite database/.test(`${row.label} ${row.description}`), row.label);
    const runs = await api.tree.getChildren(api.tree.rows.file(good.toString()));
    check(runs.length > 5, 'the good file is read');
  });

  it('the panel shows a failing span, and goes to its cause', async () => {
    const { api } = await started();
    const uri = await copyOfSample('panel.agent-traces.db');
    api.files.add(uri, true);
    const file = uri.toString();
    const runs = await api.tree.getChildren(api.tree.rows.file(file));
    const failed = runs.find(row => row.type === 'run' && row.run.status === 'error');
    check(failed?.type === 'run' && failed.run.failingSpanId, 'there is a failed run');
    const failing = { file, spanId: failed.run.failingSpanId };
    const loaded = new Promise<{ readonly cause: unknown }>(resolve =>
      api.panel.onDidLoad(detail => detail.span.spanId === failing.spanId && resolve(detail)),
    );
    await vscode.commands.executeCommand('agentTraces.showSpan', failing);
    check((await loaded).cause, 'the page has got the span with its cause');
    await vscode.commands.executeCommand('agentTraces.goToCause', failing);
    check(api.panel.shown && api.panel.shown.spanId !== failing.spanId, 'the cause is shown');
  });

  it('a trace file opens in the runs editor and is counted in the status bar', async () => {
    const { api } = await started();
    const uri = await copyOfSample('agent_traces.db');
    await vscode.commands.executeCommand('vscode.open', uri);
    const end = Date.now() + 9000;
    const shown = () => {
      const { activeTab } = vscode.window.tabGroups.activeTabGroup;
      return activeTab?.input instanceof vscode.TabInputCustom && activeTab.input.viewType;
    };
    while (api.files.get(uri.toString())?.state !== 'read' || !api.statusBar.text) {
      check(Date.now() < end, 'the page asks for its runs, for which the file is read');
      await new Promise(resolve => setTimeout(resolve, 25));
    }
    check(shown() === 'agentTraces.runs', `the runs editor shows it, not ${shown()}`);
    check(/51 runs/.test(api.statusBar.text), api.statusBar.text);
  });

  it('two runs of two files are compared', async () => {
    const { api } = await started();
    const uris = [
      await copyOfSample('one.agent-traces.db'),
      await copyOfSample('two.agent-traces.db'),
    ];
    const [a, b] = await Promise.all(
      uris.map(async (uri, index) => {
        api.files.add(uri, true);
        const file = uri.toString();
        const rows = await api.tree.getChildren(api.tree.rows.file(file));
        const row = rows[index];
        check(row?.type === 'run', 'there is a run');
        return { file, runId: row.run.runId };
      }),
    );
    check(a && b, 'both are there');
    const loaded = new Promise<{ readonly difference: unknown }>(resolve =>
      api.compare.onDidLoad(resolve),
    );
    api.compare.show({ a, b });
    check((await loaded).difference, 'the page has got where they part');
  });
});
