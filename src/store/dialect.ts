import type { KindHints } from '../core/kind.ts';
import type { SpanEvent, SpanId, UnixMs, Usage, Usd } from '../core/model.ts';
import type { Price } from '../core/price.ts';
import type { ResultSize } from '../core/resultSize.ts';
import type { Schema } from './schema.ts';
import type { Db } from './sqlite.ts';

/** Says which row of the file a span is; a span that was not written yet stands between two rows. */
export type RowId = number;

/** A span as a dialect reads it for lists; `spanId` and `runId` are undefined where they are NULL. */
export interface NarrowRow {
  readonly row: RowId;
  readonly spanId: string | undefined;
  readonly runId: string | undefined;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly start: UnixMs | undefined;
  readonly end: UnixMs | undefined;
  readonly recordedStatus: string | undefined;
  readonly model: string | undefined;
  readonly usage: Usage;
  readonly recordedCost: Usd | undefined;
  /** Its first 500 characters. */
  readonly error: string | undefined;
  /** Read of roots only. */
  readonly sessionId: string | undefined;
  /** What its columns say of its kind; most dialects say it in the metadata, which lists do not read. */
  readonly hints?: KindHints | undefined;
}

/** Rows from the first to the last one, both included. */
export interface RowRange {
  readonly first: RowId;
  readonly last: RowId;
}

/** The texts of a span as bytes in UTF-8. */
export interface TextRow {
  readonly row: RowId;
  readonly name: Uint8Array | undefined;
  readonly error: Uint8Array | undefined;
  /** Its beginning, as many bytes as were asked for. */
  readonly metadata: Uint8Array | undefined;
  /** How many bytes it has. */
  readonly size: number;
}

/** The texts of many spans at once. */
export interface TextSource {
  /** The last row first; of the metadata, a beginning. */
  rows(range: RowRange, most: number): Iterable<TextRow>;
  row(row: RowId, most: number): TextRow | undefined;
  /** Bytes of a span's metadata from one on. */
  part(row: RowId, from: number, most: number): Uint8Array | undefined;
  /** The last thousand rows of a range. */
  end(range: RowRange): RowRange;
  /** Rows, the last one first, in whose texts letters or digits stand, in any case; of a text, up to a NUL. */
  holding(range: RowRange, letters: string): readonly RowId[];
}

/** What costs need of a span's metadata. */
export interface ToolResultRow {
  readonly row: RowId;
  readonly hints: KindHints;
  /** Undefined where the metadata has to be asked. */
  readonly size: ResultSize | undefined;
}

/** All that a span recorded beside its columns. */
export interface RecordedRow {
  readonly row: RowId;
  readonly hints: KindHints;
  readonly metadata: string | undefined;
}

/** A file's spans, read as one dialect records them. */
export interface SpanSource {
  /** The user's own prices, and those of the table after them; undefined: only these. */
  readonly prices?: readonly Price[] | undefined;
  /** Two rows may have the same `spanId`. */
  readonly idsMayRepeat: boolean;
  /** In the order of rows. */
  rows(range: RowRange): Iterable<NarrowRow>;
  /** The first and the last row; undefined where there is none. */
  bounds(): RowRange | undefined;
  /** The row from which there are so many up to the given one; undefined where there are fewer. */
  rowBefore(last: RowId, count: number): RowId | undefined;
  rowOf(spanId: SpanId): RowId | undefined;
  hints(range: RowRange): Iterable<readonly [RowId, KindHints]>;
  /** Absent where that takes reading the metadata of each span. */
  toolResults?(range: RowRange): Iterable<ToolResultRow>;
  metadata(row: RowId): string | undefined;
  /** What `hints` and `metadata` say of many spans, in one query. Absent where they are read from elsewhere. */
  recorded?(range: RowRange): Iterable<RecordedRow>;
  /** Whether a span's metadata holds a text, without reading it. */
  mentions(row: RowId, text: string): boolean;
  error(row: RowId): string | undefined;
  /** Absent where texts can only be read one by one. */
  readonly texts?: TextSource | undefined;
  /** Every column but the metadata. */
  raw(row: RowId): readonly (readonly [column: string, value: string])[];
  /** The same, whole, each value as JSON. */
  values(row: RowId, asText?: boolean): readonly (readonly [column: string, json: string])[];
  /** The setting of a span's recorder that keeps prompts, answers and tool data out of the file. */
  contentSetting?(row: RowId): string;
  /** The events of a span are found without looking through those of all. */
  readonly seeksEvents: boolean;
  /** @param exact with the times as recorded as well */
  events(
    spanId: SpanId,
    exact?: boolean,
  ): { readonly events: readonly SpanEvent[]; readonly total: number };
}

/** How one tracer lays spans down in SQLite. */
export interface Dialect {
  readonly name: string;
  /** For the words of an error. */
  readonly label: string;
  /** Tables and columns that a file would need to be read as one; none where it is one. */
  lacks(schema: Schema): readonly string[];
  /** @param bytes size of the file */
  open(db: Db, schema: Schema, bytes: number): SpanSource;
}
