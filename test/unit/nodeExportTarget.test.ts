import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { TraceError } from '../../src/core/errors.ts';
import { writeWhole } from '../../src/node/wholeFile.ts';

const database = Buffer.from('SQLite format 3\0 and what it holds', 'latin1');

describe('The place of an export', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'export-target-'));
  const traceFile = path.join(folder, 'trace.json');
  const other = path.join(folder, 'other.db');
  const place = (name: string): string => path.join(folder, name);
  after(() => fs.rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => {
    fs.writeFileSync(traceFile, database);
    fs.writeFileSync(other, database);
  });

  async function write(file: string, from: string | undefined = traceFile): Promise<string> {
    async function* text() {
      yield 'an export';
    }
    try {
      await writeWhole({ file, traceFile: from }, text(), new AbortController().signal);
      return 'written';
    } catch (error) {
      assert.ok(error instanceof TraceError);
      return error.code;
    }
  }
  const isWhole = () => {
    for (const file of [traceFile, other]) assert.deepEqual(fs.readFileSync(file), database);
    assert.deepEqual(
      fs.readdirSync(folder).filter(name => name.includes('.part-')),
      [],
    );
  };

  it('is never the trace file, whatever it is called', async () => {
    fs.symlinkSync('trace.json', place('link.html'));
    fs.symlinkSync('.', place('same'));
    fs.linkSync(traceFile, place('hard.html'));
    const names = ['trace.json', './same/trace.json', 'link.html', 'hard.html'];
    for (const name of names) {
      assert.equal(await write(`${folder}/${name}`), 'exportOverTrace', name);
    }
    assert.equal(await write(traceFile, place('link.html')), 'exportOverTrace');
    isWhole();
  });

  it('is never what SQLite keeps beside it, there or not', async () => {
    fs.symlinkSync('trace.json', place('named.json'));
    fs.symlinkSync('trace.json-wal', place('to-wal.html'));
    fs.writeFileSync(place('trace.json-shm'), 'shared');
    for (const name of ['trace.json-wal', 'trace.json-shm', 'trace.json-journal', 'to-wal.html']) {
      assert.equal(await write(place(name), place('named.json')), 'exportOverTrace', name);
    }
    assert.equal(fs.readFileSync(place('trace.json-shm'), 'utf8'), 'shared');
    isWhole();
  });

  it('is no other database', async () => {
    fs.symlinkSync('other.db', place('other.html'));
    for (const name of ['other.db', 'other.html', 'other.db-wal', 'other.db-journal']) {
      assert.equal(await write(place(name)), 'exportOverDatabase', name);
    }
    assert.equal(await write(other, undefined), 'exportOverDatabase');
    isWhole();
  });

  it('is no database that came to be there meanwhile', async () => {
    const late = place('late.json');
    async function* text() {
      yield 'an';
      fs.writeFileSync(late, database);
    }
    const { signal } = new AbortController();
    await assert.rejects(writeWhole({ file: late, traceFile }, text(), signal), TraceError);
    assert.deepEqual(fs.readFileSync(late), database);
    isWhole();
  });

  it('is any other', async () => {
    assert.equal(await write(place('new.json')), 'written');
    assert.equal(await write(place('new.json-wal')), 'written');
    assert.equal(fs.readFileSync(place('new.json'), 'utf8'), 'an export');
    isWhole();
  });
});
