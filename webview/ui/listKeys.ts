import type { KeyboardEvent } from 'react';

/**
 * One tab stop for a whole list: the arrow keys lead from item to item.
 *
 * @param list what holds the items, as a selector
 * @param item of what is pressed in it
 * @param move makes another item the tab stop
 */
export function stepThrough(
  event: KeyboardEvent<HTMLElement>,
  { list, item }: { readonly list: string; readonly item: string },
  at: number,
  move: (to: number) => void,
): void {
  const around = event.currentTarget.closest(list);
  const items = [...(around?.querySelectorAll<HTMLElement>(item) ?? [])];
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + 10,
    PageUp: at - 10,
    Home: 0,
    End: items.length - 1,
  };
  const to = moves[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const target = Math.min(items.length - 1, Math.max(0, to));
  move(target);
  items[target]?.focus();
}
