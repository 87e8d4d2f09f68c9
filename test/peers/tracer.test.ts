import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { AgentTracer } from '../../src/tracer/main.ts';
import { onPath } from '../tools/programs.ts';
import { query } from '../unit/support/query.ts';
import { times } from './liveFiles.ts';
import { noPython, pythonScript, runScript, tempFolder, tracers } from './python.ts';
import { firstWord, start } from './tracerRuns.ts';
import { clock, runsIn } from './views.ts';

const kills = 10 * times;
const scripts = path.join(import.meta.dirname, 'python');

describe('A trace file written by the tracer', function () {
  this.timeout(60_000 + kills * 5000);
  let folder = '';
  before(() => {
    folder = tempFolder();
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const newFile = (): string =>
    path.join(fs.mkdtempSync(path.join(folder, 'f-')), 'agent_traces.db');

  it('is read by our reader, by value', async () => {
    const file = newFile();
    const tracer = new AgentTracer({ file, git: false, sessionId: 'morning' });
    const request = { model: 'claude-haiku-4-5', messages: [{ role: 'user', content: 'Hi' }] };
    const failing = tracer.run('agent', { question: 'Hi' }, async () => {
      await tracer.span('ask', { kind: 'llm', metadata: { request } }, async span => {
        span.metadata.response = {
          content: [{ type: 'tool_use', id: 't1', name: 'f', input: {} }],
        };
        span.recordLlmCall(request.model, {
          input_tokens: 100,
          output_tokens: 20,
          cache_read_input_tokens: 1000,
        });
      });
      const metadata = { tool_name: 'f', tool_use_id: 't1', tool_input: {} };
      await tracer.span('tool', { kind: 'tool', metadata }, async span => {
        span.event('retry', { attempt: 2 });
        throw new Error('no such file');
      });
    });
    await assert.rejects(failing, /no such file/);
    await tracer.close();
    const { reader, runs } = await runsIn(file);
    const [run] = runs;
    assert.ok(run);
    assert.deepEqual(
      [run.name, run.status, run.judgement, run.sessionId, run.spans, run.error],
      ['agent', 'error', undefined, 'morning', 3, 'no such file'],
    );
    assert.ok(Math.abs((run.cost ?? 0) - (100 * 1 + 1000 * 0.1 + 20 * 5) / 1e6) < 1e-12);
    const { span, cause } = await reader.span(file, run.failingSpanId ?? '', clock());
    assert.deepEqual([span.name, span.toolName, cause?.rule], ['tool', 'f', 'tool-use-id']);
  });

  it('holds after kill -9 whatever a flush had said is stored', async function () {
    if (process.platform === 'win32') this.skip();
    const file = newFile();
    for (let round = 0; round < kills; round++) {
      const { child, ended } = start(file, 'flushing', `round${round}`);
      await firstWord(child);
      await sleep(Math.random() * 60);
      child.kill('SIGKILL');
      const { out } = await ended;
      const last = Number(out.trimEnd().split('\n').at(-1));
      const [[runs, spans] = []] = query(
        file,
        `SELECT count(*), (SELECT count(*) FROM spans AS s WHERE s.run_id IN (
           SELECT run_id FROM spans AS r WHERE ${flushed(round, last, 'r.')}))
         FROM spans WHERE ${flushed(round, last, '')}`,
      );
      assert.deepEqual([runs, spans], [last + 1, 4 * (last + 1)], `round ${round}`);
      assert.deepEqual(query(file, 'PRAGMA integrity_check'), [['ok']]);
    }
  });
  const flushed = (round: number, last: number, of: string): string =>
    `${of}status = 'ok' AND ${of}parent_span_id IS NULL AND ${of}name LIKE 'round${round} %'
     AND CAST(substr(${of}name, ${`round${round} `.length + 1}) AS INTEGER) <= ${last}`;

  it('takes several writers at once, and loses nothing of any', async () => {
    const file = newFile();
    const writers = ['one', 'two', 'three'].map(name => start(file, 'hundred', name).ended);
    for (const { code } of await Promise.all(writers)) assert.equal(code, 0);
    assert.deepEqual(query(file, 'SELECT count(*), count(DISTINCT run_id) FROM spans'), [
      [1200, 300],
    ]);
    assert.deepEqual(query(file, 'SELECT count(*) FROM events'), [[600]]);
    assert.deepEqual(query(file, 'PRAGMA integrity_check'), [['ok']]);
  });

  for (const python of tracers) {
    it(`is written to by ${python.title} at the same time`, async function () {
      if (python.missing) this.skip();
      const file = newFile();
      const begin = start(file, 'hundred', 'first');
      await begin.ended;
      const ours = start(file, 'hundred', 'ours').ended;
      const [command, args] = pythonScript('write_spans.py', [file, '100']);
      const environment = {
        ...process.env,
        PYTHONPATH: python.folder,
        PYTHONDONTWRITEBYTECODE: '1',
      };
      const theirs = new Promise<number | null>((resolve, reject) => {
        const child = spawn(command, args, {
          env: environment,
          stdio: ['ignore', 'ignore', 'inherit'],
        });
        child.once('error', reject);
        child.once('exit', resolve);
      });
      assert.deepEqual([(await ours).code, await theirs], [0, 0]);
      const byName = query(
        file,
        "SELECT name LIKE 'python%', count(*) FROM spans GROUP BY 1 ORDER BY 1",
      );
      assert.deepEqual(byName, [
        [0, 800],
        [1, 200],
      ]);
      assert.deepEqual(query(file, 'PRAGMA integrity_check'), [['ok']]);
    });
  }

  it(`answers the article's queries${noPython ? ` (${noPython})` : ''}`, async function () {
    if (noPython) this.skip();
    const file = newFile();
    const tracer = new AgentTracer({ file, git: false });
    await tracer.run('fine', undefined, async () => undefined);
    const broken = tracer.run('broken', undefined, async () => {
      await tracer.span('first', {}, async () => sleep(2));
      throw new Error('out of ideas');
    });
    await assert.rejects(broken);
    await tracer.close();
    const answer = JSON.parse(runScript(path.join(scripts, 'queries.py'), tracers[0]!, [file])) as {
      failed: unknown[][];
      spans: unknown[][][];
    };
    assert.deepEqual(
      answer.failed.map(([, name, error]) => [name, error]),
      [['broken', 'out of ideas']],
    );
    assert.deepEqual(
      answer.spans[0]?.map(row => [row.length, row[3], row[6]]),
      [
        [13, 'broken', 'error'],
        [13, 'first', 'ok'],
      ],
    );
  });

  it('is whole for the sqlite3 program', async function () {
    const sqlite3 = onPath('sqlite3');
    if (!sqlite3) this.skip();
    const file = newFile();
    await start(file, 'hundred').ended;
    const ask = (sql: string) => execFileSync(sqlite3, [file, sql], { encoding: 'utf8' }).trim();
    assert.equal(ask('PRAGMA integrity_check'), 'ok');
    assert.equal(ask('SELECT count(*), sum(spans) FROM runs'), '100|400');
  });

  it('that another program has locked does not keep its program from ending, which says so', async () => {
    const file = newFile();
    const lock = new DatabaseSync(file);
    lock.exec('CREATE TABLE t (a); BEGIN EXCLUSIVE');
    const { code, out } = await start(file, 'ends').ended;
    lock.exec('ROLLBACK');
    assert.equal(code, 7);
    assert.match(
      out,
      /^SQLite \(.*\): another program has locked the file: end .* it\. The program ends: what cannot be stored by then is lost\nSQLite .*: 6 rows could not be stored before the end, and are lost\n$/,
    );
    assert.deepEqual(query(file, 'PRAGMA integrity_check'), [['ok']]);
    lock.close();
  });

  describe('has everything when the program ends', () => {
    const rows = (file: string) =>
      query(file, 'SELECT name, status, error FROM spans ORDER BY start_time').map(row => [...row]);

    it('by itself, with its exit code', async () => {
      const file = newFile();
      const { code } = await start(file, 'ends').ended;
      assert.equal(code, 7);
      assert.equal(fs.existsSync(`${file}-wal`), false, 'the log was put into the file');
      assert.deepEqual(query(file, 'SELECT count(*) FROM spans'), [[4]]);
    });

    it('inside a run by process.exit', async () => {
      const file = newFile();
      assert.equal((await start(file, 'exits').ended).code, 9);
      assert.deepEqual(rows(file), [['exits', 'error', 'the program ended with code 9']]);
    });

    it('by an error that nobody catches', async () => {
      const file = newFile();
      assert.equal((await start(file, 'throws').ended).code, 1);
      assert.deepEqual(rows(file), [
        ['throws', 'error', 'the program ended by an error: nobody catches this'],
      ]);
    });

    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      it(`by ${signal}, which still ends it`, async function () {
        if (process.platform === 'win32') this.skip();
        const file = newFile();
        const { child, ended } = start(file, 'waits');
        await firstWord(child);
        child.kill(signal);
        const { code, signal: by } = await ended;
        assert.deepEqual([code, by], [null, signal]);
        const why = `the program was ended by ${signal}`;
        assert.deepEqual(rows(file), [
          ['waits', 'error', why],
          ['inner', 'error', why],
        ]);
      });
    }

    it('by a signal that it handles itself, in its own way', async function () {
      if (process.platform === 'win32') this.skip();
      const file = newFile();
      const { child, ended } = start(file, 'handles');
      await firstWord(child);
      child.kill('SIGTERM');
      assert.equal((await ended).code, 5);
      assert.equal(query(file, 'SELECT count(*) FROM spans WHERE end_time IS NOT NULL')[0]?.[0], 2);
    });
  });
});
