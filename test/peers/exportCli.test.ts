import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { encodeAnswer } from '../../src/formats/otlpAnswer.ts';
import { type Answer, type OtlpServer, startOtlpServer } from '../tools/otlpServer.ts';
import { inRepo } from '../tools/repo.ts';
import { tempFolder } from './python.ts';

describe('agent-traces export', function () {
  // Each test starts several programs.
  this.timeout(60_000);

  const folder = tempFolder();
  const sample = inRepo('dist/sample.agent-traces.db');
  let server: OtlpServer | undefined;
  afterEach(() => server?.close());
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  function begin(...args: string[]) {
    const env = {
      ...process.env,
      XDG_DATA_HOME: path.join(folder, 'data'),
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=secret-key',
      HELICONE_API_KEY: 'sk-helicone-1',
    };
    return spawn(process.execPath, [inRepo('dist/cli.js'), 'export', sample, ...args], { env });
  }
  async function cli(...args: string[]) {
    const child = begin(...args);
    let [out, error] = ['', ''];
    child.stdout.on('data', chunk => (out += chunk));
    child.stderr.on('data', chunk => (error += chunk));
    const code = await new Promise<number | null>(resolve => child.once('close', resolve));
    return { code, out, error };
  }
  const start = async (answer?: (count: number) => Answer | Promise<Answer>) => {
    server = await startOtlpServer(answer);
    return `${server.origin}/v1/traces`;
  };

  it('sends all runs without content, and nothing a second time', async () => {
    const to = await start();
    const first = await cli('--to', to, '--json');
    assert.equal(first.code, 0, first.error);
    const facts = JSON.parse(first.out);
    assert.deepEqual([facts.leftOut, facts.eventsLeftOut], [0, 0], 'named as in other commands');
    assert.doesNotMatch(Object.keys(facts).join(), /_/);
    const spans = server!.received.flatMap(one => one.spans);
    assert.equal(spans.length, facts.spans);
    assert.equal(new Set(spans.map(span => span.spanId)).size, spans.length);
    assert.equal(server!.received[0]?.headers['x-key'], 'secret-key');
    const keys = new Set(spans.flatMap(span => span.attributes.map(({ key }) => key)));
    assert.ok(keys.has('gen_ai.usage.input_tokens') && !keys.has('gen_ai.input.messages'));
    // Every parent that is named is there.
    const ids = new Set(spans.map(span => span.spanId));
    for (const { parentSpanId } of spans) assert.ok(parentSpanId === '' || ids.has(parentSpanId));
    const second = await cli('--to', to);
    assert.equal(second.code, 0);
    assert.match(
      second.out,
      /Sent 0 spans .*\n\d+ spans sent before, and not again\. With --again all are sent, such as to add --content/,
    );
    const dry = await cli('--to', to, '--dry-run');
    assert.match(
      dry.out,
      new RegExp(`\\n${facts.spans} spans of them, sent before, would be left out\\.`),
    );
    const dryAgain = await cli('--to', to, '--dry-run', '--again');
    assert.match(dryAgain.out, /spans of them, sent before, would be sent again/);
    const again = await cli('--to', to, '--again', '--json');
    assert.equal(JSON.parse(again.out).spans, facts.spans);
  });

  it('knows what was on its way when it was killed', async () => {
    let asked = (): void => undefined;
    const underWay = new Promise<void>(resolve => {
      asked = resolve;
    });
    const to = await start(count => {
      if (count !== 1) return undefined;
      asked();
      // The answer to the second request never comes.
      return new Promise<never>(() => undefined);
    });
    const runs = (await spawnJson(['runs', sample, '--json', '--limit', '1'])) as [
      { runId: string },
    ];
    const whole = JSON.parse((await cli(runs[0].runId, '--to', to, '--json')).out);
    const child = begin('--to', to);
    await underWay;
    child.kill('SIGKILL');
    await new Promise(resolve => child.once('close', resolve));
    const skipped = JSON.parse((await cli('--to', to, '--json', '--skip-unsure')).out);
    assert.deepEqual([skipped.already, skipped.spans], [whole.spans, 0]);
    assert.ok(skipped.unsure > 100, 'all others were on their way');
    const dry = await cli('--to', to, '--dry-run');
    assert.match(
      dry.out,
      new RegExp(`\\n${skipped.unsure} spans .* without an answer, would be sent again`),
    );
    const rest = JSON.parse((await cli('--to', to, '--json')).out);
    assert.deepEqual(
      [rest.already, rest.spans, rest.again],
      [whole.spans, skipped.unsure, skipped.unsure],
    );
    const last = JSON.parse((await cli('--to', to, '--json', '--skip-unsure')).out);
    assert.deepEqual([last.already, last.unsure], [whole.spans + rest.spans, 0]);
  });

  it('says what would be sent, and sends nothing', async () => {
    const to = await start();
    const { code, out } = await cli('--to', to, '--dry-run', '--content');
    assert.equal(code, 0);
    assert.equal(server!.received.length, 0);
    assert.match(
      out,
      /^Would send 51 runs with \d+ spans to 127\.0\.0\.1:\d+, with content, secrets and personal data taken out\./,
    );
    assert.match(out, /Headers: x-key\n/);
    assert.doesNotMatch(out, /sent before/);
    assert.doesNotMatch(out, /secret-key/);
    const calls = await cli('--to', 'helicone', '--dry-run');
    assert.match(calls.out, /to Helicone, without .* It takes only some kinds of spans\./);
    assert.match(calls.out, /"key": "llm.request.type",\s+"value": \{\s+"stringValue": "chat"/);
  });

  it('says what follows where some were not taken, and that what was sent goes again when told to', async () => {
    const body = encodeAnswer({ rejected: 2, message: 'too old' });
    const to = await start(() => ({ status: 200, body }));
    const [{ runId }] = (await spawnJson(['runs', sample, '--json', '--limit', '1'])) as [
      { runId: string },
    ];
    const first = await cli(runId, '--to', to);
    assert.equal(first.code, 1);
    assert.match(first.out, /^Sent \d+ spans to \S+ \(\S+ \S+ in 1 request\)\.$/m);
    assert.match(
      first.out,
      /^2 spans not taken by it\. Which, it does not say: .* unless --again /m,
    );
    const second = await cli(runId, '--to', to, '--content');
    assert.equal(second.code, 0);
    assert.match(second.out, /^Sent 0 spans .* in 0 requests/);
    assert.match(second.out, /^\d+ spans sent before, and not again\. With --again .* --content/m);
    assert.doesNotMatch(second.out, /arrived/);
  });

  it('ends with words and a code where it is refused', async () => {
    const to = await start(() => ({ status: 401 }));
    const { code, out, error } = await cli('--to', to);
    assert.equal(code, 1);
    assert.match(out, /^Sent 0 spans/);
    assert.match(error, /refused the key: HTTP 401/);
    assert.match(error, /from the environment: OTEL_EXPORTER_OTLP_HEADERS or .*name=value/);
    assert.doesNotMatch(out + error, /secret-key/);
  });

  it('writes one run into files of all kinds, whole or not at all', async () => {
    const runs = spawnJson(['runs', sample, '--json', '--limit', '1']);
    const [{ runId }] = (await runs) as [{ runId: string }];
    for (const name of ['run.html', 'run.md', 'run.csv', 'run.json', 'run.otlp.jsonl']) {
      const to = path.join(folder, name);
      const { code, error, out } = await cli(runId.slice(0, 12), '--to', to);
      assert.equal(code, 0, error);
      assert.match(out, /^Wrote 1 run with \d+ spans? to/);
      assert.ok(fs.statSync(to).size > 200, name);
      assert.equal(fs.statSync(to).mode & 0o077, 0, 'nobody else reads it');
    }
    assert.deepEqual(
      fs.readdirSync(folder).filter(name => name.includes('.part-')),
      [],
    );
    const wrong = await cli('--to', path.join(folder, 'no-such-folder', 'a.html'));
    assert.equal(wrong.code, 1);
    assert.match(
      (await cli('--to', 'localhost:4318')).error,
      /http:\/\/localhost:4318\/v1\/traces/,
    );
    assert.match(
      (await cli('--to', 'langfuse')).error,
      /PUBLIC_KEY, .* Set it in the environment\.\s*$/,
    );
    assert.match((await cli('--to', 'jeager')).error, /There is no destination "jeager"/);
    assert.match((await cli('--to', 'a.txt')).error, /give --format/);
  });

  it('never writes over the trace file that it reads', async () => {
    const file = path.join(folder, 'own.json');
    fs.copyFileSync(sample, file);
    const before = fs.readFileSync(file);
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [inRepo('dist/cli.js'), 'export', file, ...args], {
        encoding: 'utf8',
        cwd: folder,
      });
    for (const to of [file, './own.json', `${file}-wal`, `${file}-shm`, `${file}-journal`]) {
      for (const dry of [[], ['--dry-run']]) {
        const { status, stderr, stdout } = run('--to', to, '--format', 'csv', ...dry);
        assert.equal(status, 1, to);
        assert.equal(stdout, '');
        assert.match(stderr, /is the trace file, .* only ever read\. Choose another place/);
      }
    }
    assert.deepEqual(fs.readFileSync(file), before);
    assert.ok(!fs.existsSync(`${file}-wal`) && !fs.existsSync(`${file}-journal`));
  });

  it('writes over a file that is there with --force alone, and into the output', async () => {
    const to = path.join(folder, 'there.csv');
    fs.writeFileSync(to, 'as before');
    for (const dry of [[], ['--dry-run']]) {
      const refused = await cli('--to', to, ...dry);
      assert.equal(refused.code, 1);
      assert.match(refused.error, /is there already, .* or replace it with --force\.\n$/);
    }
    assert.equal(fs.readFileSync(to, 'utf8'), 'as before');
    const { code, error } = await cli('--to', to, '--force');
    assert.equal(code, 0, error);
    const output = await cli('--to', '-', '--format', 'csv');
    assert.equal(output.out, fs.readFileSync(to, 'utf8'));
    if (process.platform === 'win32') return;
    assert.equal((await cli('--to', '/dev/stdout', '--format', 'csv')).out, output.out);
    execFileSync('mkfifo', [path.join(folder, 'pipe.csv')]);
    const reading = fs.promises.readFile(path.join(folder, 'pipe.csv'), 'utf8');
    assert.equal((await cli('--to', path.join(folder, 'pipe.csv'))).code, 0);
    assert.equal(await reading, output.out);
    assert.ok(fs.statSync(path.join(folder, 'pipe.csv')).isFIFO());
  });

  async function spawnJson(args: readonly string[]): Promise<unknown> {
    const child = spawn(process.execPath, [inRepo('dist/cli.js'), ...args]);
    let out = '';
    child.stdout.on('data', chunk => (out += chunk));
    await new Promise(resolve => child.once('close', resolve));
    return JSON.parse(out);
  }
});
