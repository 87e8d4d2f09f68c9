import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { claudeFolders } from '../../src/node/claudeFolders.ts';
import { api, closeEverything, labelOf, saidWhile, until, write } from './support.ts';

const line = (type: string, uuid: string, second: number, message: object): string =>
  `${JSON.stringify({
    ...{ type, uuid, sessionId: 's1', cwd: '/home/u/shop', isSidechain: false, message },
    timestamp: new Date(Date.UTC(2026, 1, 10, 12, 0, second)).toISOString(),
  })}\n`;
const user = (uuid: string, second: number, content: unknown): string =>
  line('user', uuid, second, { role: 'user', content });
const answer = (id: string, second: number, block: object): string =>
  line('assistant', `u${id}`, second, {
    ...{ id, type: 'message', role: 'assistant', model: 'claude-opus-4-6', content: [block] },
    usage: { input_tokens: 10, cache_read_input_tokens: 1000, output_tokens: 20 },
  });
const use = { type: 'tool_use', id: 't1', name: 'Bash', input: { command: 'ls' } };
const result = [{ type: 'tool_result', tool_use_id: 't1', content: 'a.txt' }];

describe('recordings of other tools', () => {
  afterEach(closeEverything);

  it('are imported from the Explorer, with a word on what was skipped, and shown', async () => {
    const { files, tree } = await api();
    const uri = await write(
      'session.jsonl',
      `${user('p1', 0, 'Hi')}{"cut":\n${answer('m1', 2, { type: 'text', text: 'Hello' })}`,
    );
    const said = await saidWhile(() =>
      vscode.commands.executeCommand('agentTraces.importRecording', uri),
    );
    assert.equal(
      said.join(),
      'Imported session.jsonl (Claude Code transcript): 1 run, 2 spans. Skipped: 1 × no JSON, or cut off.',
    );
    const [file] = files.list().filter(one => one.name.startsWith('session.jsonl'));
    assert.ok(file);
    const [run] = await tree.getChildren(tree.rows.file(file.id));
    assert.ok(run?.type === 'run');
    assert.equal(labelOf(tree.getTreeItem(run)), 'shop #1');
    assert.ok(Math.abs((run.run.cost ?? 0) - (10 * 5 + 1000 * 0.5 + 20 * 25) / 1e6) < 1e-12);
  });

  it('that are none are refused with words, and nothing is listed', async () => {
    const { files } = await api();
    const uri = await write('package.json', '{"name":"x"}');
    const [said] = await saidWhile(() =>
      vscode.commands.executeCommand('agentTraces.importRecording', uri),
    );
    assert.match(
      said ?? '',
      /package\.json is in no format that can be imported\. These are: .*Claude Code transcript/,
    );
    assert.deepEqual(
      files.list().filter(one => one.name.includes('package')),
      [],
    );
  });
});

describe('what cannot be imported', () => {
  afterEach(closeEverything);

  it('is said with its reason, at once also where it is no file', async function () {
    if (process.platform === 'win32') this.skip();
    const cut = await write('cut.json', '{"resourceSpans":\n[{');
    const pipe = vscode.Uri.joinPath(cut, '..', 'pipe.json');
    execFileSync('mkfifo', [pipe.fsPath]);
    try {
      for (const [uri, words] of [
        [cut, /cut\.json is cut off: its JSON ends too early, in line 2\./],
        [await write('empty.json', ''), /empty\.json is empty \(zero bytes\)\./],
        [await write('some.json', 'SQLite format 3\0'), /some\.json is a SQLite database/],
        [pipe, /pipe\.json is not a regular file\./],
      ] as const) {
        const said = await saidWhile(() =>
          vscode.commands.executeCommand('agentTraces.importRecording', uri),
        );
        assert.match(said.join(), words);
      }
    } finally {
      fs.rmSync(pipe.fsPath);
    }
  });
});

describe('the transcripts of Claude Code', () => {
  const [root = ''] = claudeFolders();
  const folder = path.join(root, '-home-u-shop');
  const file = path.join(folder, 's1.jsonl');
  const setting = () => vscode.workspace.getConfiguration('agentTraces.claudeCode');
  const listed = async () => {
    const { files } = await api();
    return files.list().find(one => one.name === 'Claude Code');
  };

  before(() => fs.mkdirSync(folder, { recursive: true }));
  after(async () => {
    await setting().update('enabled', undefined, vscode.ConfigurationTarget.Global);
    fs.rmSync(root, { recursive: true, force: true });
    await closeEverything();
    await vscode.commands.executeCommand('agentTraces.refresh');
    await until('it is no longer listed', async () => !(await listed()));
  });

  it('are listed, read once their row is unfolded, and followed line by line', async () => {
    const { tree, storage } = await api();
    fs.writeFileSync(file, user('p1', 0, 'List the files'));
    await vscode.commands.executeCommand('agentTraces.refresh');
    const row = await until('it is listed', listed);
    assert.equal(row.state, 'listed');
    const copies = vscode.Uri.joinPath(storage, 'transcripts').fsPath;
    assert.equal(fs.existsSync(copies), false, 'nothing was read');

    const shown = async (): Promise<readonly string[]> => {
      const runs = await tree.getChildren(tree.rows.file(row.id));
      const words: string[] = [];
      for (const run of runs) {
        words.push(labelOf(tree.getTreeItem(run)));
        for (const span of await tree.getChildren(run)) {
          const item = tree.getTreeItem(span);
          words.push(`${labelOf(item)} ${item.contextValue?.split('.').at(-1)}`);
        }
      }
      return words;
    };
    const becomes = (...expected: readonly string[]) =>
      until(expected.join(), async () => (await shown()).join() === expected.join());
    await becomes('shop #1');
    fs.appendFileSync(file, answer('m1', 2, use));
    await becomes('shop #1', 'chat claude-opus-4-6 ok', 'Bash running');
    fs.appendFileSync(file, user('r1', 4, result));
    await becomes('shop #1', 'chat claude-opus-4-6 ok', 'Bash ok');
    fs.appendFileSync(file, answer('m2', 6, { type: 'text', text: 'One file.' }));
    const call = 'chat claude-opus-4-6 ok';
    await becomes('shop #1', call, 'Bash ok', call);
    assert.equal(fs.readFileSync(file, 'utf8').split('\n').length, 5, 'it is only read');
  });

  it('go with what was read of them when the setting is switched off', async () => {
    const { storage } = await api();
    await setting().update('enabled', false, vscode.ConfigurationTarget.Global);
    await until('it is no longer listed', async () => !(await listed()));
    const copies = vscode.Uri.joinPath(storage, 'transcripts').fsPath;
    await until('what was read is removed', () => !fs.existsSync(copies));
  });
});
