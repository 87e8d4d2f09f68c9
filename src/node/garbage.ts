import v8 from 'node:v8';
import vm from 'node:vm';

/** The memory of JavaScript. */
export interface Heap {
  /** In bytes, with what is no longer needed and not freed yet. */
  used(): number;
  free(): void;
}

/**
 * Makes what frees memory that JavaScript no longer needs, where enough has been used since.
 *
 * V8 lets its heap grow to a multiple of what is in use before it looks through it, the more the larger the
 * machine; reading millions of rows leaves hundreds of megabytes behind that way.
 *
 * @param worth bytes; fewer are left to V8
 */
export function garbageCollector(worth: number, heap: Heap = v8Heap()): () => void {
  let least = heap.used();
  return () => {
    // What is in use has to be looked through each time.
    if (heap.used() < least * 1.3 + worth) return;
    heap.free();
    least = heap.used();
  };
}

/** Leaves what is new the few megabytes that it has; V8 would let them grow to a hundred, and keep them. */
export function keepYoungSmall(): void {
  v8.setFlagsFromString('--semi-space-growth-factor=1');
}

/** Frees nothing where V8 cannot be told to. */
export function v8Heap(): Heap {
  v8.setFlagsFromString('--expose-gc');
  const gc: unknown = vm.runInNewContext('globalThis.gc');
  return {
    used() {
      const { used_heap_size, external_memory } = v8.getHeapStatistics();
      return used_heap_size + external_memory;
    },
    free: () => {
      if (typeof gc === 'function') gc();
    },
  };
}
