import { type RefObject, useEffect, useRef } from 'react';
import { pan, zoomAbout } from '../../src/core/timeZoom.ts';
import type { Plot } from './usePlot.ts';

/**
 * Ctrl and the wheel zoom about the pointer, Shift and the wheel move sideways.
 *
 * @param axis the element whose width is that of the time shown
 */
export function useWheel(
  place: RefObject<HTMLElement | null>,
  axis: RefObject<HTMLElement | null>,
  plot: Plot,
): void {
  const latest = useRef(plot);
  useEffect(() => {
    latest.current = plot;
  });
  useEffect(() => {
    const element = place.current;
    const turned = (event: WheelEvent): void => {
      const { left = 0, width = 0 } = axis.current?.getBoundingClientRect() ?? {};
      // Browsers turn a wheel with Shift into a sideways one.
      const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      if (width === 0 || (!event.ctrlKey && !sideways)) return;
      event.preventDefault();
      const by = pixels(event);
      const { setView } = latest.current;
      if (!event.ctrlKey) {
        setView((view, bounds) => pan(view, by / width, bounds));
        return;
      }
      const share = (event.clientX - left) / width;
      const factor = 1.002 ** Math.max(-400, Math.min(400, by));
      setView((view, bounds) =>
        zoomAbout(view, view.from + share * (view.to - view.from), factor, bounds),
      );
    };
    // React's own listeners are passive: they could not keep the page from scrolling.
    element?.addEventListener('wheel', turned, { passive: false });
    return () => element?.removeEventListener('wheel', turned);
  }, [place, axis]);
}

/** How far a wheel was turned; some count in lines. */
const pixels = ({ deltaX, deltaY, deltaMode }: WheelEvent): number =>
  (Math.abs(deltaX) > Math.abs(deltaY) ? deltaX : deltaY) * (deltaMode === 0 ? 1 : 16);
