import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { CostKey } from '../../src/core/costBy.ts';
import { localReader } from '../../src/node/localReader.ts';
import type { CostsRequest } from '../../src/protocol/analysis.ts';
import type { ReaderApi } from '../../src/protocol/reader.ts';
import { costs } from '../../src/store/costs.ts';
import { native } from '../../src/store/native.ts';
import { nextTask, Pause } from '../../src/store/pause.ts';
import { readSchema } from '../../src/store/schema.ts';
import { Db, loadSqlite } from '../../src/store/sqlite.ts';
import { OpenFile } from '../../src/store/traceFile.ts';
import { wholeContent } from '../../src/store/wholeBytes.ts';
import { temporaryFolder } from '../tools/temporary.ts';
import { type Cells, clock, columns, dist, reading, spansDb } from './support/traceDb.ts';

const result = 'x'.repeat(400);

/** A run of a call, a tool whose result is 100 tokens, and a call of 1000 tokens that reads it. */
function run(id: string, start = 0, more: Cells = {}): Cells[] {
  const span = (part: string, from: number, cells: Cells): Cells => ({
    ...{ span_id: `${id}-${part}`, run_id: id, parent_span_id: `${id}-root` },
    ...{ start_time: start + from, end_time: start + from + 1, ...cells },
  });
  const call: Cells = { name: 'llm_call', model: 'unknown-1', input_tokens: 1000, cost_usd: 1 };
  const metadata = JSON.stringify({ tool_name: 'search', tool_result: result });
  return [
    { ...span('root', 0, { name: 'agent' }), parent_span_id: null, ...more },
    span('ask', 1, call),
    span('tool', 3, { name: 'tool', metadata }),
    span('answer', 5, call),
  ];
}

/** What is answered once all was looked at. */
async function costsOf(reader: ReaderApi, by: CostKey, more: Partial<CostsRequest> = {}) {
  const request: CostsRequest = { filter: 'all', by, zone: 0, clock, ...more };
  for (;;) {
    const page = await reader.costs('f', request);
    assert.equal(page.partial, page.done < page.of);
    if (!page.partial) return page;
  }
}

const attributed = ({ rows }: Awaited<ReturnType<typeof costsOf>>) =>
  Object.fromEntries(rows.map(row => [row.key, Number(row.attributedCostUsd.toFixed(9))]));

describe('costs of a file', () => {
  it('are by tool as the results were read, and add up to the total', async () => {
    const reader = await reading(await spansDb([...run('a'), ...run('b', 100)]));
    const page = await costsOf(reader, 'tool');
    assert.deepEqual(attributed(page), { '(model)': 3.8, search: 0.2 });
    const search = page.rows.find(row => row.key === 'search');
    assert.deepEqual(
      [search?.calls, search?.errors, search?.ownCostUsd, search?.p50Ms, search?.resultChars],
      [2, 0, 0, 1000, { p50: 400, max: 400 }],
    );
    assert.deepEqual([page.done, page.of], [2, 2]);
  });

  it('know the size of a result in whatever form it was recorded', async () => {
    const blocks = [
      { type: 'text', text: 'ab' },
      { type: 'text', text: 'c' },
    ];
    const forms: readonly (readonly [recorded: object, chars: number | undefined])[] = [
      [{ tool_result: 'four' }, 4],
      [{ tool_result: '' }, 0],
      [{ tool_result: 'four', result_length: 99 }, 4],
      [{ result_length: 99 }, 99],
      [{ tool_result: blocks }, 4],
      [{ tool_result: { content: blocks, isError: false } }, 4],
      [{ tool_result: { a: [1, 2] } }, 11],
      // As long in whatever it is wrapped.
      ...['\u{1f600} gr\u00fc\u00df', 'a\0b', '\0', 'a\\u0000b'].flatMap(
        text =>
          [
            [{ tool_result: text }, text.length],
            [{ tool_result: [{ type: 'text', text }] }, text.length],
          ] as const,
      ),
      [{ 'gen_ai.tool.call.result': 'seven..' }, 7],
      [{}, undefined],
    ];
    const spans = forms.map(
      ([recorded], i): Cells => ({
        span_id: `s${i}`,
        metadata: JSON.stringify({ kind: 'tool', tool_name: `t${i}`, ...recorded }),
      }),
    );
    const { rows } = await costsOf(await reading(await spansDb(spans)), 'tool');
    const sizes = new Map(rows.map(row => [row.key, row.resultChars?.max]));
    assert.deepEqual(
      forms.map((_, i) => sizes.get(`t${i}`)),
      forms.map(([, chars]) => chars),
    );
    const tokens = run('a').map(cells =>
      cells.span_id === 'a-tool'
        ? { ...cells, metadata: '{"tool_name":"search","tool_result":"x","result_tokens":500}' }
        : cells,
    );
    const known = await costsOf(await reading(await spansDb(tokens)), 'tool');
    assert.deepEqual(attributed(known), { '(model)': 1.5, search: 0.5 });
  });

  it('of a large file take a call for one by its columns', async () => {
    const bytes = await spansDb(run('a'));
    const sqlite = await loadSqlite(fs.readFileSync(path.join(dist, 'sql-wasm.wasm')));
    const db = new Db(sqlite, wholeContent(bytes), 'f.db');
    const rows = (size: number) => {
      const source = native.open(db, readSchema(db), size);
      return [...(source.toolResults?.({ first: 1, last: 4 }) ?? [])].map(one => one.row);
    };
    assert.deepEqual(
      [rows(1000), rows(1e9)],
      [
        [1, 2, 3, 4],
        [1, 3],
      ],
    );
    db.close();
  });

  it('by name and day let others have the thread, and are the same for two who ask at once', async () => {
    const runs = Array.from(
      { length: 1500 },
      (_, i): Cells => ({
        ...{ span_id: `s${i}`, run_id: `r${i}`, name: `run ${i % 3}`, start_time: i },
      }),
    );
    const sqlite = await loadSqlite(fs.readFileSync(path.join(dist, 'sql-wasm.wasm')));
    const db = new Db(sqlite, wholeContent(await spansDb(runs)), 'f.db');
    const about = { file: 'f', name: 'f.db', bytes: 1, stamp: undefined, staleness: undefined };
    const open = new OpenFile(db, about);
    while ((await open.index()).share !== undefined) await open.advance(1000);
    let turns = 0;
    class EachTime extends Pause {
      override async ifLong(): Promise<void> {
        turns++;
        await nextTask();
      }
    }
    open.pause = () => new EachTime();
    for (const by of ['name', 'day'] as const) {
      turns = 0;
      const request = { filter: 'all', by, zone: 'Europe/Berlin', clock } as const;
      const whole = async () => {
        for (;;) {
          const page = await costs(open, request);
          if (page.done === page.of) return page;
        }
      };
      const [one, other] = await Promise.all([whole(), whole()]);
      assert.ok(turns >= 7, `${turns}`);
      for (const page of [one, other]) {
        assert.equal(
          page.rows.reduce((sum, row) => sum + row.calls, 0),
          1500,
        );
        assert.deepEqual(
          [page.done, page.of, page.rows.length],
          [1500, 1500, by === 'name' ? 3 : 1],
        );
      }
    }
    db.close();
  });

  it('are by model, name and day of the runs that were asked for', async () => {
    const day = Date.UTC(2026, 10, 28) / 1000;
    const reader = await reading(
      await spansDb([...run('a', day + 10, { name: 'x' }), ...run('b', day + 90_000)]),
    );
    assert.deepEqual(attributed(await costsOf(reader, 'model')), { 'unknown-1': 4 });
    assert.deepEqual(attributed(await costsOf(reader, 'name')), { agent: 2, x: 2 });
    const days = { '2026-11-28': 2, '2026-11-29': 2 };
    assert.deepEqual(attributed(await costsOf(reader, 'day')), days);
    const west = await costsOf(reader, 'day', { zone: -3_600_000 });
    assert.deepEqual(attributed(west), { '2026-11-27': 2, '2026-11-29': 2 });
    const named = await costsOf(reader, 'day', { zone: 'America/New_York' });
    assert.deepEqual(attributed(named), { '2026-11-27': 2, '2026-11-28': 2 });
    assert.deepEqual(attributed(await costsOf(reader, 'tool', { name: 'x' })), {
      '(model)': 1.9,
      search: 0.1,
    });
    const found = await costsOf(reader, 'name', { text: 'tool:search name:x' });
    assert.deepEqual(attributed(found), { x: 2 });
  });

  it('are the same for two who ask at the same time', async () => {
    const spans = Array.from({ length: 400 }, (_, i) => run(`r${i}`, i * 10)).flat();
    const reader = await reading(await spansDb(spans));
    const [a, b] = await Promise.all([costsOf(reader, 'tool'), costsOf(reader, 'tool')]);
    assert.deepEqual(a, b);
    assert.deepEqual(attributed(a), { '(model)': 760, search: 40 });
  });

  it('count what is unpriced and know a file without spans', async () => {
    const unpriced = run('a').map(cells => ({ ...cells, cost_usd: 0 }));
    const reader = await reading(await spansDb(unpriced));
    const { rows } = await costsOf(reader, 'tool');
    assert.deepEqual(
      rows.map(row => [row.key, row.unpricedCalls, row.attributedCostUsd]),
      [
        ['(model)', 2, 0],
        ['search', 0, 0],
      ],
    );
    assert.deepEqual((await costsOf(await reading(await spansDb([])), 'tool')).rows, []);
  });

  it('follow a writer: runs that changed are looked at again', async () => {
    const folder = temporaryFolder('costs');
    try {
      const file = path.join(folder.path, 'f.db');
      fs.writeFileSync(file, await spansDb(run('a')));
      const reader = localReader(dist);
      const open = () => reader.open('f', { kind: 'path', path: file, name: 'f.db' });
      await open();
      assert.deepEqual(attributed(await costsOf(reader, 'tool')), { '(model)': 1.9, search: 0.1 });
      const db = new DatabaseSync(file);
      const insert = db.prepare(`INSERT INTO spans VALUES (${columns.map(() => '?').join(',')})`);
      for (const cells of run('b', 100)) insert.run(...columns.map(name => plain(cells[name])));
      db.exec("UPDATE spans SET cost_usd = 3 WHERE span_id = 'a-answer'");
      db.close();
      await open();
      assert.deepEqual(attributed(await costsOf(reader, 'tool')), { '(model)': 5.6, search: 0.4 });
      await reader.close('f');
    } finally {
      folder.remove();
    }
  });
});

const plain = (value: Cells[keyof Cells]) => value ?? null;
