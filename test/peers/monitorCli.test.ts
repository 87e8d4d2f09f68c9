import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { lockFile } from '../../src/node/stateFile.ts';
import { temporaryFolder } from '../tools/temporary.ts';
import { createSpans, dist } from '../unit/support/traceDb.ts';
import { type AlertServer, alertServer } from './alertServer.ts';

const cli = path.join(dist, 'cli.js');

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

describe('agent-traces monitor', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let server: AlertServer;
  let written = 0;
  const inFolder = (name: string) => path.join(folder.path, name);

  beforeEach(async () => {
    folder = temporaryFolder('monitor');
    server = await alertServer();
    written = 0;
  });
  afterEach(async () => {
    await server.close();
    folder.remove();
  });

  /** Adds runs that ended just now, as a tracer does. */
  function write(name: string, ...runs: readonly ('ok' | 'error')[]): string {
    const file = inFolder(name);
    const isNew = !fs.existsSync(file);
    const db = new DatabaseSync(file);
    if (isNew) db.exec(createSpans);
    const insert = db.prepare(
      `INSERT INTO spans VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0.01, '', '{}', ?)`,
    );
    for (const status of runs) {
      const now = Date.now() / 1000;
      const id = `run-${++written}`;
      const error = status === 'error' ? 'tool said no' : null;
      insert.run(`${id}-root`, id, null, 'nightly', now - 2, now - 1, status, error);
      insert.run(`${id}-tool`, id, `${id}-root`, 'tool', now - 2, now - 1, status, error);
    }
    db.close();
    return file;
  }

  const config = (rules: readonly object[], channels: readonly object[]): string => {
    const file = inFolder('alerts.json');
    fs.writeFileSync(file, `// what to tell of\n${JSON.stringify({ rules, channels })}`);
    return file;
  };
  const slackOnly = (rules: readonly object[] = [{ type: 'run-failed', cooldown: '10s' }]) =>
    config(rules, [{ type: 'slack', urlVariable: 'HOOK' }, { type: 'log' }]);

  function start(args: readonly string[], env: Record<string, string> = {}) {
    const { GITHUB_STEP_SUMMARY: _, ...own } = process.env;
    const child = spawn(process.execPath, [cli, ...args], {
      cwd: folder.path,
      env: {
        ...own,
        HOOK: `${server.url}/hook`,
        XDG_STATE_HOME: inFolder('state'),
        LOCALAPPDATA: inFolder('state'),
        NODE_NO_WARNINGS: '1',
        ...env,
      },
    });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', text => (out += text));
    child.stderr.setEncoding('utf8').on('data', text => (err += text));
    const ended = new Promise<Ended>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', code => resolve({ code, out, err }));
    });
    const until = async (is: () => boolean) => {
      while (!is()) {
        assert.equal(child.exitCode, null, `ended: ${out}${err}`);
        await new Promise(resolve => setTimeout(resolve, 10));
      }
    };
    return { child, ended, until, text: () => out + err };
  }
  const run = (...args: readonly string[]): Promise<Ended> => start(args).ended;

  it('once, tells what is firing once, remembers it, and ends with 3', async () => {
    const file = write('a.db', 'ok', 'ok', 'error');
    const by = slackOnly();
    const first = await run('monitor', '--once', '--config', by, file);
    assert.deepEqual([first.code, first.err], [3, '']);
    assert.match(first.out, /Alert: A run failed \(a\.db\)\n {2}- nightly.*: tool said no\n/);
    assert.match(first.out, /\nfiring since .*: run-failed in .*a\.db\n$/);
    assert.match(first.out, /agent-traces cause \S+a\.db run-3-tool\n/);
    const second = await run('monitor', '--once', '--config', by, file);
    assert.equal(second.code, 3);
    assert.doesNotMatch(second.out, /Alert/);
    assert.equal(server.received.length, 1);
    assert.equal(JSON.parse(server.received[0]?.body ?? '').text, 'Alert: A run failed');
    const states = fs.readdirSync(path.join(inFolder('state'), 'agent-traces'));
    assert.match(
      states.join(),
      /^monitor-[0-9a-f]{16}\.json$/,
      'no lock and no half-written file is left',
    );
  });

  it('once, with nothing to tell, says so and ends with 0', async () => {
    const file = write('a.db', 'ok');
    assert.deepEqual(await run('monitor', '--once', file), {
      code: 0,
      out: 'Nothing is firing.\n',
      err: '',
    });
  });

  it('watches several files, and the others where one is not there', async () => {
    const [a, b] = [write('a.db', 'ok'), write('b.db', 'error')];
    const by = slackOnly();
    const ended = await run(
      'monitor',
      '--once',
      '--json',
      '--config',
      by,
      a,
      b,
      inFolder('gone.db'),
    );
    assert.equal(ended.code, 3);
    assert.match(ended.err, /gone\.db does not exist/);
    const lines = ended.out
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    assert.deepEqual(
      lines.map(line => line.kind ?? line.told),
      ['firing', 1],
    );
    assert.deepEqual(
      lines[1].firing.map((one: { file: string }) => path.basename(one.file)),
      ['b.db'],
    );
    const only = await run('monitor', '--once', inFolder('gone.db'));
    assert.equal(only.code, 1);
  });

  it('says where the alerts file is wrong, and watches nothing', async () => {
    const by = inFolder('alerts.json');
    fs.writeFileSync(by, '{\n  "rules": [\n    { "type": "run-cost" }\n  ]\n}');
    const ended = await run('monitor', '--once', '--config', by, write('a.db', 'ok'));
    assert.deepEqual([ended.code, ended.out], [2, '']);
    assert.match(ended.err, /alerts\.json:3:15: A rule of type “run-cost” needs “above”/);
  });

  it('takes the file of the folder that it is in, and another scheme for its links', async () => {
    fs.mkdirSync(inFolder('.vscode'));
    fs.renameSync(slackOnly(), inFolder('.vscode/agent-traces.alerts.json'));
    await run('monitor', '--once', '--editor-scheme', 'cursor', write('a.db', 'error'));
    assert.match(server.received[0]?.body ?? '', /<cursor:\/\/agent-trace-inspector\./);
    const { code, err } = await run('monitor', '--editor-scheme', 'x y', write('a.db', 'error'));
    assert.equal(code, 2);
    assert.match(err, /such as vscode/);
  });

  it('runs no program that a file of the folder brings, before somebody names the file', async () => {
    const program = inFolder('mailer.sh');
    fs.writeFileSync(program, '#!/bin/sh\ncat > "$(dirname "$0")/mail"\n', { mode: 0o755 });
    fs.mkdirSync(inFolder('.vscode'));
    const found = path.join('.vscode', 'agent-traces.alerts.json');
    const channels = [{ type: 'email', to: ['a@example.org'], command: program }];
    fs.renameSync(config([{ type: 'run-failed' }], channels), inFolder(found));
    const file = write('a.db', 'error');
    const refused = await run('monitor', '--once', file);
    assert.deepEqual([refused.code, fs.existsSync(inFolder('mail'))], [2, false]);
    assert.match(refused.err, /The channel email would run .*mailer\.sh.* --config \.vscode/);
    if (process.platform === 'win32') return;
    assert.equal((await run('monitor', '--once', '--config', found, file)).code, 3);
    assert.match(fs.readFileSync(inFolder('mail'), 'utf8'), /^To: a@example\.org\n/);
  });

  it('in a dry run, sends nothing and remembers nothing', async () => {
    const file = write('a.db', 'error');
    for (let i = 0; i < 2; i++) {
      const { out } = await run('monitor', '--once', '--dry-run', '--config', slackOnly(), file);
      assert.match(out, /would be sent: Alert: A run failed/);
    }
    assert.equal(server.received.length, 0);
    assert.equal(fs.existsSync(inFolder('state')), false);
  });

  it('sends later what could not be sent, once', async () => {
    const file = write('a.db', 'error');
    const by = slackOnly();
    server.act(
      ...Array.from({ length: 3 }, () => ({ status: 500, headers: { 'retry-after-ms': '1' } })),
    );
    const first = await run('monitor', '--once', '--config', by, file);
    assert.match(first.err, /slack: Slack answers 500 It is tried again|slack: Slack answers 500/);
    assert.match(first.out, /Alert/, 'the log was told all the same');
    for (let i = 0; i < 3; i++) await run('monitor', '--once', '--config', by, file);
    assert.equal(server.received.length, 4);
  });

  it('goes on until it is ended, tells what comes, and leaves nothing behind', async () => {
    const file = write('a.db', 'ok');
    const monitor = start(['monitor', '--every', '0.1', '--config', slackOnly(), file]);
    await monitor.until(() => /watching .* by 1 rule/.test(monitor.text()));
    write('a.db', 'error');
    await monitor.until(() => server.received.length === 1);
    const other = await run('monitor', '--config', inFolder('alerts.json'), file);
    assert.equal(other.code, 1);
    assert.match(other.err, /Another monitor \(process \d+\) has the state/);
    monitor.child.kill('SIGTERM');
    assert.equal((await monitor.ended).code, 3);
    const left = fs.readdirSync(path.join(inFolder('state'), 'agent-traces'));
    assert.deepEqual(
      left.filter(name => !/^monitor-\w+\.json$/.test(name)),
      [],
    );
    const again = start(['monitor', '--every', '0.1', '--config', inFolder('alerts.json'), file]);
    await again.until(() => /watching/.test(again.text()));
    write('a.db', 'ok');
    again.child.kill('SIGINT');
    assert.equal((await again.ended).code, 3);
    assert.equal(server.received.length, 1, 'a restart tells nothing twice');
  });

  it('that is killed while it sends, sends the rest when it comes back', async () => {
    const file = write('a.db', 'error');
    const by = slackOnly();
    server.act('hang');
    const monitor = start(['monitor', '--config', by, file]);
    await monitor.until(() => server.received.length === 1);
    monitor.child.kill('SIGKILL');
    await monitor.ended;
    const { code } = await run('monitor', '--once', '--config', by, file);
    assert.equal(code, 3, 'the lock of one that is dead keeps nobody out');
    await run('monitor', '--once', '--config', by, file);
    assert.equal(server.received.length, 2);
  });

  it('that is started anew with the id of the one that was killed is not kept out by it', () => {
    const state = inFolder('mine.json');
    const lock = `${state}.lock`;
    fs.writeFileSync(lock, String(process.pid));
    const first = lockFile(lock);
    assert.ok('release' in first);
    assert.deepEqual(lockFile(lock), { heldBy: process.pid });
    first.release();
    assert.equal(fs.existsSync(lock), false);
  });

  it('begins anew with a state that is no state, and keeps what another monitor remembers', async () => {
    const file = write('a.db', 'error');
    const state = inFolder('mine.json');
    fs.writeFileSync(state, '{"files": 3, "outbox": [{}');
    const { code } = await run(
      'monitor',
      '--once',
      '--state',
      state,
      '--config',
      slackOnly(),
      file,
    );
    assert.equal(code, 3);
    assert.equal(JSON.parse(fs.readFileSync(state, 'utf8')).version, 1);
  });

  describe('check', () => {
    it('passes what is within the limits', async () => {
      const file = write('a.db', 'ok', 'ok');
      const { code, out } = await run(
        'check',
        '--max-error-rate',
        '0',
        '--max-cost',
        '1',
        '--max-p99',
        '5s',
        file,
      );
      assert.equal(code, 0);
      assert.match(out, /✓ +Failed runs +0 % +at most 0 %/);
      assert.match(out, /Within the limits\.\n$/);
    });

    it('fails what is not, with which runs failed, also in the summary of a GitHub step', async () => {
      const file = write('a.db', 'ok', 'error', 'ok');
      const summary = inFolder('summary.md');
      fs.writeFileSync(summary, 'before\n');
      const args = [
        'check',
        '--max-error-rate',
        '0.2',
        '--max-cost',
        '0.05',
        '--max-run-cost',
        '0.01',
        file,
      ];
      const { code, out } = await start(args, { GITHUB_STEP_SUMMARY: summary }).ended;
      assert.equal(code, 3);
      assert.match(out, /✗ +Failed runs +33 % +at most 20 %/);
      assert.match(out, /✗ +Cost +\$0\.0600 +at most \$0\.0500/);
      assert.match(out, /nightly run-2: tool said no/);
      const text = fs.readFileSync(summary, 'utf8');
      assert.match(text, /^before\n### ❌ Agent runs/);
      assert.match(text, /\| ❌ \| Failed runs \| 33 % \| at most 20 % \|/);
      const json = await run(...args.slice(0, -1), '--json', file);
      assert.deepEqual(
        (({ ok, runs, failed, pricedCostUsd }) => ({ ok, runs, failed, pricedCostUsd }))(
          JSON.parse(json.out),
        ),
        { ok: false, runs: 3, failed: 1, pricedCostUsd: 0.06 },
      );
    });

    it('prints no secrets that are in errors, neither where a build is logged nor in its summary', async () => {
      const secret = `sk-ant-api03-${'a1B2c3D4'.repeat(6)}`;
      const file = write('a.db', 'error');
      const db = new DatabaseSync(file);
      db.exec(`UPDATE spans SET error = 'refused ${secret}'`);
      db.close();
      const summary = inFolder('summary.md');
      for (const more of [[], ['--json']]) {
        const args = ['check', '--max-error-rate', '0', ...more, file];
        const { out } = await start(args, { GITHUB_STEP_SUMMARY: summary }).ended;
        for (const text of [out, fs.readFileSync(summary, 'utf8')]) {
          assert.match(text, /refused/);
          assert.doesNotMatch(text, /a1B2c3D4/);
        }
      }
    });

    it('fails where there are too few runs: that no agent ran is no good news', async () => {
      const file = write('a.db', 'ok');
      assert.equal((await run('check', '--name', 'other*', file)).code, 3);
      assert.equal((await run('check', '--name', 'night*', file)).code, 0);
      assert.equal((await run('check', '--minimum-runs', '2', file)).code, 3);
      assert.equal((await run('check', '--max-error-rate', '20', file)).code, 2);
    });
  });
});
