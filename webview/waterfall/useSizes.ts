import { type RefObject, useLayoutEffect, useState } from 'react';

/** Widths that only the page knows: of the plot, and of the scroll bar beside the rows. */
export function useSizes(
  axis: RefObject<HTMLElement | null>,
  scroller: RefObject<HTMLElement | null>,
): { readonly width: number; readonly bar: number } {
  const [sizes, setSizes] = useState({ width: 0, bar: 0 });
  useLayoutEffect(() => {
    const measure = (): void => {
      const width = axis.current?.clientWidth ?? 0;
      const bar = (scroller.current?.offsetWidth ?? 0) - (scroller.current?.clientWidth ?? 0);
      setSizes(before => (before.width === width && before.bar === bar ? before : { width, bar }));
    };
    const observer = new ResizeObserver(measure);
    for (const one of [axis.current, scroller.current]) if (one) observer.observe(one);
    measure();
    return () => observer.disconnect();
  }, [axis, scroller]);
  return sizes;
}
