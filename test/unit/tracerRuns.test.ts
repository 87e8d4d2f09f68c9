import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { UnpackedSpan } from '../../src/core/rowPacker.ts';
import { type GitState, gitState, stateIn } from '../../src/node/gitState.ts';
import type { Span } from '../../src/tracer/main.ts';
import { RunGit } from '../../src/tracer/runGit.ts';
import { temporaryFolder } from '../tools/temporary.ts';
import { memoryTracer } from './support/memoryTracer.ts';
import { unpackedSpan } from './support/unpackedSpan.ts';

const state: GitState = { commit: 'a'.repeat(40), dirty: false, branch: 'main' };
const row = (spanId: string, metadata: Record<string, unknown>) =>
  unpackedSpan(metadata, { spanId, runId: spanId });

describe('What git says', () => {
  it('is commit, branch and whether tracked files differ', () => {
    const head = '# branch.oid 0123456789abcdef0123456789abcdef01234567\n# branch.head main\n';
    const commit = '0123456789abcdef0123456789abcdef01234567';
    assert.deepEqual(stateIn(head), { commit, dirty: false, branch: 'main' });
    assert.equal(stateIn(`${head}1 .M N... 100644 100644 100644 a b file\n`)?.dirty, true);
    assert.equal(stateIn('# branch.oid (initial)\n# branch.head main\n'), undefined);
    assert.equal(stateIn(head.replace('main', '(detached)'))?.branch, undefined);
  });
});

describe('The commit of a run', () => {
  const folder = temporaryFolder('git');
  after(() => folder.remove());
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder.path });

  before(function () {
    try {
      git('init', '-q', '-b', 'main');
    } catch {
      this.skip();
    }
    git('config', 'user.email', 'a@b.example');
    git('config', 'user.name', 'a');
  });

  it('is read again once the last answer is old, and asked for once at a time', async () => {
    const commit = (text: string): string => {
      fs.writeFileSync(path.join(folder.path, 'a.txt'), text);
      git('add', '.');
      git('commit', '-qm', text);
      return String(git('rev-parse', 'HEAD')).trim();
    };
    const first = commit('one');
    const asked = gitState(folder.path);
    assert.equal(gitState(folder.path), asked);
    assert.equal((await asked)?.commit, first);
    const second = commit('two');
    assert.equal(gitState(folder.path), asked, 'what was asked for just now is not asked again');
    // By another name of the folder, where each answer is old at once.
    const read = () => gitState(`${folder.path}/.`, { ms: 0, times: 0 });
    assert.equal((await read())?.commit, second);
    const third = commit('three');
    assert.equal((await read())?.commit, third);
  });

  it('comes to runs that git answers too late for as they were when they ended', async () => {
    const written: UnpackedSpan[] = [];
    let answer: (state: GitState) => void = () => assert.fail();
    const asked = new Promise<GitState>(resolve => {
      answer = resolve;
    });
    const runGit = new RunGit(
      () => asked,
      again => written.push(again),
    );
    const ended = { input: { text: 'as it was' } };
    const open: Record<string, unknown> = {};
    runGit.started('a', ended);
    runGit.started('b', open);
    assert.equal(runGit.added(row('a', ended)).metadata, ended);
    ended.input.text = 'changed later';
    answer(state);
    await runGit.settled();
    assert.deepEqual(written, [row('a', { input: { text: 'as it was' }, git: state })]);
    assert.deepEqual(open, { git: state }, 'also while it is open');
    const next: Record<string, unknown> = {};
    runGit.started('c', next);
    assert.deepEqual(next, { git: state });
    assert.equal(runGit.added(row('c', next)).metadata, next);
  });

  it('is asked for again when a run starts, and a run has that of its own start', async () => {
    const answers = [Promise.resolve(state)];
    const written: UnpackedSpan[] = [];
    const runGit = new RunGit(
      () => answers.at(-1)!,
      again => written.push(again),
    );
    await answers[0];
    const before: Record<string, unknown> = {};
    runGit.started('before', before);
    const newer = { ...state, commit: 'b'.repeat(40) };
    answers.push(Promise.resolve(newer));
    const after: Record<string, unknown> = {};
    runGit.started('after', after);
    assert.equal(after.git, undefined);
    runGit.added(row('after', after));
    await runGit.settled();
    assert.deepEqual([before.git, written[0]?.metadata.git], [state, newer]);
    assert.equal(runGit.added(row('before', before)).metadata.git, before.git);
  });

  it('leaves what a run gave as it was when it ended, with git on', async () => {
    const { tracer, rows } = memoryTracer({ git: true });
    const output = { answer: 'first' };
    tracer.run('run', { q: output }, () => output);
    output.answer = 'changed later';
    await tracer.flush();
    const { fields } = (await rows()).get('run')!;
    assert.deepEqual(
      [fields.input, fields.output],
      [{ q: { answer: 'first' } }, { answer: 'first' }],
    );
  });
});

describe('A root', () => {
  it('that is no run says who and what ran all the same, and which kind it is', async () => {
    const { tracer, rows } = memoryTracer({ user: 'u1', sessionId: 's1', tags: { a: 'b' } });
    tracer.span('span', { metadata: { session_id: 'own' } }, () =>
      tracer.span('inner', {}, () => 1),
    );
    tracer.tracedTool('tool', () => 1)();
    tracer.startSpan('handle').end();
    const found = await rows();
    for (const name of ['span', 'tool', 'handle']) {
      const { user_id, session_id, tags, versions } = found.get(name)!.fields;
      assert.deepEqual(
        [user_id, session_id, tags, versions.node],
        ['u1', name === 'span' ? 'own' : 's1', { a: 'b' }, process.versions.node],
        name,
      );
    }
    assert.equal(found.get('inner')?.fields.user_id, undefined);
  });

  it('has the kind that the option says, then that of its metadata, a run as a span', async () => {
    const { tracer, rows } = memoryTracer();
    const metadata = { kind: 'chain' };
    tracer.run('run', 1, () => 1, { kind: 'tool', metadata });
    tracer.span('span', { kind: 'tool', metadata }, () => 1);
    tracer.run('run of metadata', 1, () => 1, { metadata });
    tracer.span('span of metadata', { metadata }, () => 1);
    const found = await rows();
    assert.deepEqual(
      [...found.values()].map(({ fields }) => fields.kind),
      ['tool', 'tool', 'chain', 'chain'],
    );
  });

  it('that ends before its spans is written again with all of them once the last has ended', async () => {
    const { tracer, rows } = memoryTracer();
    const input = { question: 'why' };
    const open = (run: Span) => [run.startSpan('one'), run.startSpan('two')] as const;
    const [one, two] = tracer.run('run', input, open, { keepOutput: false });
    input.question = 'changed later';
    const end = (await rows()).get('run')!.endTime;
    one.recordLlmCall('claude-haiku-4-5', { input_tokens: 1000, output_tokens: 10 });
    one.end();
    assert.equal((await rows()).get('run')?.fields.totals.spans, 1);
    two.fail('broken');
    const run = (await rows()).get('run')!;
    const { spans, llm_calls, failed_spans, input_tokens } = run.fields.totals;
    assert.deepEqual([spans, llm_calls, failed_spans, input_tokens], [3, 1, 1, 1000]);
    assert.deepEqual([run.endTime, run.fields.input], [end, { question: 'why' }]);
    using late = two.startSpan('later still');
    late.recordLlmCall('claude-haiku-4-5', { input_tokens: 1 });
    late.end();
    assert.equal((await rows()).get('run')?.fields.totals.llm_calls, 2);
  });
});

describe('A handle that is current', () => {
  it('and has ended is no parent any more, in whatever order handles end', async () => {
    const { tracer } = memoryTracer();
    const a = tracer.startSpan('a', { current: true });
    const b = tracer.startSpan('b', { current: true });
    a.end();
    assert.equal(tracer.current, b);
    b.end();
    assert.equal(tracer.current, undefined);
  });

  it('and ends in another place is no parent where it was opened', async () => {
    const { tracer, rows } = memoryTracer();
    const run = tracer.startRun('first', 1, { current: true });
    await new Promise<void>(resolve =>
      setTimeout(() => {
        run.end();
        resolve();
      }, 1),
    );
    tracer.startRun('second').end();
    assert.equal((await rows()).get('second')?.parentSpanId, undefined);
  });
});

describe('What a function gives', () => {
  class Call extends Promise<string> {
    withResponse(): string {
      return 'response';
    }
  }

  it('is given back itself where it is more than a promise, and has ended its span before it goes on', async () => {
    const { tracer, rows } = memoryTracer();
    const call = Call.resolve('answer') as Call;
    let open: Span | undefined;
    const given = tracer.span('call', {}, span => {
      open = span;
      return call;
    });
    assert.equal(given, call);
    assert.equal(given.withResponse(), 'response');
    assert.equal(open?.status, 'running');
    await given.then(() => assert.equal(open?.status, 'ok'));
    const error = new Error('broken');
    const failing = tracer.run('failing', 1, () => Call.reject(error) as Call);
    await assert.rejects(failing, (got: unknown) => got === error);
    assert.equal((await rows()).get('failing')?.error, 'broken');
    assert.equal(await tracer.run('kept', 1, () => Call.resolve('answer')), 'answer');
    assert.equal((await rows()).get('kept')?.fields.output, 'answer');
  });

  it('is asked no more often than the agent asks: a query is sent with each `then`', async () => {
    const { tracer, rows } = memoryTracer();
    let sent = 0;
    class Query {
      limit(): this {
        return this;
      }
      // biome-ignore lint/suspicious/noThenProperty: as query builders have it
      then(ok?: (rows: number[]) => unknown, no?: (error: unknown) => unknown): Promise<unknown> {
        sent++;
        return Promise.resolve([sent]).then(ok, no);
      }
      catch(no: (error: unknown) => unknown): Promise<unknown> {
        return this.then(undefined, no);
      }
      finally(fn: () => void): Promise<unknown> {
        return Promise.resolve(this).finally(fn);
      }
    }
    const query = new Query();
    const tool = tracer.tracedTool('query', () => query);
    assert.equal(tool().limit(), query);
    assert.equal(sent, 0);
    assert.deepEqual([await query, sent], [[1], 1]);
    const { status, fields } = (await rows()).get('query')!;
    assert.deepEqual([status, fields.tool_result], ['ok', [1]]);
    let seen = 0;
    await tracer.span('finally', {}, () => new Query()).finally(() => seen++);
    await tracer.span('catch', {}, () => new Query()).catch(() => seen++);
    assert.deepEqual([seen, sent], [1, 3]);
    const found = await rows();
    assert.deepEqual([found.get('finally')?.status, found.get('catch')?.status], ['ok', 'ok']);
    const frozen = Object.freeze(new Query());
    assert.deepEqual(await tracer.span('frozen', {}, () => frozen), [4]);
    assert.equal((await rows()).get('frozen')?.status, 'ok');
  });

  it('may refuse to be looked at', () => {
    const { tracer } = memoryTracer();
    const odd = {
      // biome-ignore lint/suspicious/noThenProperty: it is the oddest of all
      get then() {
        throw new Error('then');
      },
      get [Symbol.toStringTag]() {
        throw new Error('tag');
      },
    };
    assert.equal(
      tracer.run('odd', 1, () => odd),
      odd,
    );
  });

  it('says the place of the call of a tool in the agent, not in the tracer', async () => {
    const { tracer, rows } = memoryTracer();
    tracer.tracedTool('tool', () => 1)();
    assert.match((await rows()).get('tool')?.fields.source.file, /tracerRuns\.test\.ts$/);
  });
});
