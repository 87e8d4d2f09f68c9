import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { typescriptFlags } from '../tools/processes.ts';
import type { Results } from './fullDiskProgram.ts';
import { tempFolder } from './python.ts';

const program = path.join(import.meta.dirname, 'fullDiskProgram.ts');
// A disk of one's own, and permissions that hold for root as well.
const inside = ['-Urm', 'setpriv', '--bounding-set=-dac_override,-dac_read_search'];
const canMount = (): boolean => {
  if (process.platform !== 'linux') return false;
  const mount = ['mount', '-t', 'tmpfs', '-o', 'size=1m', 'none', '/tmp'];
  return spawnSync('unshare', [...inside, ...mount], { timeout: 10_000 }).status === 0;
};
const none = canMount() ? '' : ' (no disk can be made here: Linux with user namespaces)';

describe(`The tracer on a disk that fails${none}`, function () {
  this.timeout(60_000);
  let results: Results;
  const what = 'What is recorded waits in memory, and is stored once it can be';
  /** Without the name of the backend, which all of them begin with. */
  const words = (said: readonly string[]) => said.map(line => line.replace(/^[^)]*\):? /, ''));

  before(function () {
    if (none) this.skip();
    const folder = tempFolder();
    try {
      const args = [...inside, process.execPath, ...typescriptFlags, program, folder];
      results = JSON.parse(execFileSync('unshare', args, { encoding: 'utf8', timeout: 50_000 }));
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });

  for (const at of ['fullAtStart', 'fullUnderWay'] as const) {
    it(`${at === 'fullAtStart' ? 'from the start' : 'under way'}, being full, says it once and counts what it drops`, () => {
      const { flushes, said, kept, lost, integrity } = results[at];
      assert.deepEqual(flushes, [false, false, true]);
      assert.deepEqual(words(said), [
        `the disk is full: make room, or choose another file. ${what}`,
        'its queue is full, spans are dropped and counted',
        'works again',
      ]);
      assert.equal(lost, 0, 'what was recorded is stored, or counted as dropped');
      // Of 600 kB that may wait, in runs of at least 2 kB.
      assert.ok(Number(kept) > 100 && Number(kept) < 320, `${kept} kept`);
      assert.deepEqual(integrity, ['ok']);
    });
  }

  it('being full, gets each line whole and once from the other backend', () => {
    const { stored, said, lost } = results.fullLines;
    assert.deepEqual([stored, lost], [false, 0]);
    assert.match(words(said).join(), /^its queue is full.*,ENOSPC: no space left.*,works again$/);
  });

  it('being read-only, or by permissions, says so once, and gets all once it is not', () => {
    for (const { stored, said, lost } of results.readOnly) {
      assert.deepEqual([stored, lost], [false, 0]);
      const first = `the file or its folder can only be read: allow writing, or choose another file. ${what}`;
      assert.deepEqual(words(said), [first, 'works again']);
    }
  });
});
