import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { TraceError } from '../../src/core/errors.ts';
import type { Insight } from '../../src/core/insights/insight.ts';
import type { Insights } from '../../src/extension/insights.ts';
import type { Log } from '../../src/extension/log.ts';
import type { Platform } from '../../src/extension/platform.ts';
import { localReader } from '../../src/node/localReader.ts';
import type { ReaderApi } from '../../src/protocol/reader.ts';
import { temporaryFolder } from '../tools/temporary.ts';
import { type Cells, dist, spansDb } from './support/traceDb.ts';
import { folders, stats, Uri } from './support/vscode.ts';

const { ProblemFinder, mostProblems } = await import('../../src/extension/problemFinder.ts');
const { sourceInWorkspace } = await import('../../src/extension/findSource.ts');
const { TraceFiles } = await import('../../src/extension/traceFiles.ts');

const log = { info: () => undefined, error: () => undefined } as unknown as Log;
const folder = temporaryFolder('problems');
const exists = (file: string): void =>
  void stats.set(file, { type: 1, mtime: 1, size: 1 } as never);

/** A run that failed in a tool, which a model call had asked for. */
const failing = (run: string, at: number, error: string, file: string): readonly Cells[] => [
  {
    span_id: `${run}`,
    run_id: run,
    name: 'agent',
    start_time: at,
    end_time: at + 9,
    status: 'error',
    error,
  },
  {
    span_id: `${run}-llm`,
    run_id: run,
    parent_span_id: run,
    name: 'llm_call',
    start_time: at + 1,
    end_time: at + 2,
    model: 'm',
    metadata: JSON.stringify({ response: { content: [{ type: 'text', text: 'go' }] } }),
  },
  {
    span_id: `${run}-tool`,
    run_id: run,
    parent_span_id: run,
    name: 'save',
    start_time: at + 3,
    end_time: at + 4,
    status: 'error',
    error,
    metadata: JSON.stringify({ tool_name: 'save', source: { file, line: 7 } }),
  },
];

const insight = (runId: string, severity: Insight['severity'], value: string): Insight => ({
  type: 'loop',
  severity,
  runId,
  spanIds: [`${runId}-llm`],
  said: { word: 'insightOrphanOne', values: [value] },
  evidence: [],
});

/** The problems of a trace file with these spans. */
async function problemsOf(cells: readonly Cells[], found: readonly Insight[] = []) {
  const { find, done, trace } = await finderOf(cells, found);
  const problems = await find();
  await done();
  return { problems, trace };
}

/** What finds the problems of a trace file with these spans, and the spans that it has read for that. */
async function finderOf(
  cells: readonly Cells[],
  found: readonly Insight[] = [],
  answerOf: (spanId: string) => Uri | undefined = spanId =>
    new Uri('agent-trace', `/${spanId}/response`),
) {
  const trace = path.join(folder.path, 'a.db');
  fs.writeFileSync(trace, await spansDb(cells));
  const read: string[] = [];
  let onRead = (_: string): void => undefined;
  const local = localReader(dist);
  const reader: ReaderApi = {
    ...local,
    span: (file, spanId, clock) => {
      read.push(spanId);
      onRead(spanId);
      return local.span(file, spanId, clock);
    },
  };
  const platform = { reader, readsPaths: true } as unknown as Platform;
  const files = new TraceFiles(platform, log);
  const { id } = files.add(Uri.file(trace) as unknown as Parameters<typeof files.add>[0], true);
  const insights = {
    ofRun: (_: string, runId: string) => found.filter(one => one.runId === runId),
  } as unknown as Insights;
  const documents = {
    uriOf: async ({ spanId }: { spanId: string }) => answerOf(spanId) as never,
    spanUri: ({ spanId }: { spanId: string }) => new Uri('agent-trace', `/${spanId}/span`) as never,
  };
  const finder = new ProblemFinder(files, insights, documents, id);
  return {
    read,
    find: (cancelled = new AbortController().signal) => finder.find(cancelled),
    whenRead: (act: (spanId: string) => void) => {
      onRead = act;
    },
    done: () => files.close(id),
    trace: pathToFileURL(trace).href,
  };
}

describe('problems of a trace file', () => {
  beforeEach(() => {
    stats.clear();
    folders.splice(0, folders.length, { uri: Uri.file('/ws') });
  });
  after(() => {
    folders.splice(0);
    folder.remove();
  });

  it('stand at the line of code that was recorded, with the way to the cause', async () => {
    exists('/ws/agent/run.py');
    const { problems } = await problemsOf(failing('a', 100, 'disk full', 'agent/run.py'));
    assert.equal(problems.length, 1);
    const [problem] = problems;
    assert.equal(problem?.uri.path, '/ws/agent/run.py');
    assert.equal(problem?.line, 6, 'lines count from 0 here');
    assert.equal(problem?.message, 'save failed in agent: disk full');
    assert.deepEqual([problem?.severity, problem?.code], ['error', 'failed']);
    assert.equal(problem?.span.spanId, 'a-tool');
    assert.deepEqual(
      problem?.related.map(({ uri, says }) => [uri.path, says]),
      [['/a-llm/response', 'Asked for by llm_call']],
    );
  });

  it('stand at the trace file where the code is not in the workspace, with the way to the span', async () => {
    exists('/elsewhere/run.py');
    const { problems, trace } = await problemsOf(failing('a', 1, 'x', '/elsewhere/run.py'));
    assert.deepEqual(
      problems.map(({ uri, line }) => [uri.toString(), line]),
      [[trace, 0]],
    );
    assert.deepEqual(
      problems[0]?.related.map(({ uri, says }) => [uri.path, says]),
      [
        ['/a-tool/span', 'Span save'],
        ['/a-llm/response', 'Asked for by llm_call'],
      ],
    );
  });

  it('that read the same are one, with how many runs had it', async () => {
    const cells = ['a', 'b', 'c'].flatMap((run, at) => failing(run, 100 * at, 'same', 'run.py'));
    const { problems } = await problemsOf([...cells, ...failing('d', 900, 'other', 'run.py')]);
    assert.deepEqual(
      problems.map(({ message, span }) => [message, span.spanId]),
      [
        ['save failed in agent: other', 'd-tool'],
        ['save failed in agent: same (3 runs)', 'c-tool'],
      ],
    );
  });

  it('are insights that alarm as well, the gravest first, and no mere notes', async () => {
    const { problems } = await problemsOf(failing('a', 1, 'x', 'run.py'), [
      insight('a', 'info', 'note'),
      insight('a', 'warning', 'warned'),
    ]);
    assert.deepEqual(
      problems.map(({ code, severity }) => [code, severity]),
      [
        ['failed', 'error'],
        ['loop', 'warning'],
      ],
    );
    assert.equal(problems[1]?.message, 'Loop in agent: The parent of warned is not in the file.');
    assert.deepEqual(
      problems[1]?.related.map(({ says }) => says),
      ['Span llm_call'],
    );
  });

  it('are all there where a cause was taken out of the file meanwhile', async () => {
    const cells = [...failing('a', 100, 'one', 'run.py'), ...failing('b', 200, 'two', 'run.py')];
    const { find, whenRead, done } = await finderOf(cells, [], () => undefined);
    whenRead(spanId => {
      if (spanId === 'b-llm') throw new TraceError('spanMissing');
    });
    assert.deepEqual(
      (await find()).map(({ message, hasCause }) => [message, hasCause]),
      [
        ['save failed in agent: two', false],
        ['save failed in agent: one', true],
      ],
    );
    await done();
  });

  it('cost no further reads while their runs stay as they are, though a look was left', async () => {
    const cells = [...failing('a', 100, 'one', 'run.py'), ...failing('b', 200, 'two', 'run.py')];
    const { find, read, done } = await finderOf(cells, [], () => undefined);
    await find();
    assert.deepEqual(read, ['b-tool', 'b-llm', 'a-tool', 'a-llm']);
    const left = new AbortController();
    left.abort();
    await assert.rejects(find(left.signal), { code: 'cancelled' });
    await find();
    assert.equal(read.length, 4);
    await done();

    const other = await finderOf(cells, [], () => undefined);
    const leaving = new AbortController();
    other.whenRead(spanId => spanId === 'a-tool' && leaving.abort());
    await assert.rejects(other.find(leaving.signal), { code: 'cancelled' });
    other.whenRead(() => undefined);
    await other.find();
    const again = other.read.filter(spanId => spanId.startsWith('b'));
    assert.deepEqual(again, ['b-tool', 'b-llm'], 'what the look that was left had read is known');
    await other.done();
  });

  it('are at most so many, and none of them loses the line that a stranger wrote', async () => {
    const cells = Array.from({ length: mostProblems + 20 }, (_, at) =>
      failing(`r${at}`, at * 10, `e${at}\n\u202e${'y'.repeat(900)}`, 'run.py'),
    ).flat();
    const { problems } = await problemsOf(cells);
    assert.equal(problems.length, mostProblems);
    for (const { message } of problems) {
      assert.ok(message.length < 400);
      assert.doesNotMatch(message, /[\n\u202e]/);
    }
  });
});

describe('a recorded place in the workspace', () => {
  after(() => folders.splice(0));

  const trace = Uri.file('/ws/traces/a.db') as never;
  const found = async (file: string) =>
    (await sourceInWorkspace({ file, line: 1, function: undefined }, trace))?.path;

  beforeEach(() => {
    stats.clear();
    folders.splice(0, folders.length, { uri: Uri.file('/ws') });
    for (const file of ['/ws/src/a.ts', '/ws/traces/b.py', '/etc/passwd', '/ws2/c.ts'])
      exists(file);
    stats.set('/ws/src', { type: 2, mtime: 1, size: 0 } as never);
  });

  it('is found by its whole path, and relative to a folder or to the trace file', async () => {
    assert.equal(await found('/ws/src/a.ts'), '/ws/src/a.ts');
    assert.equal(await found('src/a.ts'), '/ws/src/a.ts');
    assert.equal(await found('./src\\a.ts'), '/ws/src/a.ts');
    assert.equal(await found('b.py'), '/ws/traces/b.py');
  });

  it('is none outside of the workspace, nor what only ends alike', async () => {
    for (const file of [
      '/etc/passwd',
      '/ws/../etc/passwd',
      '../../etc/passwd',
      'src/../../etc/passwd',
      '/ws2/c.ts',
      '/home/ci/src/a.ts',
      'a.ts',
      '\\\\server\\share\\src\\a.ts',
      '//ws/src/a.ts',
      'src',
      '',
      '/',
      '.',
    ]) {
      assert.equal(await found(file), undefined, file);
    }
  });
});
