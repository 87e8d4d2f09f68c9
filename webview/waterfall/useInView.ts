import { type RefObject, useEffect, useRef } from 'react';
import { placeOf } from '../../src/core/foldedRows.ts';
import { spanIdAt } from '../../src/core/spanColumns.ts';
import { rowHeight } from './geometry.ts';
import type { Plot } from './usePlot.ts';

/** Brings the row of the keys into view when it is another one, at a jump to it, and when folds move it. */
export function useInView(
  scroller: RefObject<HTMLElement | null>,
  { model, rows, current, jumps }: Pick<Plot, 'model' | 'rows' | 'current' | 'jumps'>,
): void {
  const at = placeOf(rows, current);
  // At first the top is in view; the row of the keys may have been kept from before.
  const before = useRef({ model, current: 0, at: 0, jumps });
  useEffect(() => {
    const element = scroller.current;
    const last = before.current;
    before.current = { model, current, at, jumps };
    if (!element || (last.at === at && last.jumps === jumps)) return;
    // A file that is written to puts rows above it; whoever scrolled away from it stays there.
    const isSame = spanIdAt(last.model.data, last.current) === spanIdAt(model.data, current);
    if (last.model !== model && last.jumps === jumps && isSame) return;
    const { scrollTop, clientHeight } = element;
    const top = at * rowHeight;
    if (top >= scrollTop && top + rowHeight <= scrollTop + clientHeight) return;
    // A step scrolls by a step; after a jump one wants to see what is around.
    const far = last.jumps !== jumps || Math.abs(last.at - at) > clientHeight / rowHeight;
    const nearest = top < scrollTop ? top : top + rowHeight - clientHeight;
    element.scrollTop = far ? top - (clientHeight - rowHeight) / 2 : nearest;
  }, [scroller, model, current, at, jumps]);

  // Beside a panel that has just opened there is less room: what was in view stays so.
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let height = element.clientHeight;
    const observer = new ResizeObserver(() => {
      const was = height;
      height = element.clientHeight;
      const bottom = (at + 1) * rowHeight;
      const { scrollTop } = element;
      const seen = at * rowHeight >= scrollTop && bottom <= scrollTop + was;
      if (seen && bottom > scrollTop + height) element.scrollTop = bottom - height;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, at]);
}
