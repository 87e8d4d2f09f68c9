import assert from 'node:assert/strict';
import type { ByteSource } from '../../src/store/byteSource.ts';
import { ReadAhead } from '../../src/store/readAhead.ts';

const page = 4096;

/** A file whose every page begins with its number, and what was read of it. */
function file(size: number): { source: ByteSource; reads: { from: number; to: number }[] } {
  const reads: { from: number; to: number }[] = [];
  const source: ByteSource = {
    facts: () => undefined,
    release: () => undefined,
    read(into, position) {
      const length = Math.max(0, Math.min(into.length, size - position));
      reads.push({ from: position, to: position + length });
      for (let at = 0; at < length; at++) {
        if ((position + at) % page === 0) into[at] = (position + at) / page;
      }
      return length;
    },
  };
  return { source, reads };
}

function readPages(ahead: ReadAhead, pages: Iterable<number>): void {
  const into = new Uint8Array(page);
  for (const number of pages) {
    into.fill(0);
    assert.equal(ahead.read(into, number * page), page);
    assert.equal(into[0], number % 256, `page ${number}`);
  }
}
const range = (from: number, to: number, step = 1): number[] =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step);
const bytesOf = (reads: readonly { from: number; to: number }[]): number =>
  reads.reduce((sum, { from, to }) => sum + to - from, 0);

describe('reading ahead', () => {
  it('takes more and more at once where pages follow one another', () => {
    const { source, reads } = file(2000 * page);
    readPages(new ReadAhead(source), range(0, 1000));
    assert.ok(reads.length < 30, `${reads.length} reads for 1,000 pages`);
    assert.ok(bytesOf(reads) < 1100 * page);
    assert.ok(Math.max(...reads.map(({ from, to }) => to - from)) <= 256 * 1024);
  });

  it('reads nothing for nothing where most pages are passed over', () => {
    const { source, reads } = file(20_000 * page);
    readPages(new ReadAhead(source), range(0, 10_000, 13));
    assert.equal(bytesOf(reads), 770 * page);
  });

  it('gives up where only few of the pages ahead are asked for', () => {
    const { source, reads } = file(20_000 * page);
    readPages(new ReadAhead(source), range(0, 5000, 5));
    assert.ok(bytesOf(reads) < 3500 * page, `${bytesOf(reads) / page} pages for 1,000`);
  });

  it('does not read ahead of pages that are read from the end on, or at random', () => {
    for (const pages of [range(0, 100).reverse(), range(0, 100).map(i => (i * 37) % 100)]) {
      const { source, reads } = file(100 * page);
      readPages(new ReadAhead(source), pages);
      assert.ok(bytesOf(reads) <= 104 * page);
    }
  });

  it('does not touch the bytes on which writers hold their locks', () => {
    const { source, reads } = file(0x40000000 + 100 * page);
    const lock = 0x40000000 / page;
    readPages(new ReadAhead(source), [...range(lock - 50, lock), ...range(lock + 1, lock + 50)]);
    for (const { from, to } of reads) {
      assert.ok(to <= 0x40000000 || from >= 0x40000000 + 512, `${from} to ${to}`);
    }
    assert.ok(reads.length < 50);
  });

  it('says how much there was at the end of the file', () => {
    const { source } = file(10 * page - 100);
    const ahead = new ReadAhead(source);
    readPages(ahead, range(0, 9));
    assert.equal(ahead.read(new Uint8Array(page), 9 * page), page - 100);
    assert.equal(ahead.read(new Uint8Array(page), 20 * page), 0);
  });

  it('forgets what it has read when it is told to', () => {
    const { source, reads } = file(100 * page);
    const ahead = new ReadAhead(source);
    readPages(ahead, range(0, 3));
    ahead.drop();
    reads.length = 0;
    readPages(ahead, [3]);
    assert.equal(reads.length, 1);
  });
});
