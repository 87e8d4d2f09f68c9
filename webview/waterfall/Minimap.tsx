import { type PointerEvent, useMemo, useRef, useState } from 'react';
import type { TimeRange } from '../../src/core/spanColumns.ts';
import { between, clampRange } from '../../src/core/timeZoom.ts';
import { useWords } from '../app/page.tsx';
import { percent, placed } from './geometry.ts';
import { stripOf, stripWidth } from './strip.ts';
import type { Plot } from './usePlot.ts';

/** Shorter drags are clicks. */
const leastDrag = 4;

/** The whole run in a strip. A drag zooms into a part of it, a click moves the view there. */
export function Minimap({ plot }: { readonly plot: Plot }) {
  const words = useWords();
  const { model, view, setView } = plot;
  const { bounds } = model;
  const strip = useMemo(() => stripOf(model), [model]);
  const place = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number }>();

  const shareOf = (event: PointerEvent): number => {
    const { left = 0, width = 1 } = place.current?.getBoundingClientRect() ?? {};
    return Math.min(1, Math.max(0, (event.clientX - left) / width));
  };
  const timeAt = (share: number): number => bounds.from + share * (bounds.to - bounds.from);
  const range = (one: { readonly from: number; readonly to: number }): TimeRange =>
    between(timeAt(one.from), timeAt(one.to), bounds);

  const finish = (event: PointerEvent): void => {
    if (!drag) return;
    const done = { ...drag, to: shareOf(event) };
    setDrag(undefined);
    const width = place.current?.clientWidth ?? 0;
    if (Math.abs(done.to - done.from) * width >= leastDrag) setView(() => range(done));
    else setView(now => clampRange(around(timeAt(done.to), now), bounds));
  };
  const brush = placed(drag ? range(drag) : view, bounds);
  return (
    <div
      className="wf-strip"
      ref={place}
      title={words.minimapHow}
      onPointerDown={event => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ from: shareOf(event), to: shareOf(event) });
      }}
      onPointerMove={event => drag && setDrag({ ...drag, to: shareOf(event) })}
      onPointerUp={finish}
      onPointerCancel={() => setDrag(undefined)}
    >
      <svg
        aria-hidden="true"
        className="wf-strip-plot"
        viewBox={`0 0 ${stripWidth} 22`}
        preserveAspectRatio="none"
      >
        <path className="wf-strip-llm" d={strip.paths.llm} />
        <path className="wf-strip-tool" d={strip.paths.tool} />
        <path className="wf-strip-retrieval" d={strip.paths.retrieval} />
        <path className="wf-strip-failed" d={strip.paths.failed} />
      </svg>
      {strip.failed.map(({ at, recovered }) => (
        <span
          key={at}
          className={recovered ? 'wf-strip-mark wf-strip-recovered' : 'wf-strip-mark'}
          style={{ left: percent(at) }}
        />
      ))}
      <div
        className="wf-brush"
        style={{ left: percent(brush.from), width: percent(brush.to - brush.from) }}
      />
    </div>
  );
}

function around(at: number, view: TimeRange): TimeRange {
  const half = (view.to - view.from) / 2;
  return { from: at - half, to: at + half };
}
