import assert from 'node:assert/strict';
import { type ByteSource, memorySource } from '../../src/store/byteSource.ts';
import { Wal } from '../../src/store/wal.ts';
import { addToSums, type WalSums } from '../../src/store/walChecksum.ts';
import { readShm } from '../../src/store/walShm.ts';

const pageSize = 512;
const frameSize = pageSize + 24;

interface Frame {
  readonly page: number;
  /** Size of the database in pages, where the frame ends a transaction. */
  readonly commit?: number;
  readonly salt?: number;
}

/** A log as SQLite writes it. */
function walOf(frames: readonly Frame[], { big = false, salt = 7 } = {}): Uint8Array {
  const bytes = new Uint8Array(32 + frames.length * frameSize);
  const view = new DataView(bytes.buffer);
  const sums: WalSums = [0, 0];
  const put = (at: number) => {
    for (const [i, sum] of sums.entries()) view.setUint32(at + i * 4, sum);
  };
  const words = [0x377f0682 + Number(big), 3_007_000, pageSize, 0, salt, salt + 1];
  for (const [i, word] of words.entries()) view.setUint32(i * 4, word);
  addToSums(sums, bytes, 0, 24, big);
  put(24);
  frames.forEach((frame, index) => {
    const at = 32 + index * frameSize;
    view.setUint32(at, frame.page);
    view.setUint32(at + 4, frame.commit ?? 0);
    view.setUint32(at + 8, frame.salt ?? salt);
    view.setUint32(at + 12, salt + 1);
    bytes.fill(index + 1, at + 24, at + frameSize);
    addToSums(sums, bytes, at, 8, big);
    addToSums(sums, bytes, at + 24, pageSize, big);
    put(at + 16);
  });
  return bytes;
}

function wal(bytes: Uint8Array): Wal {
  const log = new Wal();
  log.update(memorySource(() => bytes));
  return log;
}
const placeOf = (index: number): number => 32 + index * frameSize;

describe('a write-ahead log', () => {
  for (const big of [false, true]) {
    it(`counts up to its last commit, with ${big ? 'big' : 'little'}-endian sums`, () => {
      const frames = [
        { page: 2 },
        { page: 3, commit: 9 },
        { page: 2, commit: 8 },
        { page: 4 },
        { page: 2 },
      ];
      const log = wal(walOf(frames, { big }));
      assert.deepEqual([log.frames, log.pages, log.pageSize], [3, 8, pageSize]);
      assert.deepEqual(
        [2, 3, 4].map(page => log.frameOf(page)),
        [placeOf(2), placeOf(1), undefined],
      );
    });
  }

  it('ends before a frame whose sum, salt or page is wrong', () => {
    const frames = [
      { page: 1, commit: 1 },
      { page: 2, commit: 2 },
      { page: 3, commit: 3 },
    ];
    const torn = walOf(frames);
    torn[placeOf(1) + 100] = 0;
    assert.equal(wal(torn).pages, 1);
    const older = walOf([...frames.slice(0, 2), { page: 3, commit: 3, salt: 6 }]);
    assert.equal(wal(older).pages, 2, 'a frame of the log that was there before');
    assert.equal(wal(walOf([{ page: 0, commit: 1 }])).frames, 0);
    assert.equal(wal(walOf(frames).subarray(0, placeOf(3) - 1)).pages, 2, 'cut off');
  });

  it('is none where its header is not that of one', () => {
    for (const at of [0, 4, 9, 24]) {
      const bytes = walOf([{ page: 1, commit: 1 }]);
      bytes[at] = 0xee;
      assert.deepEqual([wal(bytes).frames, wal(bytes).key], [0, '']);
    }
    assert.equal(wal(new Uint8Array(20)).key, '');
  });

  it('is read on from its last commit as it grows', () => {
    const frames: Frame[] = [{ page: 1, commit: 1 }, { page: 2 }];
    let bytes = walOf(frames);
    const memory = memorySource(() => bytes);
    const reads: number[] = [];
    const source: ByteSource = {
      ...memory,
      read(into, position) {
        reads.push(position);
        return memory.read(into, position);
      },
    };
    const log = new Wal();
    log.update(source);
    assert.equal(log.frames, 1);
    bytes = walOf([...frames, { page: 3, commit: 3 }]);
    reads.length = 0;
    log.update(source);
    assert.deepEqual([log.frames, log.pages], [3, 3]);
    assert.deepEqual(reads, [0, placeOf(1)], 'the header, and what follows the commit');
  });

  it('begun anew over itself has only its new frames', () => {
    let bytes = walOf([
      { page: 1, commit: 1 },
      { page: 5, commit: 5 },
    ]);
    const source = memorySource(() => bytes);
    const log = new Wal();
    log.update(source);
    const anew = walOf([{ page: 2, commit: 6 }], { salt: 8 });
    const old = bytes;
    bytes = old.slice();
    bytes.set(anew);
    assert.equal(log.isFrame(bytes.subarray(32), 1), false, 'it is seen on reading');
    log.update(source);
    assert.deepEqual([log.frames, log.pages, log.frameOf(5)], [1, 6, undefined]);
    bytes = bytes.subarray(0, 10);
    log.update(source);
    assert.deepEqual([log.frames, log.key], [0, '']);
  });
});

describe('the file that writers of a log share', () => {
  const shm = (): Uint8Array => {
    const bytes = new Uint8Array(32_768);
    for (const at of [0, 48]) bytes.set([1, 2, 3, 4, 5, 6, 7, 8], at + 32);
    bytes.set([5, 1], 128);
    return bytes;
  };
  it('says how far the log was copied into the file', () => {
    assert.deepEqual(readShm(memorySource(shm)), { salts: '0102030405060708', attempted: 261 });
  });
  it('says nothing while it is being written, cut off or missing', () => {
    const torn = shm();
    torn[40] = 9;
    assert.equal(readShm(memorySource(() => torn)), undefined);
    assert.equal(readShm(memorySource(() => shm().subarray(0, 130))), undefined);
    assert.equal(readShm(memorySource(() => undefined)), undefined);
  });
  it('is not read where writers hold locks', () => {
    const bytes = shm();
    const memory = memorySource(() => bytes);
    const read = (into: Uint8Array, position: number): number => {
      assert.ok(position + into.length <= 120 || position >= 128, `${position}, ${into.length}`);
      return memory.read(into, position);
    };
    assert.ok(readShm({ ...memory, read }));
  });
});
