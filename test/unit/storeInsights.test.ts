import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Insight, insightTypes } from '../../src/core/insights/insight.ts';
import { defaultThresholds } from '../../src/core/insights/thresholds.ts';
import { localReader } from '../../src/node/localReader.ts';
import type { InsightsRequest } from '../../src/protocol/analysis.ts';
import type { ReaderApi } from '../../src/protocol/reader.ts';
import { insights } from '../../src/store/insights.ts';
import { native } from '../../src/store/native.ts';
import { readSchema } from '../../src/store/schema.ts';
import { Db, loadSqlite } from '../../src/store/sqlite.ts';
import { OpenFile } from '../../src/store/traceFile.ts';
import { wholeContent } from '../../src/store/wholeBytes.ts';
import { temporaryFolder } from '../tools/temporary.ts';
import {
  type Cells,
  clock,
  createSpans,
  dist,
  reading,
  spansDb,
  sqlDb,
} from './support/traceDb.ts';

async function insightsOf(reader: ReaderApi, of: InsightsRequest['of']) {
  for (;;) {
    const page = await reader.insights('f', { of, thresholds: defaultThresholds, clock });
    if (page.done >= page.of) return page;
  }
}

const said = (insights: readonly Insight[]) =>
  insights.map(({ type, runId, spanIds }) => [type, runId, ...spanIds].join(' '));

const run = (id: string, start: number): Cells[] => [
  { span_id: `${id}-root`, run_id: id, start_time: start },
  { span_id: `${id}-lost`, run_id: id, parent_span_id: 'gone', start_time: start },
  {
    ...{ span_id: `${id}-call`, run_id: id, parent_span_id: `${id}-root`, name: 'llm_call' },
    ...{ start_time: start + 1, end_time: start + 2, input_tokens: 5, model: 'unheard-of' },
  },
];

/** A run whose call was paid so much for. */
const paid = (id: string, start: number, cost: number): Cells[] => [
  { span_id: `${id}-root`, run_id: id, name: 'agent', start_time: start, end_time: start + 3 },
  {
    ...{ span_id: `${id}-call`, run_id: id, parent_span_id: `${id}-root`, name: 'llm_call' },
    ...{ start_time: start + 1, end_time: start + 2, input_tokens: 500, model: 'claude-haiku-4-5' },
    cost_usd: cost,
  },
];

const usualRuns = (count: number): Cells[] =>
  Array.from({ length: count }, (_, i) => paid(`u${i}`, i * 10, 0.01 + (i % 3) / 1000)).flat();

describe('insights of a file', () => {
  it('are of the newest runs, newest first, or of one run', async () => {
    const reader = await reading(await spansDb([...run('a', 1), ...run('b', 10), ...run('c', 20)]));
    const newest = await insightsOf(reader, { newest: 2 });
    const kinds = (insights: readonly Insight[]) =>
      said(insights.filter(({ type }) => type === 'orphan' || type === 'unpriced'));
    assert.deepEqual(kinds(newest.insights), [
      'orphan c c-lost',
      'unpriced c c-call',
      'orphan b b-lost',
      'unpriced b b-call',
    ]);
    assert.deepEqual([newest.done, newest.of, newest.partial], [2, 2, true]);
    const one = await insightsOf(reader, { runId: 'a' });
    assert.deepEqual(kinds(one.insights), ['orphan a a-lost', 'unpriced a a-call']);
    assert.equal(one.partial, false);
    const all = await insightsOf(reader, { newest: 200 });
    assert.deepEqual([all.of, all.partial], [3, false]);
    assert.ok(all.insights.every(({ type }) => insightTypes.includes(type)));
  });

  it('compare a run with the others of the file', async () => {
    const reader = await reading(await spansDb([...usualRuns(12), ...paid('spike', 1000, 5)]));
    const { insights: found } = await insightsOf(reader, { newest: 3 });
    assert.deepEqual(said(found.filter(({ type }) => type === 'cost-spike')), [
      'cost-spike spike spike-call spike-root',
    ]);
    // Asked for alone, it is compared with the same.
    const fresh = await reading(await spansDb([...usualRuns(12), ...paid('spike', 1000, 5)]));
    const one = await insightsOf(fresh, { runId: 'spike' });
    assert.deepEqual(
      one.insights,
      found.filter(({ runId }) => runId === 'spike'),
    );
  });

  it('read what spans recorded, events too', async () => {
    const calls = Array.from(
      { length: 5 },
      (_, i): Cells => ({
        ...{ span_id: `t${i}`, parent_span_id: 'root', name: 'tool_execution' },
        ...{ start_time: i + 1, end_time: i + 1.5 },
        metadata: JSON.stringify({ tool_name: 'search', tool_input: { q: 'x' }, tool_result: [] }),
      }),
    );
    const reader = await reading(await spansDb([{ span_id: 'root', end_time: 9 }, ...calls]));
    const { insights: found } = await insightsOf(reader, { newest: 1 });
    assert.ok(found.some(({ type, spanIds }) => type === 'loop' && spanIds.includes('t0')));
  });

  it('leave the events of a large table without an index alone: each span would look through all', async () => {
    const found = async (events: number, index: string) => {
      const sqlite = await loadSqlite(fs.readFileSync(path.join(dist, 'sql-wasm.wasm')));
      const bytes =
        await sqlDb(`${createSpans}; CREATE TABLE events (span_id TEXT, time REAL, name TEXT);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${events})
        INSERT INTO events SELECT 's' || i, i, 'e' FROM n; ${index}`);
      const db = new Db(sqlite, wholeContent(bytes), 'f.db');
      const { seeksEvents } = native.open(db, readSchema(db), 1000);
      db.close();
      return seeksEvents;
    };
    assert.equal(await found(1000, ''), false);
    assert.equal(await found(100, ''), true);
    assert.equal(await found(1000, 'CREATE INDEX i ON events (span_id, time)'), true);
    assert.equal(await found(1000, 'CREATE INDEX i ON events (time, span_id)'), false);
  });

  it('follow a writer: a run that changed is looked at again, the others are not', async () => {
    const folder = temporaryFolder('insights');
    try {
      const file = path.join(folder.path, 'f.db');
      fs.writeFileSync(file, await spansDb([...usualRuns(12), ...run('lost', 2000)]));
      const reader = localReader(dist);
      const open = () => reader.open('f', { kind: 'path', path: file, name: 'f.db' });
      await open();
      const orphans = async () =>
        said((await insightsOf(reader, { newest: 50 })).insights).filter(one => /orphan/.test(one));
      assert.deepEqual(await orphans(), ['orphan lost lost-lost']);
      const db = new DatabaseSync(file);
      db.exec("UPDATE spans SET parent_span_id = 'gone' WHERE span_id = 'u3-call'");
      db.exec("UPDATE spans SET parent_span_id = 'lost-root' WHERE span_id = 'lost-lost'");
      db.close();
      await open();
      assert.deepEqual(await orphans(), ['orphan u3 u3-call']);
      await reader.close('f');
    } finally {
      folder.remove();
    }
  });

  it('are not of runs of which more may come in what is still to be read', async () => {
    // Read from its end on, of each run the call comes long before its root, and the newest run comes last.
    const [runs, between] = [20_000, 800];
    const spans = Array.from({ length: runs + between }, (_, i): Cells[] => [
      ...(i < runs ? run(`r${i}`, 1e6 - i).slice(0, 1) : []),
      ...(i >= between ? run(`r${i - between}`, 1e6 - i).slice(2) : []),
    ]).flat();
    const sqlite = await loadSqlite(fs.readFileSync(path.join(dist, 'sql-wasm.wasm')));
    const db = new Db(sqlite, wholeContent(await spansDb(spans)), 'f.db');
    const about = { file: 'f', name: 'f.db', bytes: 1, stamp: undefined, staleness: undefined };
    const open = new OpenFile(db, about);
    const request = { of: { newest: 5 }, thresholds: defaultThresholds, clock };
    for (let [done, of] = [0, 1]; done < of; ) {
      ({ done, of } = await insights(open, request));
      const { share } = await open.index();
      assert.ok(share === undefined || done < of, `${done} of ${of}, ${share} read`);
    }
    db.close();
  });

  it('are found once each by two who ask at the same time, in a file that is read on', async () => {
    const reader = localReader(dist);
    const bytes = await spansDb([...usualRuns(300), ...run('lost', 2000)]);
    await reader.open('f', { kind: 'bytes', bytes, name: 'f.db' });
    const [a, b] = await Promise.all([
      insightsOf(reader, { newest: 200 }),
      insightsOf(reader, { newest: 200 }),
    ]);
    assert.deepEqual(a, b);
    assert.deepEqual([a.done, a.of, a.partial], [200, 200, true]);
  });

  it('of a run that is not there are refused', async () => {
    const reader = await reading(await spansDb(run('a', 1)));
    await assert.rejects(insightsOf(reader, { runId: 'gone' }), { code: 'runMissing' });
    const none = await insightsOf(reader, { newest: Number.NaN });
    assert.deepEqual([none.of, none.insights.length], [0, 0]);
  });
});
