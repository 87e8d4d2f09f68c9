import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Insight, type InsightType, insightTypes } from '../../src/core/insights/insight.ts';
import { defaultThresholds } from '../../src/core/insights/thresholds.ts';
import { readPriceOverrides } from '../../src/core/priceOverrides.ts';
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
  readAll,
  reading,
  spansDb,
  sqlDb,
} from '../unit/support/traceDb.ts';

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

  it('are of given runs and types alone, and of all of them for who asks next', async () => {
    const reader = await reading(await spansDb([...run('a', 1), ...run('b', 10), ...run('c', 20)]));
    const of = { runIds: ['c', 'gone', 'a', 'c'] };
    const ask = (types?: readonly InsightType[]) =>
      reader.insights('f', { of, types, thresholds: defaultThresholds, clock });
    const some = await ask(['orphan']);
    assert.deepEqual(said(some.insights), ['orphan c c-lost', 'orphan a a-lost']);
    assert.deepEqual([some.done, some.of, some.partial], [2, 2, true]);
    const all = said((await insightsOf(reader, of)).insights);
    assert.ok(all.includes('unpriced a a-call') && all.includes('orphan c c-lost'), String(all));
    assert.deepEqual(said((await ask(['unpriced'])).insights), [
      'unpriced c c-call',
      'unpriced a a-call',
    ]);
    assert.deepEqual((await ask([])).insights, []);
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

  it('follow a writer: a run that changed is looked at again', async () => {
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

  it('follow a writer: in a file that takes a while to read, other runs are not looked at again', async () => {
    const folder = temporaryFolder('insights');
    try {
      const file = path.join(folder.path, 'f.db');
      fs.writeFileSync(file, await spansDb([...run('still', 90_000), ...usualRuns(5100)]));
      const reader = localReader(dist);
      const open = () => reader.open('f', { kind: 'path', path: file, name: 'f.db' });
      await open();
      await readAll(reader, 'f');
      const orphans = async () =>
        (await insightsOf(reader, { newest: 20 })).insights.filter(({ type }) => type === 'orphan');
      const [before, ...none] = await orphans();
      assert.deepEqual([before?.runId, none], ['still', []]);
      const db = new DatabaseSync(file);
      db.exec(`INSERT INTO spans SELECT 'new' || span_id, 'new', parent_span_id, name,
        start_time + 9, end_time, status, input_tokens, output_tokens, cost_usd, model, metadata, error
        FROM spans WHERE run_id = 'still'`);
      db.close();
      await open();
      const [found, after] = await orphans();
      assert.deepEqual([found?.runId, after?.runId], ['new', 'still']);
      assert.equal(after, before, 'found anew, it would be another one');
      await reader.close('f');
    } finally {
      folder.remove();
    }
  });

  it('follow a writer: what is usual in a small file is so anew once its runs are others', async () => {
    const folder = temporaryFolder('insights');
    try {
      const file = path.join(folder.path, 'f.db');
      fs.writeFileSync(file, await spansDb([...usualRuns(9)]));
      const reader = localReader(dist);
      const open = () => reader.open('f', { kind: 'path', path: file, name: 'f.db' });
      const dear = async (runId: string) =>
        (await insightsOf(reader, { runId })).insights.some(({ type }) => type === 'cost-spike');
      await open();
      assert.equal(await dear('u8'), false);
      const db = new DatabaseSync(file);
      db.exec('UPDATE spans SET cost_usd = 5 WHERE cost_usd > 0');
      db.exec(`INSERT INTO spans SELECT 'second' || span_id, 'second', CASE WHEN parent_span_id <> ''
        THEN 'second' || parent_span_id END, name, start_time + 9, end_time + 9, status, input_tokens,
        output_tokens, cost_usd, model, metadata, error FROM spans WHERE run_id = 'u8'`);
      db.close();
      await open();
      assert.equal(await dear('second'), false);
      await reader.close('f');
    } finally {
      folder.remove();
    }
  });

  it('are not of runs of which more may come in what is still to be read', async () => {
    // Read from its end on, of each run the call comes long before its root, and the newest run comes last.
    const [runs, between] = [9000, 800];
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

  it('say where more was found than is told, and tell the most serious of each run first', async () => {
    /** Calls of tools, each with a failure that nobody noticed, and some over and over. */
    const failing = (id: string, start: number): Cells[] => [
      { span_id: `${id}-root`, run_id: id, start_time: start, end_time: start + 9 },
      { span_id: `${id}-lost`, run_id: id, parent_span_id: 'gone', start_time: start },
      ...Array.from({ length: 256 }, (_, i): Cells => {
        const silent = i < 52;
        const metadata = {
          tool_name: silent ? `look${i}` : 'search',
          tool_input: { q: silent ? i : Math.floor(i / 4) },
          tool_result: silent ? { is_error: true, content: `no ${i}` } : 'found',
        };
        return {
          ...{ span_id: `${id}-${i}`, run_id: id, parent_span_id: `${id}-root`, name: 'tool' },
          ...{ start_time: start + i / 100, end_time: start + i / 100 + 0.001 },
          metadata: JSON.stringify(metadata),
        };
      }),
    ];
    const one = await reading(await spansDb(failing('a', 0)));
    const page = await insightsOf(one, { runId: 'a' });
    assert.deepEqual([page.insights.length, page.partial, page.isCut], [100, true, true]);
    const ids = Array.from({ length: 55 }, (_, i) => `r${i}`);
    const many = await reading(await spansDb(ids.flatMap((id, i) => failing(id, i * 100))));
    const { insights: found, partial } = await insightsOf(many, { newest: 55 });
    assert.deepEqual([found.length, partial], [5000, true]);
    assert.deepEqual([...new Set(found.map(({ runId }) => runId))], ids.reverse());
  }).timeout(30_000);

  it('say where a run was too large to be read as a whole', async () => {
    const spans = (count: number): Cells[] => [
      { span_id: 'root', end_time: 9 },
      ...Array.from(
        { length: count },
        (_, i): Cells => ({ span_id: `${i}`, parent_span_id: 'root' }),
      ),
    ];
    for (const [count, isCut] of [
      [100, undefined],
      [21_000, true],
    ] as const) {
      const reader = await reading(await spansDb(spans(count)));
      const page = await insightsOf(reader, { runId: 'r' });
      assert.deepEqual([page.partial, page.isCut], [isCut === true, isCut]);
    }
  }).timeout(30_000);

  it('say for how long nothing was written as of now, also of a run that is over', async () => {
    const open: Cells = {
      span_id: 'open',
      parent_span_id: 'root',
      status: 'running',
      end_time: null,
    };
    const root: Cells = { span_id: 'root', status: 'running', end_time: null };
    const reader = await reading(await spansDb([root, open]));
    const quiet = async (minutes: number) => {
      const { insights: found } = await reader.insights('f', {
        ...{ of: { runId: 'r' }, thresholds: defaultThresholds },
        clock: { now: minutes * 60_000, staleAfter: 600_000 },
      });
      return found.map(({ said: { word, values } }) => `${word} ${values[0]}`);
    };
    assert.deepEqual(await quiet(11), ['insightStuck 11m 00s']);
    assert.deepEqual(await quiet(20), ['insightStuck 20m 00s']);
    assert.deepEqual(await quiet(20.5), ['insightStuck 20m 00s'], 'it is not looked for each time');
  });

  it('reckon with the prices of whoever looks', async () => {
    const call = (id: string, start: number, read: number, write: number): Cells => ({
      ...{ span_id: id, parent_span_id: 'root', name: 'llm_call', model: 'acme' },
      ...{ start_time: start, end_time: start + 1, input_tokens: 100, output_tokens: 100 },
      metadata: JSON.stringify({
        usage: {
          ...{ input_tokens: 100, output_tokens: 100 },
          ...{ cache_read_input_tokens: read, cache_creation_input_tokens: write },
        },
      }),
    });
    const bytes = await spansDb([
      { span_id: 'root', end_time: 9 },
      call('a', 0, 0, 20_000),
      call('b', 2, 0, 20_500),
    ]);
    const { prices } = readPriceOverrides({ acme: { input: 100, output: 100, cacheRead: 0 } });
    const reader = localReader(dist);
    await reader.open('f', { kind: 'bytes', bytes, name: 'f.db', prices });
    await readAll(reader, 'f');
    const { insights: found } = await insightsOf(reader, { runId: 'r' });
    const evidence = found.flatMap(one =>
      one.evidence.map(({ word, values }) => `${word} ${values}`),
    );
    assert.ok(evidence.includes('evidenceCacheLostCost $2.00'), evidence.join('\n'));
  });

  it('of runs of the sample that went well are no warnings, save of the one in which much was hidden', async () => {
    const reader = localReader(dist);
    const file = path.join(dist, 'sample.agent-traces.db');
    await reader.open('f', { kind: 'path', path: file, name: 'sample' });
    await readAll(reader, 'f');
    const { insights: found, done } = await insightsOf(reader, { newest: 200 });
    const alarmed = new Map<string, string[]>();
    for (const { severity, runId, type } of found) {
      if (severity === 'info') continue;
      const { name, status } = await reader.run('f', runId, clock);
      if (status === 'ok') alarmed.set(name, [...(alarmed.get(name) ?? []), type]);
    }
    assert.ok(done > 50);
    assert.deepEqual([...alarmed.keys()], ['research_agent']);
    const types = alarmed.get('research_agent') ?? [];
    assert.equal(new Set(types).size, types.length, 'of one run');
    await reader.close('f');
  });

  it('of a run that is not there are refused', async () => {
    const reader = await reading(await spansDb(run('a', 1)));
    await assert.rejects(insightsOf(reader, { runId: 'gone' }), { code: 'runMissing' });
    const none = await insightsOf(reader, { newest: Number.NaN });
    assert.deepEqual([none.of, none.insights.length], [0, 0]);
  });
});
