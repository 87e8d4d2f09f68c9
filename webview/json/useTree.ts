import {
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  useMemo,
  useRef,
  useState,
} from 'react';
import { type JsonText, pageSize, type TreeRow, type Unfolded } from './rows.ts';

export const rowKey = (row: TreeRow): string => `${row.type} ${row.node.from}`;

/** Folding and the keys of a tree: arrows, Home, End, Enter, and `*` for all of one level. */
export function useTree(json: JsonText, rowsAtFirst: number) {
  const [unfolded, setUnfolded] = useState<Unfolded>(() => json.unfolded(rowsAtFirst));
  const [active, setActive] = useState<string>();
  const place = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => json.rows(unfolded), [json, unfolded]);
  const reachable = rows.filter(row => row.type !== 'close');
  const current = reachable.find(row => rowKey(row) === active) ?? reachable[0];

  const setOpen = (nodes: readonly number[], open: boolean): void =>
    setUnfolded(before => {
      const next = new Set(before.open);
      for (const node of nodes) open ? next.add(node) : next.delete(node);
      return { ...before, open: next };
    });
  const act = (row: TreeRow): void => {
    if (row.type === 'more') {
      const shown = new Map([...unfolded.shown, [row.node.from, row.shown + pageSize]]);
      setUnfolded({ ...unfolded, shown });
    } else if (row.type === 'node' && row.open !== undefined) {
      setOpen([row.node.from], !row.open);
    }
  };
  const go = (row: TreeRow | undefined): void => {
    if (!row) return;
    const key = rowKey(row);
    setActive(key);
    place.current?.querySelector<HTMLElement>(`[data-row="${key}"]`)?.focus();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (!current || event.altKey || event.ctrlKey || event.metaKey) return;
    // A button within a row has its own Enter and Space.
    if (event.target instanceof Element && event.target.closest('button')) return;
    const at = reachable.indexOf(current);
    const keys: Readonly<Record<string, () => void>> = {
      ArrowDown: () => go(reachable[at + 1]),
      ArrowUp: () => go(reachable[at - 1]),
      Home: () => go(reachable[0]),
      End: () => go(reachable.at(-1)),
      ArrowRight: () => (isOpen(current) === false ? act(current) : go(childOf(reachable, at))),
      ArrowLeft: () => (isOpen(current) ? act(current) : go(parentOf(reachable, at))),
      Enter: () => act(current),
      ' ': () => act(current),
      '*': () => setOpen(foldedBeside(reachable, current), true),
    };
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  };
  const onClick = (event: MouseEvent<HTMLElement>): void => {
    // Marking text to copy it ends with a click too.
    if (!(event.target instanceof Element) || !document.getSelection()?.isCollapsed) return;
    if (event.target.closest('button')) return;
    const key = event.target.closest('[data-row]')?.getAttribute('data-row');
    const row = reachable.find(one => rowKey(one) === key);
    if (!row) return;
    go(row);
    act(row);
  };
  /** However a row got the focus, the keys go on from it. */
  const onFocus = (event: FocusEvent<HTMLElement>): void => {
    const key = event.target.closest('[data-row]')?.getAttribute('data-row');
    if (key) setActive(key);
  };
  return { rows, current, place, onKeyDown, onClick, onFocus };
}

const isOpen = (row: TreeRow): boolean | undefined => (row.type === 'node' ? row.open : undefined);

function childOf(rows: readonly TreeRow[], at: number): TreeRow | undefined {
  const [row, next] = [rows[at], rows[at + 1]];
  return row && next && next.depth > row.depth ? next : undefined;
}

function parentOf(rows: readonly TreeRow[], at: number): TreeRow | undefined {
  const depth = rows[at]?.depth ?? 0;
  for (let above = at - 1; above >= 0; above--) {
    const row = rows[above];
    if (row && row.depth < depth) return row;
  }
  return undefined;
}

function foldedBeside(rows: readonly TreeRow[], row: TreeRow): readonly number[] {
  const level = rows.filter(one => one.depth === row.depth && isOpen(one) === false);
  return level.slice(0, 50).map(one => one.node.from);
}
