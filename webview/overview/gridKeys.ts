/** Where the keys of a grid act: on a row, or on a head of a column. */
export type GridPlace =
  | { readonly row: number; readonly head?: undefined }
  | { readonly head: number; readonly row?: undefined };

export interface GridSize {
  readonly rows: number;
  readonly heads: number;
  /** Rows in view. */
  readonly page: number;
}

/** The place that a key moves to; undefined for a key that moves nowhere. */
export function movedBy(key: string, at: GridPlace, size: GridSize): GridPlace | undefined {
  const row = (to: number): GridPlace => ({ row: Math.max(0, Math.min(to, size.rows - 1)) });
  if (at.head !== undefined) {
    const head = (to: number): GridPlace => ({ head: (to + size.heads) % size.heads });
    if (key === 'ArrowRight') return head(at.head + 1);
    if (key === 'ArrowLeft') return head(at.head - 1);
    if (key === 'Home') return head(0);
    if (key === 'End') return head(size.heads - 1);
    return (key === 'ArrowDown' || key === 'PageDown') && size.rows > 0 ? row(0) : undefined;
  }
  if (size.rows === 0) return key === 'ArrowUp' ? { head: 0 } : undefined;
  if (key === 'ArrowUp') return at.row === 0 ? { head: 0 } : row(at.row - 1);
  if (key === 'ArrowDown') return row(at.row + 1);
  if (key === 'Home') return row(0);
  if (key === 'End') return row(size.rows - 1);
  if (key === 'PageUp') return row(at.row - size.page);
  return key === 'PageDown' ? row(at.row + size.page) : undefined;
}
