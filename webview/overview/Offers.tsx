import { useEffect, useRef } from 'react';
import type { Offer } from '../../src/core/query/complete.ts';
import { useWords } from '../app/page.tsx';

/** What could be typed, below the field, which keeps the focus. */
export function Offers({
  id,
  options,
  active,
  take,
}: {
  readonly id: string;
  readonly options: readonly Offer[];
  /** -1: none of them. */
  readonly active: number;
  readonly take: (index: number) => void;
}) {
  const words = useWords();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <div
      className="offers"
      role="listbox"
      id={`${id}list`}
      ref={list}
      tabIndex={-1}
      aria-label={words.queryOffers}
    >
      {options.map(({ label }, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus, and the keys
        <div
          className="offer"
          role="option"
          id={`${id}${index}`}
          key={label}
          tabIndex={-1}
          aria-selected={index === active}
          // The field keeps the focus.
          onMouseDown={event => event.preventDefault()}
          onClick={() => take(index)}
        >
          {label}
        </div>
      ))}
    </div>
  );
}
