import type { SoughtText } from '../core/query/ast.ts';
import { type Finder, plainFinder, recordedFinder } from '../core/query/pattern.ts';
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
  private readonly plain: Finder;
  private readonly recorded: Finder;
  private readonly overlap: number;

  constructor({ text, quoted }: SoughtText) {
    this.plain = plainFinder({ text, quoted });
    this.recorded = recordedFinder({ text, quoted });
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
      const part = source.metadataPart?.(row.row, at, partBytes);
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

/** The texts of rows, the last row first. */
export function* textRows(source: SpanSource, range: RowRange): Iterable<TextRow> {
  if (source.texts) yield* source.texts(range, partBytes);
  else {
    const rows = [...source.rows(range)].reverse();
    for (const { row, name } of rows) {
      const metadata = bytesOf(source.metadata(row));
      yield {
        row,
        name: encoder.encode(name),
        error: bytesOf(source.error(row)),
        metadata,
        size: metadata?.length ?? 0,
      };
    }
  }
}

export function textRow(source: SpanSource, row: RowId): TextRow | undefined {
  for (const one of textRows(source, { first: row, last: row })) return one;
  return undefined;
}

const bytesOf = (text: string | undefined): Uint8Array | undefined =>
  text === undefined ? undefined : encoder.encode(text);
