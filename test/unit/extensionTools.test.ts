import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import type { PreparedTool } from '../../src/core/replay/toolTypes.ts';
import type { ToolReplayParts } from '../../src/extension/tools/toolReplays.ts';
import { toasts } from './support/vscode.ts';

const { isAllowed, toolLines } = await import('../../src/extension/tools/ask.ts');
const { ToolReplays } = await import('../../src/extension/tools/toolReplays.ts');

const tool = (more: Partial<PreparedTool> = {}): PreparedTool => ({
  definition: {
    name: 'search',
    way: { kind: 'command', command: ['node', 'a b.js'] },
    cwd: undefined,
    env: {},
    passEnv: [],
    timeout: 60_000,
    mostBytes: 10_000_000,
  },
  folder: '/ws',
  runs: ['node', 'a b.js'],
  cwd: '/ws',
  variables: ['HOME', 'PATH'],
  inputs: [],
  fingerprint: 'one',
  ...more,
});

function memento(): vscode.Memento {
  const values = new Map<string, unknown>();
  return {
    keys: () => [...values.keys()],
    get: <T>(key: string, other?: T) => (values.get(key) as T) ?? other,
    update: async (key: string, value: unknown) => void values.set(key, value),
  } as vscode.Memento;
}

describe('a tool before it is run', () => {
  it('is asked for once, and again where it is another one', async () => {
    const state = memento();
    let asked = 0;
    const ask = (one: PreparedTool, answer: boolean) =>
      isAllowed(one, state, async () => {
        asked++;
        return answer;
      });
    assert.deepEqual([await ask(tool(), false), asked], [false, 1]);
    assert.deepEqual([await ask(tool(), true), asked], [true, 2]);
    assert.deepEqual([await ask(tool(), false), asked], [true, 2], 'it was allowed');
    const others = [
      tool({ fingerprint: 'two' }),
      tool({ folder: '/other' }),
      tool({ definition: { ...tool().definition, name: 'constructor' } }),
    ];
    for (const other of others) assert.equal(await ask(other, false), false);
    assert.equal(asked, 5);
    assert.equal(await ask(tool(), false), true, 'a refusal of another one takes nothing away');
  });

  it('is shown with all that it gets', () => {
    assert.deepEqual(toolLines(tool()).slice(0, 4), [
      'Command: node "a b.js"',
      'Folder: /ws',
      'Environment: HOME, PATH',
      'It is stopped after 1m 00s, or beyond 10.0 MB.',
    ]);
    const way = { kind: 'mcp', server: 'files', tool: 'read' } as const;
    const remote = tool({
      definition: { ...tool().definition, way },
      runs: ['https://h/mcp\nFolder: /nowhere'],
      cwd: undefined,
      variables: [],
    });
    const [first, second] = toolLines(remote);
    assert.match(first ?? '', /^Tool read of the MCP server files: "https:\/\/h\/mcp\\nFolder/);
    assert.match(second ?? '', /^It is stopped/);
  });

  it('is neither looked at nor run in a workspace that is not trusted', async () => {
    const touched = new Proxy({}, { get: (_, name) => assert.fail(`${String(name)} was asked`) });
    const files = { use: async () => ({ span: { toolName: 'search', name: 'x' } }) };
    const parts = { host: touched, replayer: touched, kept: touched, state: touched, files };
    const replays = new ToolReplays(parts as unknown as ToolReplayParts);
    replays.isTrusted = () => false;
    replays.confirm = () => assert.fail('nobody is asked');
    const act = () => undefined;
    await replays.replay({ file: 'f', spanId: 's' }, { title: 'Replay Its LLM Call', act });
    const { words, buttons } = toasts.at(-1) ?? {};
    assert.match(words ?? '', /search.*tools run only in a workspace that you trust\.$/);
    assert.deepEqual(buttons, ['Manage Workspace Trust', 'Replay Its LLM Call']);
  });
});
