import { type RefObject, useEffect, useState } from 'react';
import { flushSync } from 'react-dom';

/** Rows beyond the edges: what a fast wheel passes between two frames. */
const beyond = 4;

export interface RowWindow {
  /** The first row that is drawn. */
  readonly first: number;
  readonly length: number;
  /** Pixels that are seen. */
  readonly top: number;
  readonly height: number;
}

/** Which rows of a fixed height are worth drawing. Drawn in the frame of the scroll that asks for them. */
export function useWindow(scroller: RefObject<HTMLElement | null>, rowHeight: number): RowWindow {
  const [seen, setSeen] = useState({ top: 0, height: 0 });
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = (): void => {
      const { scrollTop: top, clientHeight: height } = element;
      setSeen(before =>
        before.top === top && before.height === height ? before : { top, height },
      );
    };
    // React would leave it to a later task, and the frame would show rows that are not there yet.
    const scrolled = (): void => flushSync(look);
    element.addEventListener('scroll', scrolled, { passive: true });
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    look();
    return () => {
      element.removeEventListener('scroll', scrolled);
      sizes.disconnect();
    };
  }, [scroller]);
  const first = Math.max(0, Math.floor(seen.top / rowHeight) - beyond);
  const length = Math.ceil(seen.height / rowHeight) + 1 + 2 * beyond;
  return { first, length, ...seen };
}

/** The row of the window that a slot shows: the one whose place leaves the slot as its remainder. */
export const atOfSlot = (first: number, length: number, slot: number): number =>
  first + ((((slot - first) % length) + length) % length);
