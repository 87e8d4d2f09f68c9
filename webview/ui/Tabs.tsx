import type { KeyboardEvent, ReactNode } from 'react';
import './tabs.css';

export interface Tab<T extends string> {
  readonly id: T;
  readonly label: string;
  readonly count: string | undefined;
  /** Said instead of nothing when the tab has no content. */
  readonly empty: string | undefined;
}

export const tabId = (id: string): string => `tab-${id}`;
export const panelId = (id: string): string => `panel-${id}`;

/** One tab stop; arrow keys, Home and End choose. */
export function Tabs<T extends string>({
  label,
  tabs,
  selected,
  select,
  children,
}: {
  readonly label: string;
  readonly tabs: readonly Tab<T>[];
  readonly selected: T;
  readonly select: (id: T) => void;
  /** Stands at the end of the bar. */
  readonly children?: ReactNode;
}) {
  const onKey = (event: KeyboardEvent<HTMLElement>): void => {
    const at = tabs.findIndex(tab => tab.id === selected);
    const moves: Readonly<Record<string, number>> = {
      ArrowRight: (at + 1) % tabs.length,
      ArrowLeft: (at - 1 + tabs.length) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    };
    const target = tabs[moves[event.key] ?? -1];
    if (!target) return;
    event.preventDefault();
    select(target.id);
    event.currentTarget.querySelector<HTMLElement>(`#${tabId(target.id)}`)?.focus();
  };
  return (
    <div className="tab-bar">
      <div className="tabs" role="tablist" aria-label={label} tabIndex={-1} onKeyDown={onKey}>
        {tabs.map(tab => (
          <button
            type="button"
            key={tab.id}
            id={tabId(tab.id)}
            className={tab.empty ? 'tab tab-empty' : 'tab'}
            role="tab"
            aria-selected={tab.id === selected}
            aria-controls={panelId(tab.id)}
            tabIndex={tab.id === selected ? 0 : -1}
            title={tab.empty}
            onClick={() => select(tab.id)}
          >
            {tab.label}
            {tab.count && <span className="tab-count"> {tab.count}</span>}
          </button>
        ))}
      </div>
      {children}
    </div>
  );
}
