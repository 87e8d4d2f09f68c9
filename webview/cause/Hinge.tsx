import { useLayoutEffect, useRef, useState } from 'react';
import type { CauseRule } from '../../src/core/causality.ts';
import { useWords } from '../app/page.tsx';

/** The line from what was asked to what was received: solid where it is certain, dashed and dotted where inferred. */
export function Hinge({ rule }: { readonly rule: CauseRule }) {
  const words = useWords();
  const cell = useRef<HTMLDivElement>(null);
  const top = useHingeTop(cell);
  const label = {
    'tool-use-id': words.hingeToolUseId,
    ancestor: words.hingeAncestor,
    preceding: words.hingePreceding,
    descendant: words.hingeDescendant,
  }[rule];
  return (
    <div className={`hinge hinge-${rule}`} ref={cell}>
      <div className="hinge-across" style={{ top }}>
        <svg viewBox="0 0 64 12" aria-hidden="true">
          <path className="hinge-line" d="M0 6h57" />
          <path className="hinge-head" d="M64 6l-8-4.5v9z" />
        </svg>
        <p className="small second">{label}</p>
      </div>
      <div className="hinge-down">
        <svg viewBox="0 0 12 44" aria-hidden="true">
          <path className="hinge-line" d="M6 0v37" />
          <path className="hinge-head" d="M6 44l-4.5-8h9z" />
        </svg>
        <p className="small second">{label}</p>
      </div>
    </div>
  );
}

/** At the level of the first followed value that was received, else of its first line. */
function useHingeTop(cell: { readonly current: HTMLDivElement | null }): number {
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const here = cell.current;
    const pair = here?.parentElement;
    if (!here || !pair) return;
    const measure = (): void => {
      const text = pair.querySelector('.cell-received .cell-text');
      const target = text?.querySelector('.followed') ?? text;
      if (!target) return;
      const rect = target.getBoundingClientRect();
      const middle = target === text ? 15 : rect.height / 2;
      setTop(rect.top - here.getBoundingClientRect().top + middle - 6);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(pair);
    return () => observer.disconnect();
  }, [cell]);
  return top;
}
