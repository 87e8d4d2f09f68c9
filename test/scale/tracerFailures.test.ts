import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { RowPacker } from '../../src/core/rowPacker.ts';
import { AgentTracer, JsonLinesBackend, SqliteBackend } from '../../src/tracer/main.ts';
import { temporaryFolder } from '../tools/temporary.ts';
import { query } from '../unit/support/query.ts';

const waits = 'What is recorded waits in memory, and is stored once it can be';

describe('A trace file that cannot be written', () => {
  const folder = temporaryFolder('failures');
  after(() => folder.remove());
  let count = 0;
  const newFile = (): string =>
    path.join(fs.mkdtempSync(path.join(folder.path, `${count++}-`)), 'a.db');

  function tracerTo(file: string, flushMs = 150) {
    const said: string[] = [];
    const log = {
      error: (text: string) => said.push(text),
      info: (text: string) => said.push(text),
    };
    const backend = new SqliteBackend(file, { flushMs, busyMs: 20 });
    const tracer = new AgentTracer({ git: false, signals: false, source: false, backend, log });
    const record = (name: string, runs = 1): void => {
      for (let i = 0; i < runs; i++) {
        assert.equal(
          tracer.run(name, 'x'.repeat(1000), () => 42),
          42,
        );
      }
    };
    /** Until the writer has tried again and could. */
    const flushed = async (): Promise<void> => {
      while (!(await tracer.flush())) await sleep(10);
    };
    return { tracer, said, record, flushed };
  }

  const failures: readonly (readonly [
    title: string,
    make: (file: string) => undefined | (() => void),
    fact: (file: string) => string,
    mend: (file: string) => void,
  ])[] = [
    [
      'because a folder has its name',
      file => void fs.mkdirSync(file),
      () => 'there is a folder of this name: choose another file',
      file => fs.rmdirSync(file),
    ],
    [
      'because its folder is not there',
      file => void fs.rmdirSync(path.dirname(file)),
      file => `the folder ${path.dirname(file)} is not there: make it, or choose another file`,
      file => fs.mkdirSync(path.dirname(file)),
    ],
    [
      'because it is no database',
      file => void fs.writeFileSync(file, 'my notes '.repeat(200)),
      () =>
        'what is there is not a SQLite database, and is left as it is: move it away, or choose another file',
      file => {
        assert.equal(fs.readFileSync(file, 'utf8'), 'my notes '.repeat(200));
        fs.renameSync(file, `${file}.txt`);
      },
    ],
    [
      'because it is damaged',
      file => {
        const db = new DatabaseSync(file);
        db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (hex(zeroblob(9000)))');
        db.close();
        const bytes = fs.readFileSync(file);
        fs.writeFileSync(file, bytes.fill(0x55, 100, 4096));
        return undefined;
      },
      () => 'the file is damaged: move it away, and a new one is made',
      file => fs.renameSync(file, `${file}.damaged`),
    ],
    [
      'because another program has locked it',
      file => {
        const db = new DatabaseSync(file);
        db.exec('CREATE TABLE t (a); BEGIN IMMEDIATE');
        return () => db.close();
      },
      () => 'another program has locked the file: end the transaction that holds it',
      () => undefined,
    ],
  ];
  for (const [title, make, fact, mend] of failures) {
    it(`${title} is reported once with a next step, and written once it can be`, async () => {
      const file = newFile();
      const release = make(file);
      const { tracer, said, record, flushed } = tracerTo(file);
      record('one');
      while (said.length === 0) await sleep(5);
      record('two');
      assert.equal(await tracer.flush(), false);
      assert.deepEqual(said, [`SQLite (${file}): ${fact(file)}. ${waits}`]);
      release?.();
      mend(file);
      await flushed();
      assert.deepEqual(said.slice(1), [`SQLite (${file}) works again`]);
      await tracer.close();
      assert.deepEqual(query(file, 'SELECT name FROM spans ORDER BY rowid'), [['one'], ['two']]);
    });
  }

  it('is tried once by each flush from then on, which says so at once, and not pruned', async () => {
    const file = newFile();
    fs.mkdirSync(file);
    const said: string[] = [];
    const log = { error: (text: string) => said.push(text), info: () => undefined };
    // A flush that waited would outlast this test.
    const backend = new SqliteBackend(file, { flushMs: 100_000 });
    const tracer = new AgentTracer({ git: false, signals: false, source: false, backend, log });
    tracer.run('one', undefined, () => undefined);
    while (said.length === 0) await sleep(10);
    for (let i = 0; i < 20; i++) assert.equal(await tracer.flush(), false);
    await assert.rejects(tracer.prune({ maxRuns: 1 }), /was not pruned: there is a folder of/);
    fs.rmdirSync(file);
    assert.equal(await tracer.flush(), true, 'without waiting for the next try');
    assert.deepEqual(await tracer.prune({ maxRuns: 0 }), { runs: 1, spans: 1 });
    await tracer.close();
    await assert.rejects(tracer.prune({ maxRuns: 1 }), /was not pruned: its writer has ended/);
  });

  it('is said after a row that SQLite refuses as well, which no flush calls stored', async () => {
    const file = newFile();
    const { tracer, said, record, flushed } = tracerTo(file, 10_000);
    record('one');
    assert.equal(await tracer.flush(), true);
    const db = new DatabaseSync(file);
    db.exec(
      "CREATE TRIGGER no BEFORE INSERT ON spans WHEN NEW.name = 'bad' BEGIN SELECT RAISE(ABORT, 'no'); END",
    );
    for (let i = 0; i < 2; i++) {
      record('bad');
      const both = await Promise.all([tracer.flush(), tracer.flush()]);
      assert.deepEqual([...both, await tracer.flush()], [false, false, true]);
    }
    db.exec('BEGIN IMMEDIATE');
    record('two');
    while (said.length < 2) await sleep(10);
    assert.equal(await tracer.flush(), false);
    db.exec('COMMIT');
    await flushed();
    await tracer.close();
    assert.equal(said.length, 3, said.join('\n'));
    assert.match(
      said[0] ?? '',
      /: SQLite refuses rows \(1 so far\), which are counted as dropped$/,
    );
    assert.match(said[1] ?? '', /: another program has locked the file/);
    assert.match(said[2] ?? '', /works again$/);
    const dropped = "SELECT value FROM trace_info WHERE key = 'dropped_spans'";
    assert.deepEqual(query(file, dropped), [['2']]);
    db.close();
  });

  it('to the end of the program does not hold up its end', async () => {
    const file = newFile();
    fs.mkdirSync(file);
    // To wait so long for it would outlast this test.
    const { tracer, said, record } = tracerTo(file, 100_000);
    record('one');
    while (said.length === 0) await sleep(5);
    assert.equal(await tracer.flush(), false);
    await tracer.close();
    record('after the end');
    assert.equal(await tracer.flush(), false);
    assert.deepEqual(fs.readdirSync(file), []);
  });

  it('is waited for once when the tracer is closed, which says how much is lost', async () => {
    const file = newFile();
    const lock = new DatabaseSync(file);
    lock.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (a); BEGIN IMMEDIATE');
    const { tracer, said, record } = tracerTo(file);
    // Dozens of transactions: one wait for each would outlast this test.
    record('run', 60_000);
    await tracer.close();
    assert.equal(said.length, 2, said.join('\n'));
    assert.match(said[0] ?? '', /: another program has locked the file: end the transaction/);
    assert.match(said[1] ?? '', /: 60000 rows could not be stored before the end, and are lost$/);
    lock.close();
  });

  it('and that it was said before hides not how much is lost at the end', async () => {
    const file = newFile();
    fs.mkdirSync(file);
    const { tracer, said, record } = tracerTo(file);
    record('one');
    assert.equal(await tracer.flush(), false);
    record('two', 2);
    await tracer.close();
    assert.equal(said.length, 2, said.join('\n'));
    assert.match(said[1] ?? '', /: 3 rows could not be stored before the end, and are lost$/);
  });
});

describe('A trace file that is changed beside its writer', () => {
  const folder = temporaryFolder('changed');
  after(() => folder.remove());
  let count = 0;

  /** Fifty runs, the change, and fifty more; gives what was said. */
  async function around(change: (file: string) => void, flushMs = 10_000) {
    const file = path.join(folder.path, `${count++}.db`);
    const said: string[] = [];
    const log = { error: (text: string) => said.push(text), info: () => undefined };
    const backend = new SqliteBackend(file, { flushMs });
    const tracer = new AgentTracer({ git: false, signals: false, source: false, backend, log });
    const record = (name: string): void => {
      for (let i = 0; i < 50; i++) tracer.run(name, 'x'.repeat(3000), () => undefined);
    };
    record('before');
    while (!(await tracer.flush())) await sleep(10);
    change(file);
    record('after');
    const stored = await tracer.flush();
    while (!stored && said.length === 0) await sleep(10);
    await tracer.close();
    return { file, stored, said };
  }
  const runs = (file: string) => {
    assert.deepEqual(query(file, 'PRAGMA integrity_check'), [['ok']]);
    return query(file, 'SELECT name, count(*) FROM spans GROUP BY 1');
  };

  before(function () {
    // An open file can be neither moved nor deleted there.
    if (process.platform === 'win32') this.skip();
  });

  it('by a move has all of its runs where it went, and a new one gets what comes', async () => {
    const { file, stored, said } = await around(from => fs.renameSync(from, `${from}.old`));
    assert.deepEqual([stored, said], [true, []]);
    assert.deepEqual(runs(`${file}.old`), [['before', 50]]);
    assert.deepEqual(runs(file), [['after', 50]]);
  });

  it('by another database in its place leaves that whole, and is written on in it', async () => {
    const { file, stored, said } = await around(place => {
      const other = new DatabaseSync(`${place}.other`);
      other.exec('CREATE TABLE notes (text)');
      const add = other.prepare('INSERT INTO notes VALUES (?)');
      for (let i = 0; i < 300; i++) add.run('note '.repeat(200));
      other.close();
      fs.renameSync(`${place}.other`, place);
    });
    assert.deepEqual([stored, said], [true, []]);
    assert.deepEqual(runs(file), [['after', 50]]);
    assert.deepEqual(query(file, 'SELECT count(*), min(length(text)) FROM notes'), [[300, 1000]]);
  });

  it('by a text in its place leaves that alone, and says so', async () => {
    const { file, stored, said } = await around(place => {
      fs.rmSync(place);
      fs.writeFileSync(place, 'my notes '.repeat(3000));
    }, 500);
    assert.equal(stored, false);
    assert.match(said.join('\n'), /^SQLite \(.*\): what is there is not a SQLite database/);
    assert.equal(fs.readFileSync(file, 'utf8'), 'my notes '.repeat(3000));
  });

  it('by its deletion, without its log, is made anew', async () => {
    const { file, stored, said } = await around(place => fs.rmSync(place));
    assert.deepEqual([stored, said, runs(file)], [true, [], [['after', 50]]]);
  });

  it('by emptying it in its place, with its log, is made anew', async () => {
    const { file, stored, said } = await around(place => {
      fs.truncateSync(place);
      fs.truncateSync(`${place}-wal`);
    });
    assert.deepEqual([stored, said, runs(file)], [true, [], [['after', 50]]]);
  });
});

describe('A file of JSON lines that cannot be written', () => {
  it('is tried again by one timer, however many rows and flushes come meanwhile', async () => {
    const folder = temporaryFolder('lines');
    const backend = new JsonLinesBackend(path.join(folder.path, 'missing', 'a.jsonl'));
    let failures = 0;
    const never = (): void => assert.fail('nothing works, and it is not over');
    backend.start({ failed: () => failures++, lost: never, works: never });
    const packer = new RowPacker();
    for (let i = 0; i < 30; i++) {
      const at = { spanId: 's', runId: 'r', time: i, name: 'e', attributes: {} };
      packer.event({ type: 'event', ...at });
      backend.write(packer.take());
      await sleep(2);
    }
    assert.ok(failures < 10, `${failures} attempts for 30 batches`);
    failures = 0;
    for (let i = 0; i < 20; i++) assert.equal(await backend.flush(), false);
    assert.equal(failures, 20);
    await sleep(1300);
    assert.ok(failures > 20 && failures < 30, `${failures - 20} attempts by themselves`);
    folder.remove();
  });

  it('to the end says how much is lost', async () => {
    const folder = temporaryFolder('lines');
    const said: string[] = [];
    const log = { error: (text: string) => said.push(text), info: () => undefined };
    const backend = new JsonLinesBackend(path.join(folder.path, 'missing', 'a.jsonl'));
    const tracer = new AgentTracer({ git: false, signals: false, source: false, backend, log });
    for (let i = 0; i < 3; i++) tracer.run('run', undefined, run => run.event('e'));
    await tracer.close();
    assert.match(said.join('\n'), /^JSON lines .* ENOENT.*\n.*: 6 rows could not be .* lost$/);
    folder.remove();
  });
});
