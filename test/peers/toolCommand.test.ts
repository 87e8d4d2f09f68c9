import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { cleanUp } from './replay.ts';
import { grandchild, node, variable, workspace } from './toolPrograms.ts';

const script = (text: string) => ({ command: [node, '-e', text] });
const echo = "process.stdin.on('data', text => process.stdout.write(text))";

describe('a tool that is a command line', () => {
  after(cleanUp);

  it('gets the recorded input as it was written, and gives what it prints', async () => {
    const { run } = workspace();
    const { text, error, exitCode } = await run(script(echo), { input: { q: 'é "x"', n: [1] } });
    assert.equal(error, undefined);
    assert.deepEqual(JSON.parse(text ?? ''), { q: 'é "x"', n: [1] });
    assert.equal(exitCode, 0);
  });

  it('runs in its folder, through no shell, with the few variables that it is said to get', async () => {
    const { run, folder, write } = workspace();
    write('sub/x.txt', '');
    const registration = {
      command: [
        node,
        '-p',
        'JSON.stringify([process.cwd(), process.argv.slice(1), Object.keys(process.env).sort(), process.env.OWN])',
        '$(echo no) *',
      ],
      cwd: `${variable('workspaceFolder')}/sub`,
      env: { OWN: `${variable('env:GIVEN')}!` },
      passEnv: ['GIVEN'],
    };
    const env = { GIVEN: 'given', OTHER_SECRET: 'not for it' };
    const { text = '', error } = await run(registration, { env });
    assert.equal(error, undefined);
    const [cwd, args, names, own] = JSON.parse(text);
    assert.equal(cwd, path.join(folder, 'sub'));
    assert.deepEqual(args, ['$(echo no) *']);
    assert.deepEqual(names, ['GIVEN', 'HOME', 'OWN', 'PATH']);
    assert.equal(own, 'given!');
  });

  it('that never ends is stopped, with all that it has started', async () => {
    const { run, noneAlive } = workspace();
    const never = `${grandchild} process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`;
    const { error } = await run({ ...script(never), timeoutSeconds: 1 });
    assert.equal(error?.code, 'toolTimedOut');
    assert.match(error.message, /did not end within 1\.00 s and was stopped\. .*timeoutSeconds/);
    await noneAlive();
  });

  it('is stopped when the user cancels', async () => {
    const { run, noneAlive, folder } = workspace();
    const controller = new AbortController();
    const running = run(script(`${grandchild} setInterval(() => {}, 1000);`), {
      signal: controller.signal,
    });
    while (!fs.existsSync(path.join(folder, 'pids'))) await new Promise(r => setTimeout(r, 10));
    controller.abort();
    assert.equal((await running).error?.code, 'cancelled');
    await noneAlive();
    const late = await run(script('throw 1'), { signal: controller.signal });
    assert.equal(late.error?.code, 'cancelled', 'nothing is begun after that');
  });

  it('that ends itself takes along what it left behind, which holds its output open', async () => {
    const { run, noneAlive } = workspace();
    const { text } = await run(script(`${grandchild} console.log('done'); process.exit(0);`));
    assert.equal(text, 'done');
    await noneAlive();
  });

  it('that leaves something in a group of its own is not waited for', async () => {
    const { run, folder } = workspace();
    const leaves = `
      const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit', detached: true });
      require('node:fs').writeFileSync('pids', String(child.pid));
      console.log('done'); process.exit(0);`;
    const { text } = await run(script(leaves));
    process.kill(Number(fs.readFileSync(path.join(folder, 'pids'), 'utf8')), 'SIGKILL');
    assert.equal(text, 'done');
  });

  it('that prints 100 MB is stopped at its limit', async () => {
    const { run, noneAlive } = workspace();
    const much = `${grandchild} const part = 'x'.repeat(1e6);
      let n = 0; (function more() { if (n++ < 100) process.stdout.write(part, more); })();`;
    const { error, text } = await run({ ...script(much), outputLimitMb: 2 });
    assert.equal(error?.code, 'toolTooMuch');
    assert.match(error.message, /gave more than 2(\.0)? MB and was stopped.*outputLimitMb/);
    assert.equal(text, undefined);
    await noneAlive();
  });

  it('that is over its limit in one go, and ends at once, is over its limit all the same', async () => {
    const { run } = workspace();
    const { error } = await run({
      ...script("process.stdout.write('x'.repeat(50000))"),
      outputLimitMb: 0.01,
    });
    assert.equal(error?.code, 'toolTooMuch');
  });

  it('that fails is told with its exit code and the end of what it said', async () => {
    const { run } = workspace();
    const { error, failure, log } = await run(
      script("console.error('x'.repeat(1000) + ' no index'); process.exitCode = 3"),
    );
    assert.equal(error?.code, 'toolExited');
    assert.match(error.message, /failed with exit code 3: “…x+ no index”\. See what it needs/);
    assert.ok(failure?.endsWith('no index'));
    assert.equal(log.trim().length, 1009);
  });

  it('that writes to its error output and gives a result has given a result', async () => {
    const { run } = workspace();
    const { text, error, log } = await run(script("console.error('warning'); console.log('{}')"));
    assert.deepEqual([text, error, log], ['{}', undefined, 'warning\n']);
  });

  it('that is killed is told with the signal', async () => {
    const { run } = workspace();
    const { error } = await run(script("process.kill(process.pid, 'SIGKILL')"));
    assert.equal(error?.code, 'toolKilled');
    assert.match(error.message, /SIGKILL: it said nothing\./);
  });

  it('need not read its input', async () => {
    const { run } = workspace();
    const { text, error } = await run(script("process.stdin.destroy(); console.log('ok')"), {
      input: 'x'.repeat(5_000_000),
    });
    assert.deepEqual([text, error], ['ok', undefined]);
  });

  it('that is not there, may not be run, or has no folder is told apart', async () => {
    const { run, write } = workspace();
    const missing = await run({ command: ['no-such-program-here'] });
    assert.match(missing.error?.message ?? '', /^The program no-such-program-here was not found\./);
    write('tool.sh', '#!/bin/sh\n');
    const refused = await run({ command: ['./tool.sh'] });
    assert.match(refused.error?.message ?? '', /^The program \.\/tool\.sh may not be run\./);
    const homeless = await run({ ...script(''), cwd: 'nowhere' });
    assert.match(homeless.error?.message ?? '', /nowhere does not exist.*Correct “cwd”/);
    const unset = await run({ command: ['x', variable('env:NOT_SET')] });
    assert.match(
      unset.error?.message ?? '',
      /as it is registered\. command\[1\]: the variable NOT_SET of the environment is not set\./,
    );
  });

  it('leaves no secret in its result, its words or its log', async () => {
    const { run } = workspace();
    const secret = 'marked-"key"-0123456789';
    const tells = `console.error('with ' + process.env.API_TOKEN);
      console.log(JSON.stringify({ a: process.env.API_TOKEN })); process.exitCode = 1;`;
    const outcome = await run(
      { ...script(tells), passEnv: ['API_TOKEN'] },
      { env: { API_TOKEN: secret } },
    );
    const all = JSON.stringify({ ...outcome, words: outcome.error?.message });
    assert.ok(!all.includes('0123456789'), all);
    assert.match(outcome.log, /with \[redacted:secret\]/);
    assert.equal(outcome.text, '{"a":"[redacted:secret]"}');
  });
});
