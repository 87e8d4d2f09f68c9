import type { TimeRange } from '../../src/core/spanColumns.ts';
import type { Words } from '../../src/core/words.ts';
import { atOfSlot, type RowWindow } from '../ui/useWindow.ts';
import type { Model } from './model.ts';
import { Row } from './Row.tsx';

/**
 * The rows in view. Each place in the window has one element for good: scrolling by a row changes one
 * element, and a jump changes texts and positions rather than making rows anew.
 */
export function RowSlots({
  model,
  words,
  id,
  rows,
  window: { first, length },
  view,
  width,
  folded,
  current,
  shown,
}: {
  readonly model: Model;
  readonly words: Words;
  readonly id: string;
  readonly rows: Int32Array;
  readonly window: RowWindow;
  readonly view: TimeRange;
  readonly width: number;
  readonly folded: Uint8Array;
  readonly current: number;
  readonly shown: number | undefined;
}) {
  return Array.from({ length }, (_, slot) => {
    const at = atOfSlot(first, length, slot);
    const row = rows[at];
    if (row === undefined) return null;
    return (
      <Row
        // biome-ignore lint/suspicious/noArrayIndexKey: elements keep their slot, whatever row they show
        key={slot}
        model={model}
        words={words}
        id={rowElementId(id, row)}
        row={row}
        at={at}
        view={view}
        width={width}
        folded={folded[row] === 1}
        current={row === current}
        shown={row === shown}
      />
    );
  });
}

/** The elements of the rows in the order of the tree, in which they do not stand in the page. */
export function inOrder(id: string, rows: Int32Array, { first, length }: RowWindow): string {
  return [...rows.subarray(first, first + length)].map(row => rowElementId(id, row)).join(' ');
}

export const rowElementId = (id: string, row: number): string => `${id}row${row}`;
