import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { Icon } from './Icon.tsx';

export interface MenuItem {
  readonly label: string;
  readonly key: string | undefined;
  run(): void;
}

/** The “…” button with its menu: arrow keys, Home, End, first letters; Escape and Tab close it. */
export function Menu({
  label,
  groups,
}: {
  readonly label: string;
  readonly groups: readonly (readonly MenuItem[])[];
}) {
  const [open, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();

  useEffect(() => {
    if (!open) return;
    items(place.current)[0]?.focus();
    const outside = (event: Event): void => {
      if (!(event.target instanceof Node && place.current?.contains(event.target))) setOpen(false);
    };
    const left = (): void => setOpen(false);
    document.addEventListener('pointerdown', outside);
    window.addEventListener('blur', left);
    return () => {
      document.removeEventListener('pointerdown', outside);
      window.removeEventListener('blur', left);
    };
  }, [open]);

  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };

  return (
    <div className="menu-place" ref={place}>
      <button
        type="button"
        className="icon-button"
        ref={button}
        title={label}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
        onKeyDown={event => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        <Icon name="more" />
      </button>
      {open && (
        <div
          className="menu"
          role="menu"
          id={id}
          tabIndex={-1}
          aria-label={label}
          onKeyDown={event => onKey(event, place.current, close)}
        >
          {groups.flatMap((group, index) => [
            ...(index > 0 ? [<hr className="menu-rule" key={group[0]?.label ?? ''} />] : []),
            ...group.map(item => (
              <button
                type="button"
                className="menu-item"
                role="menuitem"
                tabIndex={-1}
                key={`${item.label} `}
                onClick={() => {
                  close();
                  item.run();
                }}
              >
                <span>{item.label}</span>
                {item.key && <span>{item.key}</span>}
              </button>
            )),
          ])}
        </div>
      )}
    </div>
  );
}

const items = (place: HTMLElement | null): HTMLButtonElement[] => [
  ...(place?.querySelectorAll<HTMLButtonElement>('[role=menuitem]') ?? []),
];

function onKey(event: KeyboardEvent, place: HTMLElement | null, close: () => void): void {
  const all = items(place);
  const at = all.indexOf(document.activeElement as HTMLButtonElement);
  const letter = event.key.length === 1 && event.key !== ' ' ? event.key.toLowerCase() : '';
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: (at + 1) % all.length,
    ArrowUp: (at - 1 + all.length) % all.length,
    Home: 0,
    End: all.length - 1,
  };
  if (event.key === 'Escape' || event.key === 'Tab') close();
  const starts = (one: HTMLButtonElement): boolean =>
    (one.textContent ?? '').toLowerCase().startsWith(letter);
  const found = [...all.slice(at + 1), ...all.slice(0, at + 1)].find(starts);
  const target = letter ? found : all[moves[event.key] ?? -1];
  target?.focus();
  if (target || event.key === 'Escape') event.preventDefault();
  event.stopPropagation();
}
