import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { indexFolder } from '../../src/node/indexFolder.ts';
import type { SavedIndex } from '../../src/store/savedIndex.ts';
import { runOf } from './support/runs.ts';

const entry = (runId: string) => ({
  runId,
  ranges: [{ first: 1, last: 1 }],
  settled: runOf(runId),
  recent: undefined,
  failures: 0,
});

describe('an index that is kept in a folder', () => {
  it('that would be too large is not made into bytes again until it is smaller', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'agent-traces-indexes-'));
    try {
      const most = { files: 4, bytes: 10_000 };
      const keeperFor = indexFolder(folder, '1', () => undefined, most);
      let made = 0;
      const of = (runs: number): SavedIndex => ({
        low: 1,
        top: 9,
        bottom: 1,
        rows: 9,
        get unnamed() {
          made++;
          return [];
        },
        runs: Array.from({ length: runs }, (_, i) => entry(`r${i}`)),
      });
      keeperFor('/a').save('key', of(1000));
      keeperFor('/a').save('key', of(1000));
      keeperFor('/a').save('key', of(1001));
      assert.deepEqual([made, fs.readdirSync(folder)], [1, []]);
      keeperFor('/b').save('key', of(1000));
      assert.equal(made, 2);
      keeperFor('/a').save('key', of(1));
      assert.equal(keeperFor('/a').load('key')?.runs.length, 1);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });

  it('lies beside what is not ours, and the oldest make room', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'agent-traces-indexes-'));
    try {
      const said: string[] = [];
      fs.mkdirSync(path.join(folder, 'folder'));
      fs.mkdirSync(path.join(folder, `${'0'.repeat(32)}.index`));
      fs.writeFileSync(path.join(folder, 'notes.txt'), 'mine');
      fs.writeFileSync(path.join(folder, `${'1'.repeat(32)}.index.7`), 'cut off');
      for (const name of fs.readdirSync(folder)) fs.utimesSync(path.join(folder, name), 1, 1);
      const most = { files: 2, bytes: 1e6 };
      const keeperFor = indexFolder(folder, '1', line => said.push(line), most);
      const saved = { low: 1, top: 9, bottom: 1, rows: 9, unnamed: [], runs: [] };
      for (const file of ['/a', '/b', '/c']) {
        keeperFor(file).save('key', saved);
        for (const name of fs.readdirSync(folder)) {
          const { mtimeMs } = fs.statSync(path.join(folder, name));
          fs.utimesSync(path.join(folder, name), mtimeMs / 1000 - 60, mtimeMs / 1000 - 60);
        }
      }
      assert.deepEqual(said, []);
      assert.deepEqual(
        ['/a', '/b', '/c'].map(file => keeperFor(file).load('key') !== undefined),
        [false, true, true],
      );
      const there = ['folder', `${'0'.repeat(32)}.index`, 'notes.txt', `${'1'.repeat(32)}.index.7`];
      assert.deepEqual(
        there.map(name => fs.existsSync(path.join(folder, name))),
        [true, true, true, false],
      );
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });
});
