import assert from 'node:assert/strict';
import { ReplayError } from '../../src/core/replay/replayError.ts';
import type { RunScript } from '../../src/core/replay/script.ts';
import { readRunScript } from '../../src/node/readScript.ts';
import { answer, asked } from './support/replay.ts';
import {
  type Cells,
  clock,
  columns,
  createSpans,
  reading,
  spansDb,
  sqlDb,
} from './support/traceDb.ts';

const root: Cells = { span_id: 'root', name: 'agent' };
const chat = (span_id: string, start_time: number, metadata: unknown, more: Cells = {}): Cells => ({
  span_id,
  parent_span_id: 'root',
  name: 'chat',
  start_time,
  end_time: start_time + 1,
  model: 'claude-haiku-4-5',
  metadata: JSON.stringify(metadata),
  ...more,
});
const recorded = (text: string) => ({ request: asked(text), response: answer(text) });

async function scriptOf(spans: Iterable<Cells>): Promise<RunScript> {
  return readRunScript(
    await reading(await spansDb(spans)),
    'f',
    { runId: 'r', name: 'agent' },
    clock,
  );
}
const ids = ({ exchanges }: RunScript) => exchanges.map(one => one.spanId);

describe('The script of a run', () => {
  it('holds its calls in the order in which they began, wherever they are', async () => {
    const script = await scriptOf([
      root,
      chat('late', 9, recorded('late')),
      { span_id: 'sub', parent_span_id: 'root', name: 'agent', start_time: 1 },
      chat('inner', 2, recorded('inner'), { parent_span_id: 'sub' }),
      chat('early', 1, recorded('early')),
      { ...chat('other', 3, recorded('other')), run_id: 'other' },
      { span_id: 'tool', parent_span_id: 'root', metadata: '{"tool_name":"search"}' },
    ]);
    assert.deepEqual(ids(script), ['early', 'inner', 'late']);
    const [first] = script.exchanges;
    assert.deepEqual(
      [first?.request, first?.outcome, first?.start, first?.duration],
      [
        asked('early'),
        { kind: 'message', message: answer('early'), requestId: undefined },
        1000,
        1000,
      ],
    );
  });

  it('holds a call once that two libraries recorded', async () => {
    const script = await scriptOf([
      root,
      chat('outer', 1, {}),
      chat('inner', 1.1, recorded('a'), { parent_span_id: 'outer' }),
      chat('alone', 2, {}),
    ]);
    assert.deepEqual(ids(script), ['inner', 'alone']);
  });

  it('holds what failed with its whole words, and the attempts before', async () => {
    const error = `400 invalid_request_error: ${'long '.repeat(500)}`;
    const cells = { ...root, run_id: 'r', start_time: 0, end_time: 9, status: 'ok' } as Cells;
    const failed = chat('c', 1, { request: asked('a'), retries: 1, http_status: 400 }, { error });
    const rows = [cells, { ...failed, run_id: 'r', status: 'error' } as Cells].map(row =>
      columns.map(name => sql(row[name] ?? null)).join(','),
    );
    const event = `'{"status":529,"error":"529 overloaded_error: Busy","retry_after_ms":2000}'`;
    const bytes = await sqlDb(`${createSpans};
      CREATE TABLE events (event_id INTEGER PRIMARY KEY, span_id TEXT, run_id TEXT, time REAL, name TEXT, attributes TEXT);
      INSERT INTO spans VALUES (${rows.join('),(')});
      INSERT INTO events VALUES (1, 'c', 'r', 1.5, 'retry', ${event}), (2, 'c', 'r', 1.6, 'note', '{}')`);
    const run = { runId: 'r', name: 'agent' };
    const [only] = (await readRunScript(await reading(bytes), 'f', run, clock)).exchanges;
    assert.ok(only?.outcome.kind === 'status');
    assert.equal(only.outcome.message, 'long '.repeat(500));
    assert.deepEqual(
      only.retried.map(one => one.kind === 'status' && [one.status, one.message, one.retryAfterMs]),
      [[529, 'Busy', 2000]],
    );
    assert.equal(only.duration, 500, 'of the last attempt');
  });

  it('holds an answer of several megabytes', async () => {
    const text = 'x'.repeat(9_000_000);
    const response = { ...answer('a'), content: [{ type: 'text', text }] };
    const [only] = (await scriptOf([root, chat('c', 1, { request: asked('a'), response })]))
      .exchanges;
    assert.ok(only?.outcome.kind === 'message');
    assert.deepEqual(only.outcome.message, response);
  });

  for (const [title, code, words, ...spans] of [
    ['has no calls', 'replayNoRun', /agent has no model calls/, root],
    [
      'has no answers',
      'replayNoAnswers',
      /None of the 2 model calls of agent has a recorded answer\. Record/,
      root,
      chat('a', 1, {}),
      chat('b', 2, { request: asked('b') }),
    ],
  ] as const) {
    it(`is refused in words where the run ${title}`, async () => {
      await assert.rejects(scriptOf(spans), (error: unknown) => {
        assert.ok(error instanceof ReplayError);
        assert.equal(error.code, code);
        assert.match(error.message, words);
        return true;
      });
    });
  }
});

const sql = (value: Cells[keyof Cells]): string =>
  typeof value === 'string'
    ? `'${value.replaceAll("'", "''")}'`
    : value === null
      ? 'NULL'
      : String(value);
