import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import { questions, scriptedModel } from '../tools/agent/script.ts';
import { startMessagesApi } from '../tools/messagesApi.ts';
import { dist } from '../unit/support/traceDb.ts';
import { cleanUp, key, newFolder } from './replay.ts';
import { clock, openInReader, runsIn } from './views.ts';

const cli = path.join(dist, 'cli.js');
const agent = path.join(import.meta.dirname, 'replayProgram.ts');

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Program {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Waits for something on its output. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Where programs keep their data. */
const data = { XDG_DATA_HOME: '', LOCALAPPDATA: '' };

function run(args: readonly string[], env: Record<string, string> = {}): Program {
  const {
    ANTHROPIC_API_KEY: _,
    ANTHROPIC_AUTH_TOKEN: __,
    ANTHROPIC_BASE_URL: ___,
    ...own
  } = process.env;
  const child = spawn(process.execPath, args, {
    env: { ...own, NODE_NO_WARNINGS: '1', ...data, ...env },
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', text => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', text => {
    err += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', code => resolve({ code, out, err }));
  });
  const until = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const found = pattern.exec(out + err);
      if (found) return found;
      assert.equal(child.exitCode, null, `ended without ${pattern}: ${out}${err}`);
      await new Promise(resolve => setTimeout(resolve, 10));
    }
  };
  return { child, ended, until };
}

describe('agent-traces serve-replay', () => {
  let file: string;
  let runs: readonly string[];
  let first: readonly Ended[];
  before(async function () {
    this.timeout(60_000);
    file = path.join(newFolder(), 'agent_traces.db');
    data.XDG_DATA_HOME = data.LOCALAPPDATA = newFolder();
    const api = await startMessagesApi(scriptedModel());
    const env = { ANTHROPIC_BASE_URL: api.baseURL, ANTHROPIC_API_KEY: key };
    const ended: Ended[] = [];
    for (const question of questions) ended.push(await run([agent, question, file], env).ended);
    await api.close();
    first = ended;
    const { runs: found } = await runsIn(file);
    runs = [...found].sort((a, b) => (a.start ?? 0) - (b.start ?? 0)).map(one => one.runId);
  });
  after(cleanUp);

  const replay = (which: number, question: string, ...options: string[]): Program =>
    run(
      [
        cli,
        'serve-replay',
        file,
        runs[which] ?? '',
        ...options,
        '--',
        process.execPath,
        agent,
        question,
      ],
      { ANTHROPIC_API_KEY: key },
    );

  for (const [which, title] of [
    'works after a retry',
    'has a tool that fails',
    'has a cut answer',
  ].entries()) {
    it(`runs the sample agent again, unchanged: one that ${title}`, async () => {
      const before = fs.readFileSync(file);
      const { code, out, err } = await replay(which, questions[which] ?? '').ended;
      const { code: firstCode, out: firstOut } = first[which] ?? {};
      assert.deepEqual([out, code], [firstOut, firstCode], err);
      const calls = which === 0 ? 3 : 2;
      assert.match(err, new RegExp(`^Replaying research_agent: ${calls} calls\\.\\n1  call 1 `));
      const requests = which === 0 ? 4 : 2;
      const summary = `Replayed ${calls} of ${calls} calls; ${requests} requests: ${requests} answered as recorded.\nNothing differed.\n`;
      assert.ok(err.endsWith(summary), err);
      assert.ok(!`${out}${err}`.includes(key));
      assert.deepEqual(fs.readFileSync(file), before, 'the trace file is as it was');
      assert.deepEqual(fs.readdirSync(path.dirname(file)), [path.basename(file)]);
    });
  }

  it('keeps what was served as a run of its own, elsewhere or not at all where that is asked', async () => {
    const out = path.join(newFolder(), 'kept.db');
    const { code, err } = await replay(0, questions[0], '--out', out).ended;
    assert.equal(code, 0, err);
    const reader = await openInReader(out);
    const [kept, ...others] = await reader.replays(out, clock());
    assert.deepEqual(
      [others.length, kept?.calls, kept?.ofRun, kept?.ofFile, kept?.run.cost],
      [0, 4, runs[0], file, 0],
    );
    const everywhere = path.join(data.XDG_DATA_HOME, 'agent-trace-inspector');
    const all = path.join(everywhere, 'replays.agent-traces.db');
    const size = fs.statSync(all).size;
    assert.equal((await replay(0, questions[0], '--no-record').ended).code, 0);
    assert.equal(fs.statSync(all).size, size);
    for (const one of [out, all]) assert.ok(!fs.readFileSync(one, 'latin1').includes(key));
    const nowhere = await replay(0, questions[0], '--out', file).ended;
    assert.equal(nowhere.code, 0, 'the program is answered all the same');
    assert.match(
      nowhere.err,
      /^agent-traces: .* is no file of replays.* The replay goes on, and is not kept\.$/m,
    );
  });

  it('stops where the program differs, says where, and ends as the program does', async () => {
    const { code, out, err } = await replay(0, 'How fast do glaciers melt?').ended;
    assert.equal(code, 3);
    const words =
      'This request is not as recorded. It differs from call 1 (chat claude-haiku-4-5) at messages[0].content[0].text: recorded “';
    assert.ok(out.includes(`Replay stopped. ${words}`), out);
    assert.match(err, /1 differed, first: This request is not as recorded/);
    assert.ok(!`${out}${err}`.includes(key));
  });

  it('prints JSON, one event a line, with both requests where they differ', async () => {
    const { err, code } = await replay(0, 'How fast?', '--json', '--on-difference', 'nearest')
      .ended;
    assert.equal(code, 0, err);
    const lines = err
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    assert.deepEqual(
      [...new Set(lines.map(line => line.event))],
      ['serving', 'differed', 'matched', 'ended', 'summary'],
    );
    const [differed] = lines.filter(line => line.event === 'differed');
    assert.deepEqual([differed.now, differed.call, differed.follows], ['How fast?', 1, 'nearest']);
    assert.match(differed.recordedRequest, /How fast do Alpine glaciers/);
    assert.match(differed.nowRequest, /"text": "How fast\?"/);
    assert.equal(lines.at(-1).asked, 3);
  });

  it('answers up to a span', async () => {
    const reader = await openInReader(file);
    const page = await reader.spans(file, runs[0] ?? '', { offset: 0, limit: 100 });
    const tool = page.spans.find(span => span.kind === 'tool')?.spanId ?? '';
    const { out, err, code } = await replay(0, questions[0], '--until', tool).ended;
    assert.equal(code, 3);
    assert.match(out, /The replay stops here, at call 2 /);
    assert.match(
      err,
      /Replayed 2 of 3 calls; 2 requests: 1 answered as recorded, 1 stopped\.\nNothing differed\.\n$/,
    );
  });

  it('serves until Ctrl-C, and says what is to be set', async () => {
    const serving = run([cli, 'serve-replay', file, runs[2] ?? '']);
    const [, baseURL] = await serving.until(/^ANTHROPIC_BASE_URL=(.+)\nANTHROPIC_API_KEY=replay$/m);
    const client = new Anthropic({ apiKey: key, baseURL: baseURL ?? '', maxRetries: 0 });
    const params = {
      model: 'm',
      max_tokens: 1,
      messages: [{ role: 'user' as const, content: 'x' }],
    };
    await assert.rejects(client.messages.create(params), Anthropic.UnprocessableEntityError);
    serving.child.kill('SIGINT');
    const { code, out } = await serving.ended;
    assert.equal(code, 0);
    assert.match(out, /\nReplayed 1 of 2 calls; 1 request: 0 answered as recorded, 1 stopped\./);
    await assert.rejects(client.messages.create(params), Anthropic.APIConnectionError);
    assert.ok(!out.includes(key));
  });

  it('hands a signal on to the program, and ends after it', async () => {
    const wait = 'console.log(process.pid); setInterval(() => {}, 1000);';
    const waiting = run([
      cli,
      'serve-replay',
      file,
      runs[0] ?? '',
      '--',
      process.execPath,
      '-e',
      wait,
    ]);
    const [pid] = await waiting.until(/^\d+$/m);
    waiting.child.kill('SIGTERM');
    const { code, err } = await waiting.ended;
    assert.equal(code, 143, err);
    assert.throws(() => process.kill(Number(pid), 0), /ESRCH/);
  });

  it('gives the program what it needs, and leaves what it has', async () => {
    const show = 'console.log(JSON.stringify(process.env))';
    const env = async (own: Record<string, string>) => {
      const args = [cli, 'serve-replay', file, runs[0] ?? '', '--', process.execPath, '-e', show];
      return JSON.parse((await run(args, own).ended).out) as Record<string, string>;
    };
    const plain = await env({ ANTHROPIC_BASE_URL: 'https://other.example', NO_PROXY: 'a.example' });
    assert.match(plain.ANTHROPIC_BASE_URL ?? '', /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}$/);
    assert.deepEqual([plain.ANTHROPIC_API_KEY, plain.NO_PROXY], ['replay', 'a.example,127.0.0.1']);
    assert.equal((await env({ ANTHROPIC_API_KEY: key })).ANTHROPIC_API_KEY, key);
    assert.equal((await env({ ANTHROPIC_AUTH_TOKEN: key })).ANTHROPIC_API_KEY, undefined);
  });

  for (const [title, expected, words, args, env] of [
    ['a run that is not there', 1, /has no run "none"/, ['none'], {}],
    ['a span that is not there', 1, /has no span "none"/, ['RUN', '--until', 'none'], {}],
    ['a field that is compared', 2, /other than messages/, ['RUN', '--ignore', 'messages'], {}],
    [
      'a program that is not there',
      127,
      /no-such-program could not be started/,
      ['RUN', '--', 'no-such-program'],
      {},
    ],
    ['a choice that is none', 2, /Allowed choices are stop, live/, ['RUN', '--then', 'go'], {}],
    [
      'the real API without a key',
      2,
      /set ANTHROPIC_API_KEY/,
      ['RUN', '--then', 'live', '--', 'true'],
      {},
    ],
    [
      'the real API at no address',
      2,
      /no address of an API/,
      ['RUN', '--then', 'live'],
      { ANTHROPIC_BASE_URL: `file:///${key}` },
    ],
  ] as const) {
    it(`says on a line what is wrong: ${title}`, async () => {
      const given = args.map(one => (one === 'RUN' ? (runs[0] ?? '') : one));
      const { code, err } = await run([cli, 'serve-replay', file, ...given], env).ended;
      assert.match(err, words);
      assert.equal(code, expected, err);
      assert.match(err.split('\n').at(-2) ?? '', /^agent-traces: /);
      assert.ok(!err.includes(key));
    });
  }
});
