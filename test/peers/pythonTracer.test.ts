import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {
  askOracle,
  type Oracle,
  runScenario,
  stopScenario,
  tempFolder,
  tracers,
  type UpdateSpan,
} from './python.ts';
import { clock, openInReader, type View, views } from './views.ts';

const now = 0;
const hourAgo = 3600;

interface Expected {
  readonly status: string;
  readonly judged: boolean;
  /** Unpriced as soon as one call is. */
  readonly unpriced?: boolean;
  /** Names of the failing span and of its cause, and how the cause was found. */
  readonly fails?: readonly [span: string, cause: string, rule: string];
}

/** The one run of a file, as a view shows it, against what was done and what SQLite itself finds. */
async function expectRun(view: View, db: string, expected: Expected): Promise<void> {
  const oracle = askOracle(db);
  const truth = oracle.runs[0]!;
  const [run, ...others] = await view.runs(db);
  assert.ok(run);
  assert.deepEqual(others, []);
  assert.deepEqual([run.status, run.judged], [expected.status, expected.judged]);
  assert.equal(run.runId, truth.runId);
  assert.equal(run.spans, truth.spans);
  assert.ok(Math.abs(run.startTime - truth.startTime) < 0.01, 'milliseconds, fractions kept');
  assert.deepEqual([run.inputTokens, run.outputTokens], [truth.inputTokens, truth.outputTokens]);
  assertCost(run.pricedCostUsd, truth.costUsd);
  if (expected.unpriced) assert.equal(run.costUsd, null, 'never 0 for an unknown price');
  else assertCost(run.costUsd, truth.costUsd);
  await expectTree(view, db, oracle);

  const failures = await view.failures(db);
  if (!expected.fails) {
    assert.deepEqual(failures, []);
    return;
  }
  const [failing, causing, rule] = expected.fails;
  const nameOf = (id: string | null): string | undefined =>
    oracle.spans.find(span => span.spanId === id)?.name;
  const [failure] = failures;
  assert.equal(failures.length, 1);
  assert.ok(failure);
  assert.equal(nameOf(failure.failingSpanId), failing);
  assert.equal(nameOf(failure.causeSpanId), causing);
  assert.equal(failure.causeRule, rule);
  const { causeSpanId, causeRule } = failure;
  assert.deepEqual(await view.cause(db, failure.failingSpanId), { causeSpanId, causeRule });
}

function assertCost(actual: number | null, expected: number): void {
  assert.ok(actual !== null && Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);
}

/** Every recorded span is in the tree of its run, below the parent that it recorded. */
async function expectTree(view: View, db: string, oracle: Oracle): Promise<void> {
  const shape = (
    spans: readonly {
      spanId: string;
      parentSpanId: string | null;
      name: string;
      error: string | null;
    }[],
  ) => spans.map(it => [it.spanId, it.parentSpanId, it.name, it.error]).sort();
  for (const { runId } of oracle.runs) {
    const recorded = oracle.spans.filter(span => span.runId === runId);
    const shown = await view.spans(db, runId);
    assert.deepEqual(shape(shown), shape(recorded));
    assert.equal(shown[0]?.parentSpanId, null, 'the root comes first');
  }
}

for (const tracer of tracers) {
  const why = tracer.missing ? ` (${tracer.missing})` : '';
  describe(`A trace file written by ${tracer.title}${why}`, () => {
    let folder = '';
    before(function () {
      if (tracer.missing) this.skip();
      folder = tempFolder();
    });
    after(() => {
      if (folder) fs.rmSync(folder, { recursive: true, force: true });
    });

    const newFile = (): string =>
      path.join(fs.mkdtempSync(path.join(folder, 'run-')), 'agent_traces.db');
    const write = (scenario: string, updateSpan: UpdateSpan, secondsAgo: number): string => {
      const db = newFile();
      runScenario(tracer, db, scenario, updateSpan, secondsAgo);
      return db;
    };
    const stop = async (
      signal: 'SIGKILL' | 'SIGINT',
      updateSpan: UpdateSpan,
      secondsAgo: number,
    ): Promise<string> => {
      const db = newFile();
      await stopScenario(tracer, db, signal, updateSpan, secondsAgo);
      return db;
    };

    it('has one table of 13 columns', () => {
      const { columns, tables } = askOracle(write('ok', 'pass', now));
      assert.deepEqual(tables, ['spans']);
      assert.equal(columns.length, 13);
    });

    for (const view of views) {
      describe(`read by ${view.title}`, () => {
        it('ok, root never ended: running while it is fresh, then judged ok', async () => {
          await expectRun(view, write('ok', 'pass', now), { status: 'running', judged: true });
          await expectRun(view, write('ok', 'pass', hourAgo), { status: 'ok', judged: true });
        });

        it('ok, root ended: ok at once, by its own word', async () => {
          await expectRun(view, write('ok', 'filled', now), { status: 'ok', judged: false });
        });

        it('failed: the tool, and the call before it as its cause', async () => {
          const fails = ['tool_execution', 'llm_continuation', 'preceding'] as const;
          const open = write('failed', 'pass', now);
          await expectRun(view, open, { status: 'error', judged: true, fails });
          const ended = write('failed', 'filled', now);
          await expectRun(view, ended, { status: 'error', judged: false, fails });
        });

        it('a failure that a later attempt made good is none', async () => {
          const open = write('recovered', 'pass', hourAgo);
          await expectRun(view, open, { status: 'ok', judged: true });
          const ended = write('recovered', 'filled', now);
          await expectRun(view, ended, { status: 'ok', judged: false });
        });

        it('killed in the middle: running, then stale; nothing says that it failed', async () => {
          const fresh = await stop('SIGKILL', 'filled', now);
          await expectRun(view, fresh, { status: 'running', judged: true });
          const old = await stop('SIGKILL', 'pass', hourAgo);
          await expectRun(view, old, { status: 'stale', judged: true });
        });

        it('Ctrl-C: a span with an end that says running was interrupted', async function () {
          if (process.platform === 'win32') this.skip();
          const db = await stop('SIGINT', 'filled', now);
          const span = askOracle(db).spans.find(it => it.name === 'tool_execution')!;
          assert.deepEqual([span.status, span.durationMs === null], ['running', false]);
          const fails = ['tool_execution', 'llm_initial_call', 'preceding'] as const;
          await expectRun(view, db, { status: 'error', judged: true, fails });
        });

        it('a model of unknown price is unpriced, and so is its run', async () => {
          const expected = { status: 'ok', judged: false, unpriced: true };
          const db = write('unknown-model', 'filled', now);
          await expectRun(view, db, expected);
          const spans = await view.spans(db, askOracle(db).runs[0]!.runId);
          const calls = spans.filter(span => span.kind === 'llm');
          assert.deepEqual(
            calls.map(call => call.costUsd),
            [null],
          );
          const mixed = write('partly-unknown', 'filled', now);
          await expectRun(view, mixed, expected);
          const [run] = await view.runs(mixed);
          assert.ok(run!.pricedCostUsd > 0, 'what the other call cost is said beside it');
        });

        it('a run without calls costs 0, which is not unpriced', async () => {
          const db = write('no-calls', 'filled', now);
          await expectRun(view, db, { status: 'ok', judged: false });
        });

        it('nested: the deepest failed span, and the call of its own agent', async () => {
          const fails = ['search_fx_rates', 'llm_of_sub_agent', 'preceding'] as const;
          const db = write('nested', 'pass', hourAgo);
          await expectRun(view, db, { status: 'error', judged: true, fails });
        });

        it('in parallel: the call of its own branch, not the later one of the other', async () => {
          const fails = ['write_a', 'llm_of_a', 'preceding'] as const;
          const db = write('parallel', 'pass', hourAgo);
          await expectRun(view, db, { status: 'error', judged: true, fails });
        });

        it('several runs: newest first, each with its own sums', async () => {
          const db = write('many', 'filled', now);
          const oracle = askOracle(db);
          const runs = await view.runs(db);
          assert.deepEqual(
            runs.map(run => run.name),
            ['third_run', 'second_run', 'research_agent'],
          );
          for (const [at, run] of runs.entries()) {
            const truth = oracle.runs[at]!;
            assert.deepEqual([run.runId, run.spans], [truth.runId, truth.spans]);
            assertCost(run.costUsd, truth.costUsd);
          }
          await expectTree(view, db, oracle);
        });
      });
    }

    it('shows an interrupted span as interrupted', async function () {
      if (process.platform === 'win32') this.skip();
      const db = await stop('SIGINT', 'pass', now);
      const { spanId } = askOracle(db).spans.find(it => it.name === 'tool_execution')!;
      const { span } = await (await openInReader(db)).span(db, spanId, clock());
      assert.deepEqual([span.status, span.interrupted], ['error', true]);
    });

    it('without recorded prompts shows only the question that the article records', async () => {
      const db = write('ok', 'filled', now);
      const { spans } = askOracle(db);
      const reader = await openInReader(db);
      const detailOf = (name: string) =>
        reader.span(db, spans.find(span => span.name === name)!.spanId, clock());
      const first = await detailOf('llm_initial_call');
      assert.match(JSON.stringify(first.prompt), /Where is order 71834\?/);
      assert.equal(first.response, undefined);
      const next = await detailOf('llm_continuation');
      assert.deepEqual([next.prompt, next.response], [undefined, undefined]);
      const { tool } = await detailOf('tool_execution');
      assert.match(tool.input?.text ?? '', /71834/);
      assert.equal(tool.result, undefined);
    });
  });
}
