import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { inRepo } from '../tools/repo.ts';
import { tempFolder } from './python.ts';
import { aSpan, rowsIn, send, traces } from './receiving.ts';

describe('agent-traces receive', () => {
  let folder = '';
  let child: ChildProcess | undefined;
  before(() => {
    folder = tempFolder();
  });
  afterEach(() => child?.kill('SIGKILL'));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  const start = (...args: string[]) => startWith({}, ...args);
  function startWith(env: Readonly<Record<string, string>>, ...args: string[]) {
    const program = spawn(process.execPath, [inRepo('dist/cli.js'), 'receive', ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = program;
    let errors = '';
    program.stderr.setEncoding('utf8').on('data', text => {
      errors += text;
    });
    const lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
    const line = async (): Promise<string> => (await lines.next()).value ?? '';
    return { program, line, ended: once(program, 'exit'), errors: () => errors };
  }

  it('prints what a program needs, writes what it sends, and says at the end what that was', async () => {
    const file = path.join(folder, 'cli.agent-traces.db');
    const { program, line, ended } = start('--port', '0', '--file', file, '--json', '--token');
    const { event, url, env } = JSON.parse(await line());
    assert.deepEqual([event, env.OTEL_EXPORTER_OTLP_ENDPOINT], ['receiving', url]);
    const [name = '', token = ''] = env.OTEL_EXPORTER_OTLP_HEADERS.split('=');
    assert.equal((await send(`${url}/v1/traces`, traces(aSpan()))).status, 401);
    assert.equal((await send(`${url}/v1/traces`, traces(aSpan()), { [name]: token })).status, 200);
    program.kill('SIGTERM');
    const { event: last, spans, requests, refused } = JSON.parse(await line());
    assert.deepEqual([last, spans, requests, refused], ['summary', 1, 2, 1]);
    assert.deepEqual(await ended, [0, null]);
    assert.equal(rowsIn(file, 'SELECT * FROM spans').length, 1);
  });

  it('takes a token that is the same each time, and refuses one that no header holds', async () => {
    const file = path.join(folder, 'token.agent-traces.db');
    const { line } = start(
      '--port',
      '0',
      '--file',
      file,
      '--json',
      '--token',
      'my-token-of-16-letters',
    );
    const { env } = JSON.parse(await line());
    assert.match(env.OTEL_EXPORTER_OTLP_HEADERS, /^[\w-]+=my-token-of-16-letters$/);
    child?.kill('SIGKILL');
    const second = start('--port', '0', '--file', file, '--token', 'two words, a comma');
    assert.deepEqual(await second.ended, [2, null]);
    assert.match(second.errors(), /It must be 16 to 200 letters/);
  });

  it('takes a token of the environment, where arguments are not seen, and none that is no token', async () => {
    const file = path.join(folder, 'env.agent-traces.db');
    const env = { AGENT_TRACES_RECEIVER_TOKEN: 'my-token-of-16-letters' };
    for (const more of [[], ['--token']]) {
      const { line, program, ended } = startWith(
        env,
        '--port',
        '0',
        '--file',
        file,
        '--json',
        ...more,
      );
      const { url } = JSON.parse(await line());
      assert.equal((await send(`${url}/v1/traces`, traces(aSpan()))).status, 401);
      const headers = { 'x-agent-traces-token': env.AGENT_TRACES_RECEIVER_TOKEN };
      assert.equal((await send(`${url}/v1/traces`, traces(aSpan()), headers)).status, 200);
      program.kill('SIGTERM');
      await ended;
    }
    for (const none of ['', 'short']) {
      const refused = startWith(
        { AGENT_TRACES_RECEIVER_TOKEN: none },
        '--port',
        '0',
        '--file',
        file,
      );
      assert.deepEqual(await refused.ended, [2, null]);
      assert.match(refused.errors(), /AGENT_TRACES_RECEIVER_TOKEN is no token/);
    }
  });

  it('says that a port is taken, and what to do', async () => {
    const file = path.join(folder, 'taken.agent-traces.db');
    const { line } = start('--port', '0', '--file', file);
    const port = /127\.0\.0\.1:(\d+)/.exec(await line())?.[1] ?? '';
    const first = child;
    const second = start('--port', port, '--file', `${file}2`);
    assert.deepEqual(await second.ended, [1, null]);
    assert.match(
      second.errors(),
      /Another program has the port \d+\. Choose another one: --port \d+\./,
    );
    first?.kill('SIGKILL');
  });

  it('says which file cannot be written, and nothing of the port', async () => {
    const beside = path.join(folder, 'a file');
    fs.writeFileSync(beside, '');
    const below = path.join(beside, 'r.agent-traces.db');
    const folderOnly = path.join(folder, 'closed');
    fs.mkdirSync(folderOnly, { mode: 0o500 });
    const within = path.join(folderOnly, 'r.agent-traces.db');
    // To the administrator every folder is open.
    const isRoot = process.getuid?.() === 0;
    for (const file of isRoot || process.platform === 'win32' ? [below] : [below, within]) {
      const { ended, errors } = start('--port', '0', '--file', file);
      assert.deepEqual(await ended, [1, null]);
      assert.ok(errors().includes(`${file} cannot be written: `), errors());
      assert.match(errors(), /choose another file\.$/m);
      assert.doesNotMatch(errors(), /port/);
    }
  });
});
