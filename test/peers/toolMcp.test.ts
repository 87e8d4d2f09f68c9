import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { typescriptFlags } from '../tools/processes.ts';
import { cleanUp } from './replay.ts';
import { grandchild, node, variable, type Workspace, workspace } from './toolPrograms.ts';

const program = path.join(import.meta.dirname, 'mcpServer.ts');
const secret = 'marked-token-0123456789';

/** A workspace whose mcp.json has these servers. */
function withServers(servers: object, inputs: readonly object[] = []): Workspace {
  const here = workspace();
  const text = `// The servers of this folder.\n${JSON.stringify({ servers, inputs })}`;
  here.write('.vscode/mcp.json', text.replace(/\}$/, ',\n}'));
  return here;
}
const own = { command: node, args: [...typescriptFlags, program] };
const stdio = () =>
  withServers({ own: { ...own, env: { PIDS: `${variable('workspaceFolder')}/pids` } } });
const tool = (name: string, more: object = {}) => ({ mcp: 'own', tool: name, ...more });

describe('a tool of an MCP server that is started', () => {
  after(cleanUp);

  it('is called with the input, and its server ends', async () => {
    const { run, noneAlive } = stdio();
    const { text, error } = await run(tool('double'));
    assert.deepEqual([text, error?.message], ['{"twice":2}', undefined]);
    await noneAlive();
  });

  it('gives its whole answer where that was recorded', async () => {
    const recorded = { content: [{ type: 'text', text: 'x' }] };
    const { text } = await stdio().run(tool('double'), { recorded });
    assert.deepEqual(JSON.parse(text ?? ''), { content: [{ type: 'text', text: '{"twice":2}' }] });
  });

  it('gets what is in env, envFile and inputs, and tells nobody what is secret', async () => {
    const inputs = [{ id: 'token', type: 'promptString', password: true, description: 'A token' }];
    const env = { API_TOKEN: variable('input:token') };
    const here = withServers({ own: { ...own, env, envFile: 'own.env', cwd: 'sub' } }, inputs);
    here.write('own.env', '# mine\nexport FROM_FILE="a file" \nAPI_TOKEN=other\n');
    here.write('sub/x', '');
    const { text, error } = await here.run(tool('tell'), { inputs: { token: secret } });
    assert.equal(error?.message, undefined);
    const sub = path.join(here.folder, 'sub');
    assert.deepEqual(JSON.parse(text ?? ''), ['[redacted:secret]', 'a file', sub]);
  });

  it('that says that it failed, or throws, has failed', async () => {
    for (const [name, words] of [
      ['refuse', 'no such row'],
      ['throw', 'it broke'],
    ] as const) {
      const { error, failure, text } = await stdio().run(tool(name));
      assert.equal(error?.message, `“tool” says that it failed: “${words}”. See what it needs.`);
      assert.deepEqual([failure, text], [words, words]);
    }
  });

  it('that there is none of is told with those that there are', async () => {
    const { error } = await stdio().run(tool('none'));
    assert.equal(
      error?.message,
      'The MCP server “own” has no tool “none”. It has: double, refuse, throw, die, hang, much, tell. Correct “tool”.',
    );
  });

  it('that never answers, is cancelled, or answers too much is stopped with its server', async () => {
    const never = stdio();
    const late = await never.run(tool('hang', { timeoutSeconds: 2 }));
    assert.equal(late.error?.code, 'toolTimedOut');
    await never.noneAlive();
    const much = stdio();
    const large = await much.run(tool('much', { outputLimitMb: 1 }));
    assert.equal(large.error?.code, 'toolTooMuch', large.error?.message);
    await much.noneAlive();
  });

  it('whose server dies, in its handshake or in the call, is told so', async () => {
    const dying = await stdio().run(tool('die'));
    assert.equal(dying.error?.code, 'toolMcpEnded', dying.error?.message);
    const command = [node, '-e', "console.error('no database'); process.exit(2)"];
    const [program, ...args] = command;
    const { error } = await withServers({ own: { command: program, args } }).run(tool('a'));
    assert.match(
      error?.message ?? '',
      /^The MCP server “own” ended before it answered: “no database”\./,
    );
  });

  it('whose server never answers, or speaks something else, is stopped', async () => {
    for (const source of ['', "console.log('hello');"]) {
      const args = ['-e', `${grandchild} ${source} setInterval(() => {}, 1000)`];
      const here = withServers({ own: { command: node, args } });
      const { error } = await here.run(tool('a', { timeoutSeconds: 1.5 }));
      assert.equal(error?.code, 'toolMcpSilent', error?.message);
      assert.match(error.message, /did not answer within 1\.50 s and was stopped/);
      await here.noneAlive();
    }
  });

  it('whose command is not there is told so', async () => {
    const { error } = await withServers({ own: { command: 'no-such-server' } }).run(tool('a'));
    assert.match(error?.message ?? '', /^The program no-such-server was not found\./);
  });

  it('needs its server in mcp.json, as it can be used', async () => {
    await assert.rejects(workspace().run(tool('a')), /mcp\.json could not be read: ENOENT/);
    await assert.rejects(
      withServers({ b: own }).run(tool('a')),
      /servers: there is no server “own”\. Servers: b\./,
    );
  });
});

describe('a tool of an MCP server over HTTP', () => {
  let child: ChildProcess;
  let url: string;
  before(async () => {
    child = fork(program, ['--http'], {
      execArgv: [...typescriptFlags],
      env: { ...process.env, API_TOKEN: secret },
    });
    const port = await new Promise(resolve => child.once('message', resolve));
    url = `http://127.0.0.1:${port}/mcp`;
  });
  after(async () => {
    child.disconnect();
    await cleanUp();
  });
  const http = (headers: object, address = url) =>
    withServers({ own: { type: 'http', url: address, headers } }, [
      { id: 'token', type: 'promptString', password: true },
    ]);
  const signed = { Authorization: `Bearer ${variable('input:token')}` };
  const inputs = { token: secret };

  it('is called with the input and the headers of its server', async () => {
    const { text, error } = await http(signed).run(tool('double'), { inputs });
    assert.deepEqual([text, error?.message], ['{"twice":2}', undefined]);
  });

  it('that fails, is not there, gives too much or never answers is told so', async () => {
    const refused = await http(signed).run(tool('refuse'), { inputs });
    assert.deepEqual([refused.error?.code, refused.failure], ['toolSaidFailed', 'no such row']);
    const none = await http(signed).run(tool('none'), { inputs });
    assert.equal(none.error?.code, 'toolMcpNoTool');
    const much = await http(signed).run(tool('much', { outputLimitMb: 1 }), { inputs });
    assert.equal(much.error?.code, 'toolTooMuch', much.error?.message);
    const late = await http(signed).run(tool('hang', { timeoutSeconds: 1.5 }), { inputs });
    assert.equal(late.error?.code, 'toolTimedOut');
  });

  it('whose server wants a sign-in, is not there or is none is told so', async () => {
    const { error } = await http({ Authorization: `Bearer ${secret}-wrong` }).run(tool('double'));
    assert.equal(error?.code, 'toolMcpSignIn', error?.message);
    assert.ok(!error.message.includes(secret));
    const gone = await http({}, 'http://127.0.0.1:1/mcp').run(tool('double'));
    assert.match(
      gone.error?.message ?? '',
      /^The MCP server “own” cannot be reached: .+ See whether it runs/,
    );
    const odd = await http({}, variable('env:ADDRESS')).run(tool('a'), {
      env: { ADDRESS: 'file:///a' },
    });
    assert.equal(odd.error?.code, 'toolMcpAddress');
  });
});
