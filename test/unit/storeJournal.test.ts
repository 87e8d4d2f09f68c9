import assert from 'node:assert/strict';
import { memorySource } from '../../src/store/byteSource.ts';
import { HotJournal, journalKey } from '../../src/store/journal.ts';
import { superJournalOf } from '../../src/store/superJournal.ts';

const pageSize = 512;
const sector = 512;
const recordSize = pageSize + 8;

interface Segment {
  readonly pages: readonly number[];
  readonly nonce: number;
  readonly count?: number;
}

/** A journal as SQLite writes it, of a database that had ten pages. */
function journalOf(segments: readonly Segment[]): Uint8Array {
  const parts: number[] = [];
  for (const { pages, nonce, count = pages.length } of segments) {
    while (parts.length % sector > 0) parts.push(0);
    const header = new Uint8Array(sector);
    const view = new DataView(header.buffer);
    header.set([0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7]);
    const words = [count, nonce, 10, sector, pageSize];
    for (const [i, word] of words.entries()) view.setUint32(8 + i * 4, word);
    parts.push(...header);
    for (const page of pages) parts.push(...recordOf(page, nonce));
  }
  return Uint8Array.from(parts);
}

function recordOf(page: number, nonce: number): Uint8Array {
  const record = new Uint8Array(recordSize).fill(page, 4, recordSize - 4);
  const view = new DataView(record.buffer);
  view.setUint32(0, page);
  // Of 512 bytes, those at 312 and 112 are summed.
  view.setUint32(recordSize - 4, nonce + 2 * page);
  return record;
}

function journal(bytes: Uint8Array): HotJournal | undefined {
  const source = memorySource(() => bytes);
  const facts = source.facts();
  return facts && HotJournal.read(source, facts);
}
const keyOf = (bytes: Uint8Array): string => {
  const source = memorySource(() => bytes);
  return journalKey(source, source.facts());
};
const placeOf = (index: number): number => sector + index * recordSize;

describe('a rollback journal', () => {
  it('says where the images of pages lie, in all of its segments', () => {
    const bytes = journalOf([
      { pages: [3, 1], nonce: 77 },
      { pages: [4], nonce: 78 },
    ]);
    const hot = journal(bytes);
    assert.deepEqual([hot?.pages, hot?.pageSize], [10, pageSize]);
    const second = Math.ceil(placeOf(2) / sector) * sector;
    assert.deepEqual(
      [3, 1, 4, 2].map(page => hot?.recordOf(page)),
      [placeOf(0), placeOf(1), second + sector, undefined],
    );
    assert.equal(hot?.isRecord(bytes.subarray(placeOf(1), placeOf(2)), 1), true);
    assert.equal(hot?.isRecord(recordOf(1, 5), 1), false, 'one of a later transaction');
  });

  it('changes nothing as long as its header is zeroed or counts no pages', () => {
    const bytes = journalOf([{ pages: [3], nonce: 1 }]);
    assert.notEqual(keyOf(bytes), '');
    assert.equal(keyOf(bytes.slice().fill(0, 0, 28)), '', 'as PERSIST leaves it');
    assert.equal(keyOf(journalOf([{ pages: [3], nonce: 1, count: 0 }])), '');
    assert.equal(keyOf(new Uint8Array()), '', 'as TRUNCATE leaves it');
    assert.equal(keyOf(Uint8Array.from({ length: 600 }, () => 7)), '', 'no journal at all');
  });

  it('that does not wait for the disk leaves its number of pages open', () => {
    const hot = journal(journalOf([{ pages: [3, 2], nonce: 1, count: 0xffffffff }]));
    assert.deepEqual([hot?.recordOf(3), hot?.recordOf(2)], [placeOf(0), placeOf(1)]);
  });

  it('ends at the first record that is not whole', () => {
    const bytes = journalOf([{ pages: [3, 2, 5], nonce: 1 }]);
    bytes[placeOf(1) + 4 + 312] = 99;
    const hot = journal(bytes);
    assert.deepEqual(
      [3, 2, 5].map(page => hot?.recordOf(page)),
      [placeOf(0), undefined, undefined],
    );
    const cut = journal(bytes.subarray(0, placeOf(1) - 1));
    assert.equal(cut?.recordOf(3), undefined);
  });

  it('passes over pages that the database did not have', () => {
    const hot = journal(journalOf([{ pages: [11, 2], nonce: 1 }]));
    assert.deepEqual([hot?.recordOf(11), hot?.recordOf(2)], [undefined, placeOf(1)]);
  });

  it('that its writer adds to says which pages are new', () => {
    let bytes = journalOf([{ pages: [3, 1], nonce: 77 }]);
    const source = memorySource(() => bytes);
    const factsOf = () => source.facts() ?? { size: 0, identity: '', version: '' };
    const hot = HotJournal.read(source, factsOf());
    assert.deepEqual(hot?.update(source, factsOf()), []);
    const key = keyOf(bytes);
    bytes = journalOf([{ pages: [3, 1, 7], nonce: 77 }]);
    assert.deepEqual(hot?.update(source, factsOf()), [7]);
    assert.equal(hot?.recordOf(7), placeOf(2));
    assert.equal(keyOf(bytes), key, 'the transaction is the same');
    assert.notEqual(keyOf(journalOf([{ pages: [3], nonce: 78 }])), key);
  });

  it('whose number of pages is written in place within a tick of the clock is read on', () => {
    let bytes = journalOf([{ pages: [3, 1, 7], nonce: 77, count: 2 }]);
    const source = memorySource(() => bytes);
    const facts = source.facts() ?? { size: 0, identity: '', version: '' };
    const hot = HotJournal.read(source, facts);
    assert.equal(hot?.recordOf(7), undefined);
    bytes = journalOf([{ pages: [3, 1, 7], nonce: 77 }]);
    assert.deepEqual(hot?.update(source, facts), [7]);
    assert.deepEqual(hot?.update(source, facts), []);
  });

  it('that its writer adds to is not read again from its begin on', () => {
    const pages = Array.from({ length: 400 }, (_, i) => 1 + (i % 10));
    let bytes: Uint8Array = new Uint8Array();
    let reads = 0;
    const memory = memorySource(() => bytes);
    const source = {
      ...memory,
      read: (into: Uint8Array, position: number) => {
        reads++;
        return memory.read(into, position);
      },
    };
    const update = (hot: HotJournal | undefined, segments: readonly Segment[]) => {
      bytes = journalOf(segments);
      const facts = source.facts() ?? { size: 0, identity: '', version: '' };
      reads = 0;
      const added = hot?.update(source, facts);
      return { hot: hot ?? HotJournal.read(source, facts), added };
    };
    const first = { pages: pages.filter(page => page !== 9 && page !== 10), nonce: 77 };
    const { hot } = update(undefined, [first]);
    assert.ok(reads > 300);
    assert.deepEqual(update(hot, [{ ...first, pages: [...first.pages, 9] }]).added, [9]);
    assert.ok(reads < 10, `${reads} reads in the same segment`);
    const second = { pages: [10, 9], nonce: 78 };
    assert.deepEqual(update(hot, [{ ...first, pages: [...first.pages, 9] }, second]).added, [10]);
    assert.ok(reads < 10, `${reads} reads in the next one`);
    const segment = Math.ceil(placeOf(first.pages.length + 1) / sector) * sector;
    assert.equal(hot?.recordOf(10), segment + sector);
  });

  it('of a transaction over several databases names the file that decides', () => {
    const name = new TextEncoder().encode('/tmp/größer.db-mj0');
    const sums = [
      name.reduce((sum, byte) => sum + byte, 0),
      new Int8Array(name).reduce((sum, byte) => (sum + byte) >>> 0, 0),
    ];
    for (const sum of sums) {
      const tail = new Uint8Array(name.length + 16);
      const view = new DataView(tail.buffer);
      tail.set(name);
      view.setUint32(name.length, name.length);
      view.setUint32(name.length + 4, sum);
      tail.set([0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7], name.length + 8);
      assert.equal(
        superJournalOf(
          memorySource(() => tail),
          tail.length,
        ),
        '/tmp/größer.db-mj0',
      );
      tail[0] = 1;
      assert.equal(
        superJournalOf(
          memorySource(() => tail),
          tail.length,
        ),
        undefined,
      );
    }
  });
});
