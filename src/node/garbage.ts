import v8 from 'node:v8';
import vm from 'node:vm';

/**
 * Makes what frees memory that JavaScript no longer uses, where enough has been used since.
 *
 * V8 lets its heap grow to a multiple of what is in use before it looks through it, the more the larger the
 * machine; reading millions of rows leaves hundreds of megabytes behind that way.
 *
 * @param worth bytes; fewer are left to V8
 */
export function garbageCollector(worth: number): () => void {
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc') as () => void;
  let least = used();
  return () => {
    // What is in use has to be looked through each time.
    if (used() < least * 1.3 + worth) return;
    collect();
    least = used();
  };
}

const used = (): number => v8.getHeapStatistics().used_heap_size;
