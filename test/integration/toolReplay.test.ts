// Replay Span of a call of a tool: asked once, run with the recorded input, compared in the diff editor.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import * as vscode from 'vscode';
import type { Said } from '../../src/extension/errors.ts';
import type { ToolReplays } from '../../src/extension/tools/toolReplays.ts';
import type * as Tracer from '../../src/tracer/main.ts';
import {
  api,
  closeEverything,
  dist,
  runRows,
  spansBelow,
  tabs,
  until,
  workspaceFile,
  write,
} from './support.ts';

const setting = 'agentTraces.replay.tools';
const calls = {
  search: { tool_input: { n: 2 }, tool_result: { twice: 4 } },
  bare: {},
  redacted: { tool_input: { key: '[redacted:api-key]' } },
};

/** Records one run with a call of each tool. */
async function record(): Promise<vscode.Uri> {
  const uri = workspaceFile('my tools.agent-traces.db');
  const library = dist('tracer/main.cjs').fsPath;
  const { AgentTracer }: typeof Tracer = createRequire(library)(library);
  const tracer = new AgentTracer({ file: uri.fsPath, git: false, signals: false });
  tracer.run('agent', undefined, () => {
    for (const [name, metadata] of Object.entries(calls)) {
      tracer.startSpan(name, { kind: 'tool', metadata: { tool_name: name, ...metadata } }).end();
    }
  });
  await tracer.close();
  return uri;
}

async function configure(tools: unknown): Promise<void> {
  await write('.vscode/settings.json', JSON.stringify({ [setting]: tools }));
  await settled(tools);
}

/** VS Code reads its settings some time after they were written, or removed. */
async function settled(tools: unknown): Promise<void> {
  await until('VS Code has read the settings', () => {
    const scope = workspaceFile('.');
    const seen = vscode.workspace.getConfiguration(undefined, scope).get(setting);
    return JSON.stringify(seen) === JSON.stringify(tools);
  });
}

/** A program that answers, and notes that it ran. */
const program = (by: number): string => `
  require('fs').appendFileSync('ran', '.');
  let text = '';
  process.stdin.on('data', part => { text += part; }).on('end', () => {
    console.log(JSON.stringify({ twice: ${by} * JSON.parse(text).n }));
  });`;

async function ran(): Promise<number> {
  try {
    return (await vscode.workspace.fs.readFile(workspaceFile('ran'))).length;
  } catch {
    return 0;
  }
}

describe('Replay Span of a tool in VS Code', function () {
  this.timeout(120_000);
  let tools: ToolReplays;
  let plain: Pick<ToolReplays, 'confirm' | 'isTrusted'>;
  let asked: string[];
  let answer = true;
  const node = { command: ['node', 'tool.js'], passEnv: ['PATH'] };

  before(async () => {
    const found = (await api()).tools;
    assert.ok(found, 'there are processes here');
    tools = found;
    const { confirm, isTrusted } = tools;
    plain = { confirm, isTrusted };
  });
  beforeEach(async () => {
    asked = [];
    answer = true;
    tools.confirm = async tool => {
      asked.push(tool.runs.join(' '));
      return answer;
    };
    await write('tool.js', program(2));
  });
  afterEach(async () => {
    Object.assign(tools, plain);
    await closeEverything();
  });

  async function replay(name: string): Promise<Said[]> {
    const said: Said[] = [];
    const listening = (await api()).onDidSay(one => said.push(one));
    const uri = workspaceFile('my tools.agent-traces.db');
    const [row] = await runRows(uri);
    assert.ok(row);
    const span = (await spansBelow(row)).find(one => one.span.name === name);
    assert.ok(span, name);
    await vscode.commands.executeCommand('agentTraces.replaySpan', span);
    listening.dispose();
    return said;
  }
  const words = (said: readonly Said[]): string[] => said.map(one => one.words);
  const diff = () =>
    tabs()
      .map(tab => tab.input)
      .find(input => input instanceof vscode.TabInputTextDiff);

  it('asks once, runs it with the recorded input, and shows both results side by side', async () => {
    await record();
    await configure({ search: node });
    assert.deepEqual(words(await replay('search')), ['“search” gave the recorded result.']);
    const shown = await until('both results stand side by side', diff);
    const texts = await Promise.all(
      [shown.original, shown.modified].map(uri => vscode.workspace.openTextDocument(uri)),
    );
    assert.deepEqual(
      texts.map(document => document.getText()),
      ['{\n  "twice": 4\n}', '{\n  "twice": 4\n}'],
    );
    assert.equal(texts[0]?.languageId, 'json');
    await write('tool.js', program(3));
    assert.deepEqual(words(await replay('search')), [
      '“search” gave another result than the recorded one, first at twice.',
    ]);
    assert.deepEqual([asked, await ran()], [['node tool.js'], 2]);
    await configure({ search: { ...node, timeoutSeconds: 5 } });
    await replay('search');
    assert.equal(asked.length, 2, 'another registration is asked for again');
    const { kept } = await api();
    const [row] = await runRows(workspaceFile('my tools.agent-traces.db'));
    assert.ok(row);
    const replays = kept.of(row.file, row.run.runId);
    assert.deepEqual(
      replays.map(one => one.run.name),
      ['replay of search', 'replay of search', 'replay of search'],
    );
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const [, middle] = replays;
    await vscode.commands.executeCommand('agentTraces.showReplay', {
      type: 'replay',
      id: 'x',
      replay: middle,
    });
    const again = await until('a kept replay stands beside what was recorded', diff);
    const document = await vscode.workspace.openTextDocument(again.modified);
    assert.equal(document.getText(), '{\n  "twice": 6\n}');
  });

  it('runs nothing that is refused, and asks again', async () => {
    await record();
    await configure({ search: { ...node, timeoutSeconds: 6 } });
    answer = false;
    assert.deepEqual(words(await replay('search')), []);
    assert.deepEqual(words(await replay('search')), []);
    assert.deepEqual([asked.length, await ran(), diff()], [2, 0, undefined]);
  });

  it('runs nothing in a workspace that is not trusted', async () => {
    await record();
    await configure({ search: { ...node, timeoutSeconds: 7 } });
    tools.isTrusted = () => false;
    const [said, ...others] = await replay('search');
    assert.equal(said?.words, '“search” is not run: tools run only in a workspace that you trust.');
    assert.deepEqual(
      said.steps.map(one => one.title),
      ['Manage Workspace Trust'],
    );
    assert.deepEqual([others, asked, await ran()], [[], [], 0]);
  });

  it('offers to register a tool, and shows where', async () => {
    await record();
    await settled({});
    const [said] = await replay('search');
    assert.match(
      said?.words ?? '',
      /^“search” is not registered as a tool that is safe to run again\./,
    );
    const register = said?.steps.find(one => one.title === 'Register Tool');
    assert.ok(register);
    await register.act();
    const editor = await until('the settings are shown', () => vscode.window.activeTextEditor);
    assert.match(editor.document.uri.path, /\.vscode\/settings\.json$/);
    const { [setting]: written } = JSON.parse(editor.document.getText());
    assert.deepEqual(written, { search: { command: ['node', 'tools/your-tool.js'] } });
    const { line } = editor.selection.start;
    assert.match(editor.document.lineAt(line).text, /"search"/);
    assert.equal(await ran(), 0);
  });

  it('says what went wrong and what is missing, and where a registration is wrong', async () => {
    await record();
    await configure({
      search: { command: ['node', '-e', "console.error('no index'); process.exit(3)"] },
      bare: node,
      redacted: node,
    });
    const [failed] = await replay('search');
    assert.match(failed?.words ?? '', /^“search” failed with exit code 3: “no index”\./);
    assert.deepEqual(
      failed?.steps.map(one => one.title),
      ['Show Error Output'],
    );
    assert.match(words(await replay('bare')).join(), /^The input of “bare” was not recorded/);
    assert.match(
      words(await replay('redacted')).join(),
      /^The input of “redacted” is not as it was/,
    );
    await configure({ search: { command: 'node tool.js' } });
    const [wrong] = await replay('search');
    assert.match(wrong?.words ?? '', /agentTraces\.replay\.tools\.search\.command: .*no shell/);
    assert.deepEqual(
      wrong?.steps.map(one => one.title),
      ['Show Settings'],
    );
    assert.equal(await ran(), 0);
  });
});
