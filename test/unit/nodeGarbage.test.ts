import assert from 'node:assert/strict';
import { garbageCollector, v8Heap } from '../../src/node/garbage.ts';

describe('the garbage collector of the reader', () => {
  it('frees what is no longer used, once there is enough of it', () => {
    let used = 100;
    let freed = 0;
    const heap = {
      used: () => used,
      free: () => {
        freed++;
        used = 150;
      },
    };
    const collect = garbageCollector(20, heap);
    for (const [now, times] of [
      [149, 0],
      [151, 1],
      [214, 1],
      [216, 2],
    ] as const) {
      used = now;
      collect();
      assert.equal(freed, times, `${now} bytes`);
    }
  });

  it('has V8 free it', () => {
    const heap = v8Heap();
    let held: unknown[] | undefined = Array.from({ length: 1_000_000 }, (_, i) => ({ at: `${i}` }));
    heap.free();
    const full = heap.used();
    assert.equal(held.length, 1_000_000);
    held = undefined;
    heap.free();
    assert.ok(heap.used() < full - 30_000_000, `${heap.used()} bytes of ${full}`);
  });
});
