import { type RefObject, useEffect, useRef } from 'react';
import { rowHeight } from './geometry.ts';

/** Brings a row into view when another one takes its place, or at a jump to it. */
export function useInView(
  scroller: RefObject<HTMLElement | null>,
  at: number,
  jumps: number,
): void {
  // At first the top is in view; the row of the keys may have been kept from before.
  const before = useRef({ at: 0, jumps });
  useEffect(() => {
    const element = scroller.current;
    const last = before.current;
    before.current = { at, jumps };
    if (!element || (last.at === at && last.jumps === jumps)) return;
    const { scrollTop, clientHeight } = element;
    const top = at * rowHeight;
    if (top >= scrollTop && top + rowHeight <= scrollTop + clientHeight) return;
    // A step scrolls by a step; after a jump one wants to see what is around.
    const far = last.jumps !== jumps || Math.abs(last.at - at) > clientHeight / rowHeight;
    const nearest = top < scrollTop ? top : top + rowHeight - clientHeight;
    element.scrollTop = far ? top - (clientHeight - rowHeight) / 2 : nearest;
  }, [scroller, at, jumps]);

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
