import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startReader } from '../../src/node/readerProcess.ts';
import { leave, type Mode, modes, spill } from '../unit/support/leftFiles.ts';
import { clock, createSpans, dist } from '../unit/support/traceDb.ts';

import { tempFolder } from './python.ts';

/** Names, sizes, times and bytes of everything in a folder; times of reading are let be. */
const listing = (folder: string): unknown =>
  fs.readdirSync(folder).map(name => {
    const file = path.join(folder, name);
    const { size, mtimeNs, ctimeNs, ino, mode } = fs.statSync(file, { bigint: true });
    return [name, size, mtimeNs, ctimeNs, ino, mode, fs.readFileSync(file, 'base64')];
  });

describe('the user’s file is only read', () => {
  const folder = tempFolder();
  const reader = startReader(path.join(dist, 'reader.js'), () => undefined);
  after(() => {
    reader.dispose();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  async function readAll(file: string): Promise<number> {
    await reader.api.open(file, { kind: 'path', path: file, name: path.basename(file) });
    const { runs } = await reader.api.runs(file, {
      filter: 'all',
      offset: 0,
      limit: 100,
      clock,
    });
    for (const run of runs) {
      const { spans } = await reader.api.spans(file, run.runId, { offset: 0, limit: 1000 });
      for (const { spanId } of spans.slice(0, 3)) await reader.api.span(file, spanId, clock);
    }
    return runs.reduce((sum, run) => sum + run.spans, 0);
  }

  for (const mode of modes) {
    it(`${mode}: its bytes, its times and its folder stay as they are, whatever a writer left`, async () => {
      const own = fs.mkdtempSync(path.join(folder, `${mode}-`));
      const file = path.join(own, 'a.db');
      leave(file, mode, 4096, spill);
      if (mode === 'wal') fs.rmSync(`${file}-shm`);
      const before = listing(own);
      assert.equal(await readAll(file), 100);
      assert.deepEqual(listing(own), before);
      fs.chmodSync(own, 0o555);
      assert.equal(await readAll(file), 100, 'in a folder that nobody may write to');
      fs.chmodSync(own, 0o755);
    });
  }

  // As in the extension's host, where other extensions write with node:sqlite.
  for (const mode of ['delete', 'wal'] satisfies Mode[]) {
    it(`${mode}: a writer in the process that started the reader keeps its locks`, async () => {
      const file = path.join(folder, `locks-${mode}.db`);
      const db = new DatabaseSync(file);
      db.exec(`PRAGMA journal_mode = ${mode}; ${createSpans}`);
      const insert = db.prepare(
        "INSERT INTO spans (span_id, run_id, name, status) VALUES (?, 'r', 'n', 'ok')",
      );
      insert.run('first');
      db.exec('BEGIN IMMEDIATE');
      insert.run('second');
      assert.equal(await readAll(file), 1, 'what is not committed is not shown');
      await reader.api.close(file);
      const intruder = `const { DatabaseSync } = require('node:sqlite');
        const db = new DatabaseSync(${JSON.stringify(file)}, { timeout: 50 });
        try { db.exec('BEGIN IMMEDIATE'); console.log('let in'); } catch (e) { console.log(e.message); }`;
      const { stdout } = spawnSync(process.execPath, ['-e', intruder], { encoding: 'utf8' });
      assert.match(stdout, /locked/);
      db.exec('COMMIT');
      assert.equal(await readAll(file), 2);
      db.close();
      assert.equal(await readAll(file), 2, 'after the last connection has cleaned up');
    });
  }
});
