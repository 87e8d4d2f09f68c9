import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { query } from '../unit/support/query.ts';
import { tempFolder } from './python.ts';
import { start, startWith } from './tracerRuns.ts';

describe('What a tracer was given when its program ends', function () {
  this.timeout(60_000);
  let folder = '';
  before(() => {
    folder = tempFolder();
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const newFile = (): string => path.join(fs.mkdtempSync(path.join(folder, 'f-')), 'traces');

  for (const how of ['exit', 'SIGTERM']) {
    it(`by ${how} while the tracer is being closed, is in the file`, async function () {
      if (process.platform === 'win32' && how !== 'exit') this.skip();
      const file = newFile();
      const { code, signal } = await start(file, 'closing', how).ended;
      assert.ok(code === 0 || signal === 'SIGTERM');
      assert.deepEqual(query(file, 'SELECT count(*) FROM spans'), [[3000]]);
    });
  }

  it('is stored when any of two calls of close comes back', async () => {
    const { out } = await start(newFile(), 'closesTwice').ended;
    assert.equal(out, 'first\nsecond\n');
  });

  for (const milliseconds of [0, 3, 10, 30]) {
    it(`${milliseconds} ms later is in a file of JSON lines, each line whole and once`, async () => {
      const file = newFile();
      assert.equal((await start(file, 'lines', `${milliseconds}`).ended).code, 0);
      const lines = fs.readFileSync(file, 'utf8').trimEnd().split('\n');
      const names = lines.map(line => JSON.parse(line).name as string);
      assert.equal(names.filter(name => name === 'e').length, 4000);
      const runs = names.filter(name => name !== 'e');
      assert.deepEqual([runs.length, new Set(runs).size], [4000, 4000]);
    });
  }
});

describe('A tracer that may start no thread', () => {
  it('says so once, never that something is stored, and what is lost', async () => {
    const folder = tempFolder();
    try {
      const flags = ['--permission', '--allow-fs-read=*', '--allow-fs-write=*'];
      const file = path.join(folder, 'traces.db');
      const { code, out } = await startWith(flags, file, 'flushes').ended;
      const [said, ...more] = out.trimEnd().split('\n');
      assert.match(said ?? '', /^SQLite .*; nothing is recorded any more$/);
      const lost = `SQLite (${file}): 12 rows could not be stored before the end, and are lost`;
      assert.deepEqual([code, ...more], [0, 'false', 'false', 'false', lost]);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});
