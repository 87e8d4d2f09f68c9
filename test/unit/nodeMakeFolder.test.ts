import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makeFolder } from '../../src/node/makeFolder.ts';

describe('a folder that is made', () => {
  let place = '';
  beforeEach(() => {
    place = fs.mkdtempSync(path.join(os.tmpdir(), 'make-folder-'));
  });
  afterEach(() => fs.rmSync(place, { recursive: true }));

  it('gets all above it, and may be there', () => {
    const deep = path.join(place, 'a', 'b', 'c');
    for (let i = 0; i < 2; i++) makeFolder(deep, 0o700);
    assert.ok(fs.statSync(deep).isDirectory());
    if (process.platform !== 'win32') {
      for (const one of [deep, path.dirname(deep)])
        assert.equal(fs.statSync(one).mode & 0o777, 0o700);
    }
    assert.doesNotThrow(() => makeFolder(`${deep}${path.sep}`));
  });

  it('fails at a file, and at a link to nothing', () => {
    const file = path.join(place, 'file');
    fs.writeFileSync(file, '');
    assert.throws(() => makeFolder(file), { code: 'EEXIST' });
    assert.throws(() => makeFolder(path.join(file, 'below')), { code: 'ENOTDIR' });
    if (process.platform === 'win32') return;
    fs.symlinkSync(path.join(place, 'nothing'), path.join(place, 'link'));
    assert.throws(() => makeFolder(path.join(place, 'link')), { code: 'EEXIST' });
  });

  it('ends where the system makes none', function () {
    if (process.platform !== 'linux') this.skip();
    assert.throws(() => makeFolder('/proc/agent-traces/folder'), { code: 'ENOENT' });
  });
});
