import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TraceError } from '../../src/core/errors.ts';
import { filesAt } from '../../src/node/diskSource.ts';

describe('a file on the disk', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'agent-traces-disk-'));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const at = (name: string) => filesAt({ kind: 'path', path: path.join(folder, name), name });
  const write = (name: string, text: string) => fs.writeFileSync(path.join(folder, name), text);
  const text = (source: ReturnType<typeof at>['main'], position: number, length: number) => {
    const into = new Uint8Array(length);
    return new TextDecoder().decode(into.subarray(0, source.read(into, position)));
  };

  it('is read from a position, up to its end', () => {
    write('a', '0123456789');
    const { main, wal } = at('a');
    assert.deepEqual([text(main, 3, 4), text(main, 8, 4), text(main, 20, 4)], ['3456', '89', '']);
    assert.equal(main.facts()?.size, 10);
    assert.equal(wal.facts(), undefined, 'there is none');
    main.release();
  });

  it('has another version after a write, and another identity once it is replaced', () => {
    write('b', 'first');
    const { main } = at('b');
    const first = main.facts();
    assert.deepEqual(main.facts(), first);
    write('b', 'longer than that');
    const second = main.facts();
    assert.equal(second?.identity, first?.identity);
    assert.notEqual(second?.version, first?.version);
    assert.equal(text(main, 0, 5), 'longe');
    write('b.new', 'other');
    fs.renameSync(path.join(folder, 'b.new'), path.join(folder, 'b'));
    assert.equal(text(main, 0, 5), 'longe', 'what was opened, until it is looked at');
    assert.notEqual(main.facts()?.identity, first?.identity);
    assert.equal(text(main, 0, 5), 'other');
    main.release();
  });

  it('that has gone since it was looked at has no bytes', () => {
    write('i-journal', 'text');
    const { journal } = at('i');
    assert.equal(journal.facts()?.size, 4);
    fs.rmSync(path.join(folder, 'i-journal'));
    assert.equal(text(journal, 0, 4), '');
    assert.equal(journal.facts(), undefined);
  });

  it('is not held open between questions', function () {
    if (!fs.existsSync('/proc/self/fd')) return this.skip();
    write('c', 'text');
    const { main } = at('c');
    const open = () =>
      fs
        .readdirSync('/proc/self/fd')
        .filter(fd => fs.existsSync(`/proc/self/fd/${fd}`))
        .map(fd => fs.readlinkSync(`/proc/self/fd/${fd}`))
        .filter(name => name.startsWith(folder));
    text(main, 0, 4);
    assert.equal(open().length, 1);
    main.release();
    assert.equal(open().length, 0);
  });

  it('that is a folder or a pipe says so, without waiting for a writer', function () {
    const unreadable = (error: TraceError) => error.code === 'fileUnreadable';
    fs.mkdirSync(path.join(folder, 'd'));
    assert.throws(() => at('d').main.facts(), unreadable);
    if (process.platform === 'win32') return this.skip();
    execFileSync('mkfifo', [path.join(folder, 'e')]);
    assert.throws(() => at('e').main.facts(), unreadable);
    assert.doesNotThrow(() => at('e').main.release());
  });

  it('that is reached by a link has beside it what lies beside the file itself', function () {
    if (process.platform === 'win32') return this.skip();
    fs.mkdirSync(path.join(folder, 'other'));
    for (const name of ['g', 'h']) {
      write(`other/${name}`, name);
      write(`other/${name}-wal`, `log of ${name}`);
    }
    const link = path.join(folder, 'link');
    fs.symlinkSync(path.join('other', 'g'), link);
    const { main, wal } = at('link');
    assert.deepEqual([text(main, 0, 9), text(wal, 0, 9)], ['g', 'log of g']);
    fs.rmSync(link);
    fs.symlinkSync(path.join('other', 'h'), link);
    assert.ok(main.facts() && wal.facts());
    assert.deepEqual([text(main, 0, 9), text(wal, 0, 9)], ['h', 'log of h'], 'it leads elsewhere');
    main.release();
    wal.release();
  });

  it('looks beside itself, and nowhere else', () => {
    write('f', '');
    write('f-mj1', '');
    const here = fs.realpathSync(folder);
    const { beside } = at('f');
    assert.equal(beside(path.join(here, 'f-mj1')), true);
    assert.equal(beside(path.join(here, 'f-mj2')), false);
    assert.equal(beside('/etc/passwd'), undefined);
    assert.equal(beside('\\\\server\\share\\f-mj1'), undefined);
  });
});
