import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { spanKinds } from '../../src/core/model.ts';
import { hasFlag, spanFlags, spanIdAt } from '../../src/core/spanColumns.ts';
import { startReader } from '../../src/node/readerProcess.ts';
import type { Waterfall } from '../../src/protocol/reader.ts';
import type { RunView } from '../../src/store/runView.ts';
import { SnapshotLost } from '../../src/store/snapshotLost.ts';
import { Db, loadSqlite } from '../../src/store/sqlite.ts';
import { OpenFile } from '../../src/store/traceFile.ts';
import { waterfallOf } from '../../src/store/waterfall.ts';
import { wholeContent } from '../../src/store/wholeBytes.ts';
import { type Cells, clock, dist, reading, spansDb } from './support/traceDb.ts';

const open = async (spans: readonly Cells[], runId = 'r'): Promise<Waterfall> =>
  (await reading(await spansDb(spans))).waterfall('f', runId, clock);
const flagsOf = (columns: Waterfall, row: number): string =>
  Object.keys(spanFlags)
    .filter(flag => hasFlag(columns, row, flag as keyof typeof spanFlags))
    .join(' ');
const described = (columns: Waterfall, row: number): string =>
  [
    spanIdAt(columns, row),
    columns.names[columns.name[row]!],
    spanKinds[columns.kind[row]!],
    `${columns.start[row]}-${columns.end[row]}`,
    flagsOf(columns, row),
  ]
    .join(' ')
    .trim();

const failing: readonly Cells[] = [
  { span_id: 'run', name: 'invoice', start_time: 100, end_time: 110, status: 'error' },
  {
    span_id: 'ask',
    parent_span_id: 'run',
    name: 'llm_call',
    start_time: 100,
    end_time: 104,
    model: 'claude-haiku-4-5',
    input_tokens: 900,
    output_tokens: 100,
    cost_usd: 0.25,
  },
  {
    span_id: 'post',
    parent_span_id: 'run',
    name: 'tool_execution',
    start_time: 105,
    end_time: 110,
    status: 'error',
    metadata: '{"tool_name":"post_entry"}',
  },
  {
    span_id: 'ask2',
    parent_span_id: 'post',
    name: 'llm_call',
    start_time: 106,
    end_time: 107,
    model: 'acme-large-2',
    input_tokens: 10,
  },
];

async function viewOf(spans: readonly Cells[], check?: () => void): Promise<RunView> {
  const bytes = await spansDb(spans);
  const sqlite = await loadSqlite(fs.readFileSync(path.join(dist, 'sql-wasm.wasm')));
  const about = {
    file: 'f',
    name: 'f.db',
    bytes: bytes.length,
    staleness: undefined,
    stamp: undefined,
  };
  return new OpenFile(new Db(sqlite, wholeContent(bytes), 'f.db'), about, undefined, check).view(
    'r',
  );
}

describe('a run as columns', () => {
  it('has its spans in tree order, tools by their names, times from its start', async () => {
    const columns = await open(failing);
    assert.deepEqual(
      [0, 1, 2, 3].map(row => described(columns, row)),
      [
        'run invoice agent 0-10000 failed',
        'ask llm_call llm 0-4000',
        'post post_entry tool 5000-10000 failed',
        'ask2 llm_call llm 6000-7000 unpriced',
      ],
    );
    assert.deepEqual([...columns.names], ['invoice', 'llm_call', 'post_entry'], 'each name once');
    assert.deepEqual([...columns.depth], [0, 1, 1, 2]);
    assert.deepEqual([...columns.parent], [-1, 0, 0, 2]);
    assert.deepEqual([...columns.size], [4, 1, 2, 1]);
    assert.deepEqual([...columns.tokens.slice(1)], [1000, Number.NaN, 10]);
    assert.deepEqual([...columns.cost], [Number.NaN, 0.25, Number.NaN, Number.NaN]);
    assert.deepEqual([columns.count, columns.total, columns.run.status], [4, 4, 'error']);
  });

  it('says where it failed and why, what it waited for, and when nothing ran', async () => {
    const columns = await open(failing);
    assert.equal(columns.failing, 2);
    assert.deepEqual(columns.cause, { row: 1, rule: 'preceding' });
    assert.deepEqual([...columns.path.rows], [0, 2, 3, 1]);
    assert.equal(columns.path.ms, 9000);
    assert.deepEqual([...columns.gaps.rows], [2]);
    assert.deepEqual([columns.gaps.from[0], columns.gaps.to[0]], [4000, 5000]);
  });

  it('keeps apart what is open, interrupted, recovered, or out of its place', async () => {
    const columns = await open([
      { span_id: 'run', start_time: 0, end_time: null, status: 'running' },
      { span_id: 'a', parent_span_id: 'run', start_time: 1, end_time: 2, status: 'error' },
      { span_id: 'b', parent_span_id: 'run', start_time: 3, end_time: 4, status: 'running' },
      { span_id: 'c', parent_span_id: 'gone', start_time: 5, end_time: null, status: 'running' },
      { span_id: 'd', parent_span_id: null, start_time: 6, end_time: 7, status: 'odd' },
      { span_id: 'e', parent_span_id: 'run', start_time: null, end_time: 8 },
    ]);
    assert.deepEqual(
      [...Array(columns.count).keys()].map(
        row => `${spanIdAt(columns, row)}: ${flagsOf(columns, row)}`,
      ),
      [
        'run: running',
        'a: failed recovered',
        'b: failed recovered interrupted',
        'c: running orphan',
        'd: unknown secondRoot',
        'e: ',
      ],
    );
    assert.ok(Number.isNaN(columns.end[3]!), 'open');
    assert.ok(Number.isNaN(columns.start[5]!), 'no start');
  });

  it('is the same for a large run, whose kinds are read in one pass', async () => {
    const spans = Array.from(
      { length: 5000 },
      (_, i): Cells => ({
        span_id: `s${i}`,
        parent_span_id: i === 0 ? null : 's0',
        run_id: 'r',
        start_time: i,
        end_time: i + 1,
        name: 'step',
        metadata: i % 3 ? `{"tool_name":"tool_${i % 7}"}` : '{"kind":"retrieval"}',
      }),
    );
    // Rows of another run between those of this one.
    const others = spans.map(
      (span): Cells => ({ ...span, span_id: `o${span.span_id}`, run_id: 'o' }),
    );
    const mixed = spans.flatMap((span, i) => [span, others[i]!]);
    const columns = await open(mixed);
    assert.equal(columns.count, 5000);
    for (let row = 1; row < 5000; row++) {
      const expected = row % 3 ? `tool_${row % 7} tool` : 'step retrieval';
      assert.ok(described(columns, row).includes(` ${expected} `), described(columns, row));
    }
  });

  it('cuts names, and holds no text of any span', async () => {
    const columns = await open([
      {
        span_id: 'run',
        name: `line\none ${'x'.repeat(400)}`,
        metadata: JSON.stringify({ request: { messages: [{ role: 'user', content: 'SECRET' }] } }),
      },
    ]);
    assert.equal(columns.names[0]!.length, 120);
    assert.ok(columns.names[0]!.startsWith('line one'));
    assert.ok(!JSON.stringify(columns).includes('SECRET'));
  });

  it('is bounded, and says of how many spans', async () => {
    const columns = await waterfallOf(await viewOf(failing), clock, 2);
    assert.deepEqual([columns.count, columns.total], [2, 4]);
    assert.deepEqual([...columns.size], [2, 1]);
    assert.equal(columns.failing, undefined, 'it is not among the first two');
    assert.equal(columns.names.length, 2);
  });

  it('looks at the file after each pause, and ends where that was changed', async () => {
    const spans = Array.from({ length: 1000 }, (_, i): Cells => ({ span_id: `s${i}` }));
    let changed = false;
    const view = await viewOf(spans, () => {
      if (changed) throw new SnapshotLost();
    });
    const { now } = performance;
    try {
      let time = 0;
      performance.now = () => {
        time += 10;
        return time;
      };
      changed = true;
      await assert.rejects(view.identifyAll(), SnapshotLost);
      changed = false;
      await view.identifyAll();
      changed = true;
      await assert.rejects(waterfallOf(view, clock), SnapshotLost);
    } finally {
      performance.now = now;
    }
  });

  it('of a run that is not there is an error in words', async () => {
    await assert.rejects(open(failing, 'other'), /no longer in the file/);
  });

  it('comes from the reader process as typed arrays', async () => {
    const reader = startReader(path.join(dist, 'reader.js'), () => undefined);
    try {
      const bytes = await spansDb(failing);
      await reader.api.open('f', { kind: 'bytes', bytes, name: 'f.db' });
      const { start, flags, path: way } = await reader.api.waterfall('f', 'r', clock);
      assert.ok(start instanceof Float64Array && flags instanceof Uint16Array);
      assert.deepEqual([...way.rows], [0, 2, 3, 1]);
    } finally {
      reader.dispose();
    }
  });
});
