import { type RefObject, useEffect, useState } from 'react';
import { rowHeight } from './geometry.ts';

/** Where a row is of what is in view. */
export type Side = 'here' | 'above' | 'below';

export function sideOf(place: number, top: number, height: number): Side {
  const middle = (place + 0.5) * rowHeight;
  if (middle < top) return 'above';
  return middle > top + height ? 'below' : 'here';
}

/** Where some places of the list are. Draws anew only when one comes into view or leaves it. */
export function useSides(
  scroller: RefObject<HTMLElement | null>,
  places: readonly number[],
): readonly Side[] {
  const [sides, setSides] = useState<readonly Side[]>([]);
  const key = places.join();
  // After the rows, which stand below what is drawn with this, have got their element.
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const at = key.split(',').map(Number);
    const look = (): void => {
      const { scrollTop, clientHeight } = element;
      const next = at.map(place => sideOf(place, scrollTop, clientHeight));
      setSides(before => (before.join() === next.join() ? before : next));
    };
    element.addEventListener('scroll', look, { passive: true });
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    look();
    return () => {
      element.removeEventListener('scroll', look);
      sizes.disconnect();
    };
  }, [scroller, key]);
  return sides;
}
