import { type Style, styled, type Terminal } from './terminal.ts';

export interface Cell {
  readonly text: string;
  readonly style?: Style | undefined;
}

export interface Column {
  readonly title: string;
  readonly right?: boolean;
  /** A text: a terminal that is too narrow shortens this column, down to this width. */
  readonly shrinksTo?: number;
}

const gap = '  ';

/** A column of texts takes half of a line at most: one long name would push all else out of sight. */
const widest = (available = 160): number => Math.max(40, Math.floor(available / 2));

/** Aligned rows below their titles, as wide as needed, but no wider than the terminal. */
export function table(
  terminal: Terminal,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): string {
  const widths = columns.map(({ title, shrinksTo }, index) => {
    const needed = rows.reduce(
      (most, row) => Math.max(most, width(row[index]?.text ?? '')),
      width(title),
    );
    // Nothing stands behind the last one.
    const isBounded = shrinksTo !== undefined && index < columns.length - 1;
    return isBounded ? Math.min(needed, widest(terminal.columns)) : needed;
  });
  fit(widths, columns, terminal.columns);
  const line = (cells: readonly Cell[]): string =>
    cells
      .map((cell, index) => {
        const text = shorten(cell.text, widths[index] ?? 0);
        const space = ' '.repeat(Math.max(0, (widths[index] ?? 0) - width(text)));
        const shown = styled(terminal, cell.style, text);
        if (columns[index]?.right) return space + shown;
        return index === cells.length - 1 ? shown : shown + space;
      })
      .join(gap)
      .trimEnd();
  const titles = columns.map(column => ({ text: column.title, style: 'dim' as const }));
  return [titles, ...rows].map(row => `${line(row)}\n`).join('');
}

/** Takes what is too much from the widest of the columns that may shrink. */
function fit(widths: number[], columns: readonly Column[], available: number | undefined): void {
  if (available === undefined) return;
  const total = (): number =>
    widths.reduce((sum, one) => sum + one, gap.length * (widths.length - 1));
  while (total() > available) {
    let most = -1;
    columns.forEach((column, index) => {
      const now = widths[index] ?? 0;
      if (now > (column.shrinksTo ?? now) && now > (widths[most] ?? 0)) most = index;
    });
    if (most < 0) return;
    widths[most] = (widths[most] ?? 1) - 1;
  }
}

/** A text no wider than a number of columns; what is left out shows as an ellipsis. */
export function shorten(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of segments.segment(text)) {
    used += widthOf(segment);
    if (used > columns - 1) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

const segments = new Intl.Segmenter('en', { granularity: 'grapheme' });
// Scripts that terminals draw two columns wide (Unicode, East Asian Width), and emoji.
const wide =
  /^[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]|^\p{Emoji_Presentation}/u;

const widthOf = (segment: string): number => (wide.test(segment) ? 2 : 1);

/** Columns that a text takes on a terminal. */
export function width(text: string): number {
  // Nearly every text is plain, and segmenting costs a hundred times as much.
  if (/^[\u0020-\u024F\u2010-\u2027\u2190-\u21FF\u2500-\u25FF]*$/.test(text)) return text.length;
  let columns = 0;
  for (const { segment } of segments.segment(text)) columns += widthOf(segment);
  return columns;
}
