import assert from 'node:assert/strict';
import v8 from 'node:v8';
import { garbageCollector } from '../../src/node/garbage.ts';

const used = () => v8.getHeapStatistics().used_heap_size;
const make = (count: number) => Array.from({ length: count }, (_, i) => ({ text: `text ${i}` }));

describe('the garbage collector of the reader', () => {
  it('frees what is no longer used, once there is enough of it', () => {
    const collect = garbageCollector(10_000_000);
    let held: unknown[] | undefined = make(1_000_000);
    collect();
    const full = used();
    const later = garbageCollector(10_000_000);
    assert.equal(held.length, 1_000_000);
    held = undefined;
    later();
    assert.ok(used() >= full, 'nothing was used since');
    make(1_000_000);
    later();
    assert.ok(used() < full - 30_000_000, `${used()} bytes of ${full}`);
  });
});
