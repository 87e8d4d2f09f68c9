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

  async function write(
    file: string,
    from: string | undefined = traceFile,
    replaces = true,
  ): Promise<string> {
    async function* text() {
      yield 'an export';
    }
    try {
      await writeWhole({ file, traceFile: from, replaces }, text(), new AbortController().signal);
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
    const whole = { file: late, traceFile, replaces: true };
    await assert.rejects(writeWhole(whole, text(), signal), TraceError);
    assert.deepEqual(fs.readFileSync(late), database);
    isWhole();
  });

  it('is a file that is there where it may be replaced alone', async () => {
    fs.writeFileSync(place('there.md'), 'as before');
    assert.equal(await write(place('there.md'), traceFile, false), 'exportExists');
    assert.equal(fs.readFileSync(place('there.md'), 'utf8'), 'as before');
    assert.equal(await write(place('there.md')), 'written');
    assert.equal(fs.readFileSync(place('there.md'), 'utf8'), 'an export');
    isWhole();
  });

  it('is what a link leads to, which stays a link', async () => {
    fs.mkdirSync(place('below'));
    fs.writeFileSync(place('below/kept.md'), 'as before');
    fs.symlinkSync('below/kept.md', place('link.md'));
    fs.symlinkSync('below/new.md', place('link-to-none.md'));
    assert.equal(await write(place('link.md'), traceFile, false), 'exportExists');
    assert.equal(await write(place('link.md')), 'written');
    assert.equal(await write(place('link-to-none.md'), traceFile, false), 'written');
    for (const name of ['link.md', 'link-to-none.md']) {
      assert.ok(fs.lstatSync(place(name)).isSymbolicLink(), name);
    }
    assert.deepEqual(fs.readdirSync(place('below')).sort(), ['kept.md', 'new.md']);
    assert.equal(fs.readFileSync(place('below/kept.md'), 'utf8'), 'an export');
    isWhole();
  });

  it('is a device that takes it, and stays one', async function () {
    if (process.platform === 'win32') this.skip();
    // A link of our own: what would replace the device replaces this.
    fs.symlinkSync('/dev/null', place('null.md'));
    assert.equal(await write(place('null.md'), traceFile, false), 'written');
    assert.ok(fs.statSync(place('null.md')).isCharacterDevice());
    assert.equal(await write(place('below')), 'exportNotWritten');
    isWhole();
  });

  it('loses what an export that was killed left there a day ago', async () => {
    const old = place('new.md.part-0123abcd');
    const kept = ['new.md.part-89abcdef', 'new.md.part-mine', 'new.mdx.part-0123abcd'];
    for (const file of [old, ...kept.map(place)]) fs.writeFileSync(file, 'half');
    const before = Date.now() / 1000 - 90_000;
    for (const file of [old, ...kept.slice(1).map(place)]) fs.utimesSync(file, before, before);
    assert.equal(await write(place('new.md')), 'written');
    const there = fs.readdirSync(folder).filter(name => name.includes('.part-'));
    assert.deepEqual(there.sort(), kept.sort(), 'one that may go on, and those of others');
    for (const file of kept) fs.rmSync(place(file));
  });

  it('is any other', async () => {
    assert.equal(await write(place('new.json')), 'written');
    assert.equal(await write(place('new.json-wal')), 'written');
    assert.equal(fs.readFileSync(place('new.json'), 'utf8'), 'an export');
    isWhole();
  });
});
