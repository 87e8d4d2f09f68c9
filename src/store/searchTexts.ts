import type { SoughtText } from '../core/query/ast.ts';
import { type Finder, lettersOf, plainFinder, recordedFinder } from '../core/query/pattern.ts';
import type { RowId, RowRange, SpanSource, TextRow } from './dialect.ts';

// A span may have recorded hundreds of megabytes; they are searched in parts of this size.
const partBytes = 4 * 1024 * 1024;
// Parts overlap by more than what a match takes, each of its letters escaped at most.
const bytesOfLetter = 48;
const leastOverlap = 4096;
// What may precede a match in an escape has to be seen with it.
const margin = 64;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/** Finds texts in what a span recorded. */
export class TextSearch {
  /** See `lettersOf`. */
  readonly letters: string | undefined;
  private readonly plain: Finder;
  private readonly recorded: Finder;
  private readonly overlap: number;

  constructor(sought: SoughtText) {
    const { text, quoted } = sought;
    this.letters = lettersOf(sought);
    this.plain = plainFinder(sought);
    this.recorded = recordedFinder(sought);
    const stars = quoted ? 0 : text.split('*').length - 1;
    this.overlap = Math.min(
      partBytes / 2,
      Math.max(leastOverlap, text.length * bytesOfLetter + stars * 2000),
    );
  }

  isIn(source: SpanSource, row: TextRow): boolean {
    const { name, error, metadata, size } = row;
    if (error && this.plain(decoder.decode(error))) return true;
    if (name && this.plain(decoder.decode(name))) return true;
    if (!metadata) return false;
    if (this.recorded(decoder.decode(metadata))) return true;
    for (let from = metadata.length; from < size; ) {
      const at = from - this.overlap;
      const part = source.texts?.part(row.row, at, partBytes);
      if (!part || part.length <= this.overlap) return false;
      if (this.recorded(decoder.decode(part), margin)) return true;
      from = at + part.length;
    }
    return false;
  }

  /** Where it is in a text that is shown as it is. */
  inText(text: string): ReturnType<Finder> {
    return this.plain(text);
  }

  inRecorded(text: string): ReturnType<Finder> {
    return this.recorded(text);
  }
}

/** A row that was looked at, or the first of many in which nothing is. */
export interface SearchedRow {
  readonly row: RowId;
  readonly found: boolean;
}

/** Looks through rows for any of several texts, the last row first. */
export function* searchRows(
  source: SpanSource,
  range: RowRange,
  searches: readonly TextSearch[],
): Iterable<SearchedRow> {
  const isIn = (row: TextRow): boolean => searches.some(search => search.isIn(source, row));
  const letters = searches.map(search => search.letters);
  const [only] = letters;
  const { texts } = source;
  if (!texts || only === undefined || letters.length > 1) {
    for (const row of textRows(source, range)) yield { row: row.row, found: isIn(row) };
    return;
  }
  for (let { last } = range; last >= range.first; ) {
    const part = texts.end({ first: range.first, last });
    for (const row of texts.holding(part, only)) {
      const read = texts.row(row, partBytes);
      if (read && isIn(read)) yield { row, found: true };
    }
    yield { row: part.first, found: false };
    last = part.first - 1;
  }
}

function* textRows(source: SpanSource, range: RowRange): Iterable<TextRow> {
  if (source.texts) {
    yield* source.texts.rows(range, partBytes);
    return;
  }
  for (const { row, name } of [...source.rows(range)].reverse()) {
    yield readRow(source, row, encoder.encode(name));
  }
}

/** The texts of one row. */
export function textRow(source: SpanSource, row: RowId): TextRow | undefined {
  if (source.texts) return source.texts.row(row, partBytes);
  for (const { name } of source.rows({ first: row, last: row })) {
    return readRow(source, row, encoder.encode(name));
  }
  return undefined;
}

function readRow(source: SpanSource, row: RowId, name: Uint8Array): TextRow {
  const metadata = bytesOf(source.metadata(row));
  return { row, name, error: bytesOf(source.error(row)), metadata, size: metadata?.length ?? 0 };
}

const bytesOf = (text: string | undefined): Uint8Array | undefined =>
  text === undefined ? undefined : encoder.encode(text);
