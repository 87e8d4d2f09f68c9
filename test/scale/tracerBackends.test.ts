import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { RowPacker, rowsOf, type UnpackedSpan } from '../../src/core/rowPacker.ts';
import { placeIn } from '../../src/node/callSite.ts';
import { mostFrameBytes, readFrame } from '../../src/node/frame.ts';
import { stateIn } from '../../src/node/gitState.ts';
import { SharedQueue } from '../../src/node/sharedQueue.ts';
import {
  AgentTracer,
  type Backend,
  JsonLinesBackend,
  MemoryBackend,
  SqliteBackend,
} from '../../src/tracer/main.ts';
import { temporaryFolder } from '../tools/temporary.ts';

const span = (
  metadata: Record<string, unknown>,
  more: Partial<UnpackedSpan> = {},
): UnpackedSpan => ({
  type: 'span',
  spanId: 's',
  runId: 'r',
  parentSpanId: undefined,
  name: 'name',
  startTime: 1.25,
  endTime: 2.5,
  status: 'ok',
  inputTokens: 0,
  outputTokens: 0,
  costUsd: 0,
  model: '',
  metadata,
  error: undefined,
  ...more,
});

describe('Rows that are handed over', () => {
  const hostile = {
    quotes: 'a "b" \\ c\n\u0000\u001e\u001f\u0002\u0003',
    long: `"${'é\u001f\u0002'.repeat(100)}`,
    wide: '日本語 👍'.repeat(50),
    lone: '\ud800',
    number: 0.1,
    nan: Number.NaN,
    no: null,
    gone: undefined,
    list: [1, 'two', { three: 3 }],
    big: 10n,
    date: new Date(0),
    fn: () => 1,
    error: new RangeError('out'),
    map: new Map([['k', 'v']]),
    'key "q"': 'x'.repeat(300),
    nested: { text: 'y'.repeat(300) },
  };
  const expected = {
    ...hostile,
    nan: null,
    gone: undefined,
    fn: undefined,
    big: '10',
    date: '1970-01-01T00:00:00.000Z',
    error: { name: 'RangeError', message: 'out' },
    map: { k: 'v' },
  };

  it('come back as they were, through shared memory as well', () => {
    const packer = new RowPacker();
    packer.span(span(hostile, { name: 'a\u001fb', error: 'went\u001ewrong', costUsd: undefined }));
    packer.event({
      type: 'event',
      spanId: 's',
      runId: 'r',
      time: 3,
      name: 'e',
      attributes: hostile,
    });
    packer.span(span({ last: 'z'.repeat(200) }, { endTime: undefined, parentSpanId: 'p' }));
    const batch = packer.take();
    const slot = new SharedQueue(1_000_000).put(batch);
    assert.ok(slot);
    for (const through of [batch, readFrame(slot.memory, slot.offset)]) {
      const [first, event, last, ...more] = [...rowsOf(through)];
      assert.deepEqual(more, []);
      assert.ok(first?.type === 'span' && event?.type === 'event' && last?.type === 'span');
      assert.deepEqual(JSON.parse(first.metadata), JSON.parse(JSON.stringify(expected)));
      assert.deepEqual(event.attributes, first.metadata);
      assert.deepEqual([first.name, first.error, first.costUsd], ['a b', 'went wrong', undefined]);
      assert.deepEqual([first.startTime, first.endTime, event.time], [1.25, 2.5, 3]);
      assert.deepEqual([last.parentSpanId, last.endTime, last.error], ['p', undefined, undefined]);
      assert.equal(JSON.parse(last.metadata).last, 'z'.repeat(200));
    }
  });

  it('hold what cannot be JSON as words, and throw nothing', () => {
    const circle: Record<string, unknown> = { name: 'circle', same: [1] };
    circle.self = circle;
    circle.again = circle.same;
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    const throws = {
      get bad(): string {
        throw new Error('getter');
      },
    };
    const packer = new RowPacker();
    packer.span(span({ circle, deep, throws, after: 1 }));
    const [row] = [...rowsOf(packer.take())];
    assert.ok(row?.type === 'span');
    const metadata = JSON.parse(row.metadata);
    assert.deepEqual(metadata.circle, {
      name: 'circle',
      same: [1],
      self: '[circular]',
      again: [1],
    });
    assert.deepEqual(metadata.throws, { bad: '[unreadable]' });
    assert.equal(metadata.after, 1);
  });

  it('have what is theirs where only one field is another than in the row before', () => {
    const rows = [
      span({ query: 'one', tool: 'search' }),
      span({ query: 'two', tool: 'search' }),
      span({ query: 2, tool: 'search' }),
      span({ query: 'two', tool: 'x'.repeat(200) }),
      span({ tool: 'search', query: 'two' }, { name: 'other' }),
      span({}, { name: 'other', runId: 'r2' }),
      span({}, { name: 'other', runId: 'r2', parentSpanId: 'p' }),
      span({}, { name: 'other', runId: 'r2', parentSpanId: 'p', model: 'm' }),
      span({}, { name: 'other', runId: 'r2', parentSpanId: 'p', model: 'm', status: 'error' }),
    ];
    const packer = new RowPacker();
    for (const row of rows) packer.span(row);
    const come = [...rowsOf(packer.take())].map(row =>
      row.type === 'span' ? { ...row, metadata: JSON.parse(row.metadata) } : row,
    );
    assert.deepEqual(come, rows);
  });

  it('hold what is deep within as JSON that says it, whatever stands around it', () => {
    const within = (value: unknown) => ({ list: [{ plain: 'text', value }] });
    const metadata = {
      map: within(new Map([['k', 1]])),
      big: within(5n),
      error: within(new TypeError('bad')),
      bytes: within(new Uint8Array(3)),
      own: within({ toJSON: () => 7n }),
      many: Array.from({ length: 30_000 }, (_, i) => (i === 29_999 ? new Set([i]) : i)),
    };
    const packer = new RowPacker();
    packer.span(span(metadata));
    const [row] = [...rowsOf(packer.take())];
    assert.ok(row?.type === 'span');
    const { many, ...come } = JSON.parse(row.metadata);
    assert.deepEqual(come, {
      map: within({ k: 1 }),
      big: within('5'),
      error: within({ name: 'TypeError', message: 'bad' }),
      bytes: within('[3 bytes]'),
      own: within('7'),
    });
    assert.deepEqual(many.slice(-2), [29_998, [29_999]]);
  });

  it('have room made for them where they are larger than 32 bits count', () => {
    const batch = { text: '', long: [], json: [], numbers: [], spans: 1, events: 0 };
    for (const bytes of [1, 716_000_000, 1_900_000_000]) {
      const most = mostFrameBytes({ ...batch, bytes });
      assert.ok(most >= 3 * bytes && most % 8 === 0, `${most} for ${bytes}`);
    }
  });

  it('are bounded by bytes, and room comes back in order', () => {
    const packer = new RowPacker();
    const batch = () => {
      packer.span(span({ text: 'x'.repeat(1000) }));
      return packer.take();
    };
    const queue = new SharedQueue(3000);
    const slots = [queue.put(batch()), queue.put(batch())];
    assert.ok(slots[0] && slots[1] && slots[1].offset > slots[0].offset);
    assert.ok(!queue.put(batch()));
    queue.free(slots[0].bytes);
    const third = queue.put(batch());
    assert.ok(third);
    queue.free(slots[1].bytes + third.bytes);
    assert.equal(queue.used, 0);
    assert.equal(queue.put(batch())?.offset, 0, 'an empty queue begins again');
  });
});

describe('A place in a stack', () => {
  for (const [line, expected] of [
    ['    at async Agent.run (file:///a/b%20c.ts:12:5)', ['/a/b c.ts', 12, 'Agent.run']],
    ['    at /home/me/agent.js:3:1', ['/home/me/agent.js', 3, undefined]],
    ['    at new Thing (/x.js:7:9)', ['/x.js', 7, 'Thing']],
    ['    at node:internal/timers:1:1', undefined],
    ['Error', undefined],
  ] as const) {
    it(`is read from ${line.trim()}`, () => {
      const place = placeIn(line);
      assert.deepEqual(place && [place.file, place.line, place.function], expected);
    });
  }
});

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

describe('Backends of the tracer', () => {
  const folder = temporaryFolder('tracer');
  after(() => folder.remove());
  let count = 0;
  const newFile = (): string => path.join(folder.path, `${count++}.db`);
  const quiet = { git: false, signals: false, source: false } as const;

  function tracerTo(backend: Backend | Backend[]) {
    const said: string[] = [];
    const log = {
      error: (text: string) => said.push(text),
      info: (text: string) => said.push(text),
    };
    return { tracer: new AgentTracer({ ...quiet, backend, log }), said };
  }
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await sleep(10);
  };
  const query = (file: string, sql: string): unknown[] => {
    const db = new DatabaseSync(file, { readOnly: true });
    try {
      return db
        .prepare(sql)
        .all()
        .map(row => Object.values(row));
    } finally {
      db.close();
    }
  };

  it('make a new trace file with a log and large pages, and tidy up when closed', async () => {
    const file = newFile();
    const tracer = new AgentTracer({ ...quiet, file });
    tracer.run('agent', 'in', run => run.event('decided', { why: 'x' }));
    assert.equal(await tracer.flush(), true);
    assert.deepEqual(query(file, 'SELECT name, status FROM spans'), [['agent', 'ok']]);
    assert.deepEqual(query(file, 'SELECT name, attributes FROM events'), [
      ['decided', '{"why":"x"}'],
    ]);
    assert.deepEqual(query(file, 'SELECT name, spans FROM runs'), [['agent', 1]]);
    assert.deepEqual(query(file, 'PRAGMA page_size'), [[16384]]);
    assert.deepEqual(query(file, 'PRAGMA journal_mode'), [['wal']]);
    await tracer.close();
    assert.equal(fs.existsSync(`${file}-wal`), false);
  });

  it('are closed by both of two tracers that share one', async () => {
    const file = newFile();
    const backend = new SqliteBackend(file);
    const tracers = [
      new AgentTracer({ ...quiet, backend }),
      new AgentTracer({ ...quiet, backend }),
    ];
    for (const tracer of tracers) tracer.run('run', undefined, () => undefined);
    await Promise.all(tracers.map(tracer => tracer.close()));
    assert.deepEqual(query(file, 'SELECT count(*) FROM spans'), [[2]]);
  });

  it("write on into the article's file, which keeps its page size and journal", async () => {
    const file = newFile();
    const db = new DatabaseSync(file);
    db.exec(`CREATE TABLE spans (span_id TEXT PRIMARY KEY, run_id TEXT, parent_span_id TEXT, name TEXT,
      start_time REAL, end_time REAL, status TEXT, input_tokens INTEGER, output_tokens INTEGER,
      cost_usd REAL, model TEXT, metadata TEXT, error TEXT)`);
    const add = db.prepare(`INSERT OR REPLACE INTO spans VALUES (${Array(13).fill('?').join()})`);
    const row = ['a', 'a', null, 'theirs', 1, 2, 'ok', 0, 0, 0, '', '{}', null] as const;
    add.run(...row);
    const tracer = new AgentTracer({ ...quiet, file });
    tracer.run('ours', undefined, () => undefined);
    assert.equal(await tracer.flush(), true);
    add.run('b', ...row.slice(1));
    db.close();
    await tracer.close();
    assert.deepEqual(query(file, 'SELECT name FROM spans ORDER BY rowid'), [
      ['theirs'],
      ['ours'],
      ['theirs'],
    ]);
    assert.deepEqual(query(file, 'PRAGMA page_size'), [[4096]]);
    assert.deepEqual(query(file, 'PRAGMA journal_mode'), [['delete']]);
  });

  it("leave another tracer's table alone, and say so once", async () => {
    const file = newFile();
    const db = new DatabaseSync(file);
    db.exec('CREATE TABLE spans (span_id TEXT, trace_id TEXT)');
    db.close();
    const { tracer, said } = tracerTo(new SqliteBackend(file, { flushMs: 200 }));
    tracer.run('ours', undefined, () => undefined);
    const flushed = tracer.flush();
    await until(() => said.length > 0);
    await flushed;
    assert.equal(said.length, 1);
    assert.match(said[0] ?? '', /another tracer's \(columns span_id, trace_id/);
    await tracer.close();
    assert.equal(await flushed, false);
    assert.deepEqual(query(file, 'SELECT count(*) FROM spans'), [[0]]);
  });

  it('make the file anew when someone deleted it', async () => {
    const file = newFile();
    const tracer = new AgentTracer({ ...quiet, file });
    tracer.run('first', undefined, () => undefined);
    await tracer.flush();
    for (const end of ['', '-wal', '-shm']) fs.rmSync(file + end, { force: true });
    tracer.run('second', undefined, () => undefined);
    assert.equal(await tracer.flush(), true);
    assert.deepEqual(query(file, 'SELECT name FROM spans'), [['second']]);
    await tracer.close();
  });

  it('drop what is over the bound, and write down how much', async () => {
    const file = newFile();
    const lock = new DatabaseSync(file);
    lock.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (a); BEGIN IMMEDIATE');
    const { tracer, said } = tracerTo(
      new SqliteBackend(file, { maxQueueBytes: 1_000_000, busyMs: 20 }),
    );
    const text = 'x'.repeat(2000);
    for (let i = 0; i < 2000; i++) tracer.span('s', { metadata: { text } }, () => undefined);
    assert.ok(said.some(line => line.includes('queue is full')));
    lock.exec('COMMIT');
    lock.close();
    assert.equal(await tracer.flush(), false, 'not all was stored');
    while (!(await tracer.flush())) await sleep(10);
    const { kept, dropped } = counts(file);
    await tracer.close();
    assert.equal(kept + dropped, 2000);
    assert.ok(kept >= 300 && kept < 700, `${kept} kept`);
  });
  const counts = (file: string) => {
    const [[kept]] = query(file, 'SELECT count(*) FROM spans') as [[number]];
    const sql = "SELECT value FROM trace_info WHERE key = 'dropped_spans'";
    const [[dropped] = ['0']] = query(file, sql) as [[string]?];
    return { kept, dropped: Number(dropped) };
  };

  for (const how of ['flush', 'close', 'flushSync'] as const) {
    it(`write down what a trace file dropped last, with ${how}`, async () => {
      const file = newFile();
      const lock = new DatabaseSync(file);
      lock.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (a); BEGIN IMMEDIATE');
      const backend = new SqliteBackend(file, { maxQueueBytes: 6000, busyMs: 20 });
      const packer = new RowPacker();
      for (let i = 0; i < 10; i++) {
        packer.span(span({ text: 'x'.repeat(5000) }));
        assert.equal(backend.write(packer.take()), i === 0);
      }
      lock.close();
      await backend[how](60_000);
      assert.deepEqual(counts(file), { kept: 1, dropped: 9 });
      await backend.close();
    });
  }

  for (const how of ['flush', 'close', 'flushSync'] as const) {
    it(`write down what JSON lines dropped last, with ${how}`, async () => {
      const file = path.join(folder.path, `${how}.jsonl`);
      const backend = new JsonLinesBackend(file, 6000);
      const packer = new RowPacker();
      for (let i = 0; i < 10; i++) {
        packer.span(span({ text: 'x'.repeat(5000) }));
        assert.equal(backend.write(packer.take()), i === 0);
      }
      await backend[how](60_000);
      const lines = fs.readFileSync(file, 'utf8').trimEnd().split('\n');
      const rows = lines.map(line => JSON.parse(line) as { type: string; rows?: number });
      assert.deepEqual(
        rows.map(({ type, rows }) => [type, rows]),
        [
          ['span', undefined],
          ['dropped', 9],
        ],
      );
    });
  }

  it('report a folder that is not there once, and record on when it is', async () => {
    const missing = path.join(folder.path, 'later');
    const file = path.join(missing, 'traces.db');
    const { tracer, said } = tracerTo(new SqliteBackend(file));
    tracer.run('one', undefined, () => undefined);
    tracer.run('two', undefined, () => undefined);
    const flushed = tracer.flush();
    await until(() => said.length > 0);
    assert.equal(said.length, 1, said.join('\n'));
    fs.mkdirSync(missing);
    assert.equal(await flushed, true);
    assert.deepEqual(query(file, 'SELECT count(*) FROM spans'), [[2]]);
    assert.match(said[1] ?? '', /works again/);
    await tracer.close();
  });

  it('write JSON lines with the names of the columns', async () => {
    const file = path.join(folder.path, 'traces.jsonl');
    const { tracer } = tracerTo(new JsonLinesBackend(file));
    tracer.run('agent', 'in', run => run.event('decided', { n: 1 }));
    assert.equal(await tracer.flush(), true);
    const lines = fs
      .readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line));
    assert.deepEqual(
      lines.map(line => [line.type, line.name, line.metadata?.input ?? line.attributes]),
      [
        ['event', 'decided', { n: 1 }],
        ['span', 'agent', 'in'],
      ],
    );
  });

  it('get the same, several at once, and one that throws harms neither agent nor others', async () => {
    const broken: Backend = {
      name: 'broken',
      write: () => {
        throw new Error('disk on fire');
      },
      flush: () => Promise.reject(new Error('still on fire')),
      close: () => Promise.reject(new Error('on fire to the end')),
    };
    const memories = [new MemoryBackend(), new MemoryBackend()];
    const { tracer, said } = tracerTo([broken, ...memories]);
    assert.equal(
      tracer.run('agent', undefined, () => 42),
      42,
    );
    assert.equal(await tracer.flush(), false);
    await tracer.close();
    assert.deepEqual(said, ['broken: disk on fire']);
    assert.deepEqual(
      memories.map(memory => memory.spans.size),
      [1, 1],
    );
  });
});
