import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { TraceError } from '../../src/core/errors.ts';
import { type ByteSource, type FileSet, memorySource } from '../../src/store/byteSource.ts';
import { createReader } from '../../src/store/reader.ts';
import { addToSums, type WalSums } from '../../src/store/walChecksum.ts';
import { leave, spill } from '../unit/support/leftFiles.ts';
import { all, clock, dist } from '../unit/support/traceDb.ts';
import { times } from './liveFiles.ts';
import { tempFolder } from './python.ts';

const rounds = 340 * times;
type Files = Record<'main' | 'wal' | 'journal', Uint8Array | undefined>;

/** Numbers that are the same in every run: what fails can be tried again. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const odd = [0, 1, 2, 0x7f, 0x80, 0xff];

function damage(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  const copy = bytes.slice();
  for (let i = 1 + random(6); i > 0; i--) {
    // Most of what makes a difference stands at the begin of the file and of its pages.
    const near =
      random(3) === 0
        ? random(copy.length)
        : random(2) === 0
          ? random(120)
          : 512 * random(copy.length / 512) + random(24);
    const at = Math.min(near, copy.length - 1);
    copy[at] = random(2) === 0 ? (odd[random(odd.length)] ?? 0) : random(256);
  }
  if (random(8) === 0) return copy.subarray(0, random(copy.length));
  if (random(8) === 0) copy.fill(random(2) * 255, random(copy.length), random(copy.length));
  return copy;
}

/** Makes the sums of a log right again: what its frames say is then believed. */
function signed(wal: Uint8Array): Uint8Array {
  const view = new DataView(wal.buffer, wal.byteOffset, wal.byteLength);
  const pageSize = wal.length > 32 ? view.getUint32(8) : 0;
  if (pageSize < 512 || pageSize > 65_536 || pageSize % 8 > 0) return wal;
  const sums: WalSums = [0, 0];
  const put = (at: number) => {
    for (const [i, sum] of sums.entries()) view.setUint32(at + i * 4, sum);
  };
  const big = (view.getUint32(0) & 1) === 1;
  addToSums(sums, wal, 0, 24, big);
  put(24);
  for (let at = 32; at + 24 + pageSize <= wal.length; at += 24 + pageSize) {
    wal.copyWithin(at + 8, 16, 24);
    addToSums(sums, wal, at, 8, big);
    addToSums(sums, wal, at + 24, pageSize, big);
    put(at + 16);
  }
  return wal;
}

describe('damaged databases, logs and journals give an answer or say what is wrong', function () {
  this.timeout(120_000 * times);
  const folder = tempFolder();
  after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const wasm = async () => fs.readFileSync(path.join(dist, 'sql-wasm.wasm'));
  let now: Files = { main: undefined, wal: undefined, journal: undefined };
  let round = 0;
  const source = (bytes: () => Uint8Array | undefined): ByteSource => {
    const memory = memorySource(bytes);
    return {
      ...memory,
      facts() {
        const facts = memory.facts();
        // Each round has files of its own: within one, what was committed stays as it is.
        return facts && { ...facts, identity: `round ${round}`, version: `round ${round}` };
      },
    };
  };
  const filesAt = (): FileSet => ({
    main: source(() => now.main),
    wal: source(() => now.wal),
    journal: source(() => now.journal),
    shm: source(() => undefined),
    beside: () => undefined,
  });

  /** Everything that reads: an answer, or the code of the error. */
  async function outcome(file: string, reader: ReturnType<typeof createReader>): Promise<string> {
    try {
      await reader.open(file, { kind: 'path', path: file, name: 'bad.db' });
      const { runs } = await reader.runs(file, { ...all, limit: 3 });
      for (const { runId } of runs) {
        const { spans } = await reader.spans(file, runId, { offset: 0, limit: 2 });
        for (const { spanId } of spans) await reader.span(file, spanId, clock);
      }
      return 'read';
    } catch (error) {
      assert.ok(error instanceof TraceError, `a failure in words, not ${error}`);
      return error.code;
    }
  }

  const kinds = [
    ['main', 'delete', 'main'],
    ['log', 'wal', 'wal'],
    ['journal', 'delete', 'journal'],
  ] as const;
  for (const [what, mode, part] of kinds) {
    it(`${rounds} times a damaged ${what}`, async () => {
      const file = path.join(folder, `${what}.db`);
      leave(file, mode, 512, scene => {
        if (mode === 'wal') scene.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
        scene.add(20, 'second');
        if (part === 'journal') spill(scene);
      });
      const read = (end: string) =>
        fs.existsSync(file + end) ? new Uint8Array(fs.readFileSync(file + end)) : undefined;
      const whole: Files = { main: read(''), wal: read('-wal'), journal: read('-journal') };
      const bytes = whole[part];
      assert.ok(bytes && bytes.length > 512);
      const random = numbers(what.length);
      const outcomes = new Map<string, number>();
      // Now one file that changes, now another one each time.
      let reader = createReader({ wasm, filesAt });
      for (let i = 0; i < rounds; i++) {
        if (i % 100 === 50) reader = createReader({ wasm, filesAt });
        const bad = damage(bytes, random);
        now = { ...whole, [part]: part === 'wal' && i % 2 === 0 ? signed(bad) : bad };
        round++;
        const start = performance.now();
        const code = await outcome(i % 3 === 0 ? `f${i}` : 'f', reader);
        outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
        assert.ok(performance.now() - start < 10_000, `round ${i} took too long`);
        if (i % 3 === 0) await reader.close(`f${i}`);
      }
      now = whole;
      round++;
      assert.equal(await outcome('f', reader), 'read', 'the reader lives on');
      console.log(`      ${[...outcomes].map(([code, count]) => `${code} ${count}`).join(', ')}`);
      for (const code of ['unexpected', 'outOfMemory', 'fileBusy']) assert.ok(!outcomes.has(code));
    });
  }
});
