import assert from 'node:assert/strict';
import Mocha from 'mocha';
import { runFiles } from '../../tools/suite.ts';

/** Runs files in a Mocha of their own, its output kept out of ours. */
async function counts(...loads: (() => unknown)[]) {
  const { log } = console;
  const { Base } = Mocha.reporters;
  const { consoleLog } = Base;
  const kept = { describe: globalThis.describe, it: globalThis.it };
  console.log = () => undefined;
  Base.consoleLog = () => undefined;
  try {
    const files = loads.map((load, index) => ({ name: `${index}.test.ts`, load }));
    return await runFiles(Mocha, files, {});
  } finally {
    console.log = log;
    Base.consoleLog = consoleLog;
    Object.assign(globalThis, kept);
  }
}

describe('runFiles', () => {
  it('counts passed, failed and skipped tests', async () => {
    const load = () => {
      it('passes', () => undefined);
      it('fails', () => assert.fail());
      it.skip('is skipped', () => undefined);
    };
    assert.deepEqual(await counts(load), { passed: 1, failed: 1, skipped: 1 });
  });

  it('fails a file that defines no test', async () => {
    assert.deepEqual(await counts(() => undefined), { passed: 0, failed: 1, skipped: 0 });
  });

  it('fails a file that breaks while it is loaded, and runs the next one', async () => {
    const broken = () => {
      throw new Error('broken');
    };
    const good = () => {
      it('passes', () => undefined);
    };
    assert.deepEqual(await counts(broken, good), { passed: 1, failed: 1, skipped: 0 });
  });
});
