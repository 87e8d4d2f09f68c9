import assert from 'node:assert/strict';
import { randomFillSync } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { TraceError } from '../../src/core/errors.ts';
import { deepestRow } from '../../src/core/tree.ts';
import { localReader } from '../../src/node/localReader.ts';
import type { SearchCursor } from '../../src/protocol/search.ts';
import { withRowids } from '../../src/store/rowNumbers.ts';
import { readSchema, type Table } from '../../src/store/schema.ts';
import { Db, loadSqlite } from '../../src/store/sqlite.ts';
import { all, clock, createSpans, dist, reading, spansDb, sqlDb } from './support/traceDb.ts';

const dbOf = async (bytes: Uint8Array): Promise<Db> =>
  new Db(await loadSqlite(fs.readFileSync(path.join(dist, 'sql-wasm.wasm'))), bytes, 'f.db');

const text = (words: string): Uint8Array => new TextEncoder().encode(words);

/** Opens bytes as a file that lies on the disk; `beside` are files next to it. */
async function codeOf(bytes: Uint8Array, beside: Record<string, Uint8Array> = {}): Promise<string> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'agent-traces-bad-'));
  try {
    const file = path.join(folder, 'bad.db');
    fs.writeFileSync(file, bytes);
    for (const [suffix, content] of Object.entries(beside))
      fs.writeFileSync(file + suffix, content);
    const reader = localReader(dist);
    await reader.open('f', { kind: 'path', path: file, name: 'bad.db' });
    await reader.totals('f', clock);
    return 'read';
  } catch (error) {
    assert.ok(error instanceof TraceError, `a failure in words, not ${error}`);
    assert.match(error.message, /bad\.db/, 'the words name the file');
    return error.code;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

describe('a file that cannot be read says why', () => {
  it('zero bytes', async () => {
    assert.equal(await codeOf(new Uint8Array()), 'fileEmpty');
  });

  it('zero bytes while a writer has all data in the -wal', async () => {
    assert.equal(await codeOf(new Uint8Array(), { '-wal': text('frames') }), 'walOnly');
  });

  it('a text file', async () => {
    assert.equal(await codeOf(text('{"runs": []}\n'.repeat(500))), 'notSqlite');
  });

  it('random bytes, as an encrypted database is', async () => {
    assert.equal(await codeOf(randomFillSync(new Uint8Array(8192))), 'notSqlite');
  });

  it('the header of a database and then random bytes', async () => {
    const bytes = randomFillSync(new Uint8Array(8192));
    bytes.set(text('SQLite format 3\0'));
    assert.ok(['notSqlite', 'damaged'].includes(await codeOf(bytes)));
  });

  it('a database that is cut off, wherever it is cut', async () => {
    const whole = await spansDb(
      Array.from({ length: 400 }, (_, i) => ({
        span_id: `s${i}`,
        run_id: `r${i}`,
        error: 'x'.repeat(300),
      })),
    );
    for (const share of [0.05, 0.3, 0.6, 0.95]) {
      const code = await codeOf(whole.slice(0, Math.floor(whole.length * share)));
      assert.equal(code, 'damaged', `cut after ${share * 100} %`);
    }
    assert.equal(await codeOf(whole.slice(0, 50)), 'damaged', 'cut inside the header');
  });

  it('no table of spans', async () => {
    assert.equal(await codeOf(await sqlDb('CREATE TABLE sessions (id)')), 'noSpans');
    assert.equal(await codeOf(await sqlDb('CREATE TABLE x (id); DROP TABLE x')), 'noSpans');
  });

  it('a table of spans with other columns names those that are missing', async () => {
    const bytes = await sqlDb(
      'CREATE TABLE spans (span_id TEXT, trace_id TEXT, start_time_ms INT)',
    );
    const reader = localReader(dist);
    await assert.rejects(
      reader.open('f', { kind: 'bytes', bytes, name: 'f.db' }),
      (error: TraceError) => error.code === 'unknownSpansTable' && /run_id/.test(error.message),
    );
  });

  it('tables of no known tracer are named, with what was looked for', async () => {
    const many = Array.from({ length: 14 }, (_, i) => `CREATE TABLE t${i} (id);`).join('');
    const bytes = await sqlDb(`${many} CREATE TABLE "${'n'.repeat(500)}" (id)`);
    const reader = localReader(dist);
    await assert.rejects(
      reader.open('f', { kind: 'bytes', bytes, name: 'f.db' }),
      (error: TraceError) =>
        /Its tables: n{40}…, t0, t1, t10, t11, .* \+ 3\. /.test(error.message) &&
        /agent tracer \(table spans\); GitHub Copilot Chat \(table spans, table span_attributes\)/.test(
          error.message,
        ) &&
        /README/.test(error.message),
    );
  });

  it('a folder, and a file that is gone', async () => {
    const reader = localReader(dist);
    const open = (where: string) => reader.open('f', { kind: 'path', path: where, name: 'x.db' });
    await assert.rejects(open(os.tmpdir()), (error: TraceError) => error.code === 'fileUnreadable');
    await assert.rejects(
      open('/nowhere/x.db'),
      (error: TraceError) => error.code === 'fileMissing',
    );
  });

  it('and leaves the files that are open alone', async () => {
    const reader = await reading(await spansDb([{ span_id: 'a' }]));
    const bad = { kind: 'bytes', bytes: text('no database'), name: 'bad.db' } as const;
    await assert.rejects(reader.open('bad', bad));
    assert.equal((await reader.runs('f', all)).matching, 1);
    await assert.rejects(
      reader.runs('bad', all),
      (error: TraceError) => error.code === 'fileNotOpen',
    );
  });
});

describe('odd content is shown as it is', () => {
  it('NULL everywhere loses no span', async () => {
    const nothing = { name: null, start_time: null, end_time: null, status: null, metadata: null };
    const reader = await reading(
      await spansDb([
        { ...nothing, span_id: null, run_id: null, model: null, cost_usd: null },
        { ...nothing, span_id: null, run_id: null, input_tokens: null, output_tokens: null },
        { span_id: 'named', run_id: null },
      ]),
    );
    const { runs } = await reader.runs('f', all);
    assert.deepEqual(
      runs.map(run => [run.runId, run.spans, run.cost]),
      [['', 3, 0]],
      'spans without a run are one run, and without calls it costs nothing',
    );
    const { spans } = await reader.spans('f', '', { offset: 0, limit: 10 });
    assert.deepEqual(spans.map(span => span.spanId).sort(), ['named', 'rowid:1', 'rowid:2']);
    assert.equal((await reader.span('f', 'rowid:2', clock)).span.name, '');
  });

  it('metadata that is not JSON', async () => {
    const cases = ['{"request": ', 'plain words', '[1,2]', '"text"', '', 'null', '{"a":1}}'];
    const reader = await reading(
      await spansDb(cases.map((metadata, i) => ({ span_id: `s${i}`, metadata, input_tokens: 5 }))),
    );
    for (const [i, metadata] of cases.entries()) {
      const detail = await reader.span('f', `s${i}`, clock);
      const said = detail.metadataProblem;
      assert.equal(
        said === undefined,
        metadata === '' || metadata === 'null',
        `${metadata}: ${said}`,
      );
      if (said) assert.ok(detail.metadata, 'the text itself is shown');
    }
    assert.equal((await reader.runs('f', all)).runs[0]?.spans, cases.length);
  });

  it('metadata of megabytes is answered with a bounded part, and whole in slices', async () => {
    const long = 'a prompt of many words. '.repeat(260_000);
    const metadata = JSON.stringify({ request: { messages: [{ role: 'user', content: long }] } });
    assert.ok(metadata.length > 6e6);
    const reader = await reading(await spansDb([{ span_id: 'a', metadata, model: 'm' }]));
    const detail = await reader.span('f', 'a', clock);
    assert.ok(JSON.stringify(detail).length < 200_000, 'the reply is bounded');
    assert.equal(detail.metadata?.chars !== undefined && detail.metadata.chars > 6e6, true);
    let whole = '';
    for (let chars = 1; whole.length < chars; ) {
      const slice = await reader.text('f', 'a', 'prompt', whole.length, 4 << 20);
      assert.ok(slice && slice.text.length > 0);
      whole += slice.text;
      chars = slice.chars;
    }
    assert.ok(whole.includes(long));
  });

  it('NUL bytes, control characters, right-to-left text and markup', async () => {
    const name = 'before\0after';
    const hostile = '</script><img src=x onerror=alert(1)>\u202Etxt.exe\u0007';
    const metadata = JSON.stringify({
      request: { messages: [{ role: 'user', content: hostile }] },
    });
    const reader = await reading(
      await spansDb([{ span_id: 'a', name, error: `${hostile}\0end`, status: 'error', metadata }]),
    );
    const detail = await reader.span('f', 'a', clock);
    assert.equal(detail.span.name, name, 'sql.js itself would end the text at the NUL');
    assert.equal(detail.error?.text, `${hostile}\0end`);
    const [message] = detail.prompt?.messages ?? [];
    assert.deepEqual(message?.blocks[0]?.type === 'text' && message.blocks[0].text.text, hostile);
  });

  it('text in other encodings, and numbers and blobs where text belongs', async () => {
    const utf16 = await spansDb(
      [{ span_id: 'ä\0ö', name: 'größer 日本', metadata: '{"tool_name":"日本"}' }],
      `PRAGMA encoding = 'UTF-16be'; ${createSpans}`,
    );
    const other = await reading(utf16);
    const { span } = await other.span('f', 'ä\0ö', clock);
    assert.deepEqual([span.name, span.toolName], ['größer 日本', '日本']);

    const bytes = new Uint8Array([0x66, 0xff, 0x6f]);
    const reader = await reading(
      await spansDb([{ span_id: 'a', name: bytes, status: 7, model: 3.5, start_time: 'noon' }]),
    );
    const detail = await reader.span('f', 'a', clock);
    assert.equal(detail.span.name, 'f\uFFFDo');
    assert.equal(detail.span.start, undefined, 'a start that is no number is none');
    assert.equal(detail.span.recordedStatus, '7');
  });

  it('1,000 levels of nesting, down to the deepest; rows nest less deep', async () => {
    const spans = Array.from({ length: 1000 }, (_, i) => ({
      span_id: `s${i}`,
      parent_span_id: i === 0 ? null : `s${i - 1}`,
      status: 'error',
      start_time: i,
      end_time: 2000 - i,
    }));
    const reader = await reading(await spansDb(spans));
    assert.equal((await reader.runs('f', all)).runs[0]?.failingSpanId, 's999');
    let parent: string | undefined;
    const { path } = await reader.locate('f', 's999');
    for (const { spanId, index } of path) {
      const below = await reader.children('f', 'r', parent, { offset: index, limit: 1 });
      assert.equal(below.spans[0]?.spanId, spanId);
      parent = spanId;
    }
    assert.equal(parent, 's999');
    assert.equal(path.length, deepestRow);
    const last = await reader.children('f', 'r', `s${deepestRow - 1}`, { offset: 0, limit: 1000 });
    assert.deepEqual([last.total, last.spans.at(-1)?.children], [1000 - deepestRow, 0]);
    const place = await reader.nextFailure('f', undefined, 'next', clock);
    assert.deepEqual(place, { runId: 'r', spanId: 's999', wrapped: false });
  });

  it('a ring of parents, missing parents and two roots are all in the tree', async () => {
    const reader = await reading(
      await spansDb([
        { span_id: 'root', start_time: 0 },
        { span_id: 'second', start_time: 1, status: 'odd' },
        { span_id: 'orphan', parent_span_id: 'gone', start_time: 2 },
        { span_id: 'a', parent_span_id: 'b', start_time: 3 },
        { span_id: 'b', parent_span_id: 'a', start_time: 4 },
        { span_id: 'self', parent_span_id: 'self', start_time: 5 },
      ]),
    );
    const { spans, total } = await reader.spans('f', 'r', { offset: 0, limit: 100 });
    assert.equal(total, 6);
    assert.deepEqual(
      spans.map(span => [span.spanId, span.flaw]),
      [
        ['root', undefined],
        ['second', 'second-root'],
        ['orphan', 'orphan'],
        ['a', 'cycle'],
        ['b', undefined],
        ['self', 'cycle'],
      ],
    );
    assert.equal(spans[1]?.recordedStatus, 'odd');
  });

  it('a table without a key keeps spans that share an id', async () => {
    const table = createSpans.replace('PRIMARY KEY', '');
    const reader = await reading(
      await spansDb(
        [
          { span_id: 'a', name: 'one' },
          { span_id: 'a', name: 'two' },
        ],
        table,
      ),
    );
    const { spans } = await reader.spans('f', 'r', { offset: 0, limit: 10 });
    assert.deepEqual(spans.map(span => span.name).sort(), ['one', 'two']);
  });

  it('a view and a table WITHOUT ROWID are read like any other', async () => {
    const withoutRowid = await reading(
      await spansDb([{ span_id: 'a' }, { span_id: 'b' }], `${createSpans} WITHOUT ROWID`),
    );
    assert.equal((await withoutRowid.runs('f', all)).runs[0]?.spans, 2);
    const view = await sqlDb(
      `${createSpans.replace('spans', 'data')};
       INSERT INTO data VALUES ('a','r',NULL,'n',1,2,'ok',0,0,0,'','{}',NULL);
       CREATE VIEW spans AS SELECT * FROM data`,
    );
    const reader = await reading(view);
    assert.equal((await reader.span('f', 'a', clock)).span.name, 'n');
  });

  it('of a table WITHOUT ROWID only what tells its rows apart is copied', async () => {
    const bytes = await spansDb(
      Array.from({ length: 500 }, (_, i) => ({ span_id: `s${i}`, metadata: 'x'.repeat(4000) })),
      `${createSpans} WITHOUT ROWID`,
    );
    const db = await dbOf(bytes);
    const { tables } = readSchema(db);
    const spans = withRowids(db, tables[0] as Table);
    assert.ok(Number(db.row('PRAGMA temp.page_count')?.[0]) < 50);
    const [first, last] = [1, 500].map(row => {
      const sql = `SELECT span_id, metadata FROM "${spans.name}" WHERE ${spans.rowid} = ?`;
      return db.row(sql, [row]);
    });
    assert.deepEqual([first?.[0], last?.[0], String(last?.[1]).length], ['s0', 's99', 4000]);
    // Another state of the file has its own numbers.
    assert.equal(withRowids(db, tables[0] as Table).name, spans.name);
    db.close();
  });

  it('rows whose numbers are larger than those of JavaScript are all there, in their order', async () => {
    const nanoseconds = 1_790_000_000_000_000_000n;
    const rows = [0n, 1n, 2n].map(
      i => `(${nanoseconds + i}, 's${i}', 'r${i}', ${i === 2n ? "'gone'" : 'NULL'}, 'n', 1, 2, 'ok',
        '{"input":"text ${i}"}')`,
    );
    const reader = await reading(
      await sqlDb(`CREATE TABLE spans (id INTEGER PRIMARY KEY, span_id, run_id, parent_span_id, name,
        start_time, end_time, status, metadata); INSERT INTO spans VALUES ${rows.join(', ')}`),
    );
    const { runs } = await reader.runs('f', all);
    assert.deepEqual(runs.map(run => run.runId).sort(), ['r0', 'r1', 'r2']);
    const { raw } = await reader.span('f', 's1', clock);
    assert.deepEqual(raw[0], ['id', String(nanoseconds + 1n)]);
    const found: string[] = [];
    let from: SearchCursor | undefined;
    // A part ends after some time; on a busy machine, with some of them.
    do {
      const page = await reader.search('f', { text: 'text', clock, from, most: 10 });
      found.push(...page.hits.map(hit => hit.spanId));
      from = page.next;
    } while (from);
    assert.deepEqual(found, ['s2', 's1', 's0']);
  });

  it('a view that is too large is refused in words, even one without an end', async () => {
    const db = await dbOf(
      await sqlDb(`CREATE VIEW spans AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
        SELECT i AS span_id FROM n`),
    );
    const { tables } = readSchema(db);
    assert.throws(
      () => withRowids(db, tables[0] as Table, 1e6),
      (error: TraceError) => error.code === 'viewTooLarge' && /f\.db.*“spans”/.test(error.message),
    );
    db.close();
  });
});
