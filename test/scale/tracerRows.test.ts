import assert from 'node:assert/strict';
import { RowPacker, rowsOf } from '../../src/core/rowPacker.ts';
import { mostFrameBytes, readFrame } from '../../src/node/frame.ts';
import { SharedQueue } from '../../src/node/sharedQueue.ts';
import { unpackedSpan } from '../unit/support/unpackedSpan.ts';

describe('Rows that are handed over', () => {
  const hostile = {
    quotes: 'a "b" \\ c\n\u0000\u001e\u001f\u0002\u0003',
    long: `"${'é\u001f\u0002'.repeat(100)}`,
    wide: '日本語 👍'.repeat(50),
    lone: '\ud800',
    number: 0.1,
    nan: Number.NaN,
    no: null,
    gone: undefined,
    list: [1, 'two', { three: 3 }],
    big: 10n,
    date: new Date(0),
    fn: () => 1,
    error: new RangeError('out'),
    map: new Map([['k', 'v']]),
    'key "q"': 'x'.repeat(300),
    nested: { text: 'y'.repeat(300) },
  };
  const expected = {
    ...hostile,
    nan: null,
    gone: undefined,
    fn: undefined,
    big: '10',
    date: '1970-01-01T00:00:00.000Z',
    error: { name: 'RangeError', message: 'out' },
    map: { k: 'v' },
  };

  it('come back as they were, through shared memory as well', () => {
    const packer = new RowPacker();
    packer.span(
      unpackedSpan(hostile, { name: 'a\u001fb', error: 'went\u001ewrong', costUsd: undefined }),
    );
    packer.event({
      type: 'event',
      spanId: 's',
      runId: 'r',
      time: 3,
      name: 'e',
      attributes: hostile,
    });
    packer.span(unpackedSpan({ last: 'z'.repeat(200) }, { endTime: undefined, parentSpanId: 'p' }));
    const batch = packer.take();
    const slot = new SharedQueue(1_000_000).put(batch);
    assert.ok(slot);
    for (const through of [batch, readFrame(slot.memory, slot.offset)]) {
      const [first, event, last, ...more] = [...rowsOf(through)];
      assert.deepEqual(more, []);
      assert.ok(first?.type === 'span' && event?.type === 'event' && last?.type === 'span');
      assert.deepEqual(JSON.parse(first.metadata), JSON.parse(JSON.stringify(expected)));
      assert.deepEqual(event.attributes, first.metadata);
      assert.deepEqual([first.name, first.error, first.costUsd], ['a b', 'went wrong', undefined]);
      assert.deepEqual([first.startTime, first.endTime, event.time], [1.25, 2.5, 3]);
      assert.deepEqual([last.parentSpanId, last.endTime, last.error], ['p', undefined, undefined]);
      assert.equal(JSON.parse(last.metadata).last, 'z'.repeat(200));
    }
  });

  it('hold what cannot be JSON as words, and throw nothing', () => {
    const circle: Record<string, unknown> = { name: 'circle', same: [1] };
    circle.self = circle;
    circle.again = circle.same;
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    const throws = {
      get bad(): string {
        throw new Error('getter');
      },
    };
    const packer = new RowPacker();
    packer.span(unpackedSpan({ circle, deep, throws, after: 1 }));
    const [row] = [...rowsOf(packer.take())];
    assert.ok(row?.type === 'span');
    const metadata = JSON.parse(row.metadata);
    assert.deepEqual(metadata.circle, {
      name: 'circle',
      same: [1],
      self: '[circular]',
      again: [1],
    });
    assert.deepEqual(metadata.throws, { bad: '[unreadable]' });
    assert.equal(metadata.after, 1);
  });

  it('have what is theirs where only one field is another than in the row before', () => {
    const rows = [
      unpackedSpan({ query: 'one', tool: 'search' }),
      unpackedSpan({ query: 'two', tool: 'search' }),
      unpackedSpan({ query: 2, tool: 'search' }),
      unpackedSpan({ query: 'two', tool: 'x'.repeat(200) }),
      unpackedSpan({ tool: 'search', query: 'two' }, { name: 'other' }),
      unpackedSpan({}, { name: 'other', runId: 'r2' }),
      unpackedSpan({}, { name: 'other', runId: 'r2', parentSpanId: 'p' }),
      unpackedSpan({}, { name: 'other', runId: 'r2', parentSpanId: 'p', model: 'm' }),
      unpackedSpan(
        {},
        { name: 'other', runId: 'r2', parentSpanId: 'p', model: 'm', status: 'error' },
      ),
    ];
    const packer = new RowPacker();
    for (const row of rows) packer.span(row);
    const come = [...rowsOf(packer.take())].map(row =>
      row.type === 'span' ? { ...row, metadata: JSON.parse(row.metadata) } : row,
    );
    assert.deepEqual(come, rows);
  });

  it('hold what is deep within as JSON that says it, whatever stands around it', () => {
    const within = (value: unknown) => ({ list: [{ plain: 'text', value }] });
    const metadata = {
      map: within(new Map([['k', 1]])),
      big: within(5n),
      error: within(new TypeError('bad')),
      bytes: within(new Uint8Array(3)),
      own: within({ toJSON: () => 7n }),
      many: Array.from({ length: 30_000 }, (_, i) => (i === 29_999 ? new Set([i]) : i)),
    };
    const packer = new RowPacker();
    packer.span(unpackedSpan(metadata));
    const [row] = [...rowsOf(packer.take())];
    assert.ok(row?.type === 'span');
    const { many, ...come } = JSON.parse(row.metadata);
    assert.deepEqual(come, {
      map: within({ k: 1 }),
      big: within('5'),
      error: within({ name: 'TypeError', message: 'bad' }),
      bytes: within('[3 bytes]'),
      own: within('7'),
    });
    assert.deepEqual(many.slice(-2), [29_998, [29_999]]);
  });

  it('have room made for them where they are larger than 32 bits count', () => {
    const batch = { text: '', long: [], json: [], numbers: [], spans: 1, events: 0 };
    for (const bytes of [1, 716_000_000, 1_900_000_000]) {
      const most = mostFrameBytes({ ...batch, bytes });
      assert.ok(most >= 3 * bytes && most % 8 === 0, `${most} for ${bytes}`);
    }
  });

  it('are bounded by bytes, and room comes back in order', () => {
    const packer = new RowPacker();
    const batch = () => {
      packer.span(unpackedSpan({ text: 'x'.repeat(1000) }));
      return packer.take();
    };
    const queue = new SharedQueue(3000);
    const slots = [queue.put(batch()), queue.put(batch())];
    assert.ok(slots[0] && slots[1] && slots[1].offset > slots[0].offset);
    assert.ok(!queue.put(batch()));
    queue.free(slots[0].bytes);
    const third = queue.put(batch());
    assert.ok(third);
    queue.free(slots[1].bytes + third.bytes);
    assert.equal(queue.used, 0);
    assert.equal(queue.put(batch())?.offset, 0, 'an empty queue begins again');
  });
});
