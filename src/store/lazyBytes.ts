import type { PageView } from './pageView.ts';

const mostPages = 0xfffffffe;

/**
 * What sql.js takes for the bytes of a file; what SQLite asks for is read when it asks.
 *
 * sql.js keeps what `slice` returns and from then on calls only `subarray` (read in version 1.16.0, which
 * package.json pins; `lazyWorks` tries it). It asks for the length but once, and the file may grow: the
 * largest possible one stands for it, and the header says how many pages there are.
 */
export function lazyBytes(view: PageView, pageSize: number): Uint8Array {
  const content = {
    length: pageSize * mostPages,
    buffer: undefined,
    slice: () => content,
    subarray: (from: number, to: number) => view.read(from, to - from),
    set: () => view.refuseWrite(),
  };
  return content as unknown as Uint8Array;
}
