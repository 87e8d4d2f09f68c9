import type { SkipReason } from '../core/importReport.ts';
import type { UnpackedEvent, UnpackedSpan } from '../core/rowPacker.ts';
import type { SpanLog } from './otlpLog.ts';

/** Where what is read goes, as it is read. */
export interface ImportSink {
  /** False where a span of this id is there already, and this one is not kept. */
  span(span: UnpackedSpan): boolean;
  event(event: UnpackedEvent): void;
  /** A record of a log, which adds to the span that it is of, wherever that stands. */
  log(log: SpanLog, line: number): void;
  /** @param line counted from 1; 0 where the format has none */
  skipped(why: SkipReason, line: number): void;
}

/** The beginning of a file, by which its format is told. */
export interface Head {
  readonly bytes: Uint8Array;
  /** The values of its first lines, where each is one; else none. */
  readonly values: readonly unknown[];
  /** Keys of the first object, as far as the beginning goes; of the first object of a list of them. */
  readonly keys: ReadonlySet<string>;
}

/** Reads one file of a source. */
export interface FileReader {
  /** The next JSON text, usually a line. It may be broken: then it is said to be skipped. */
  record?(text: string, line: number): void;
  /** The next bytes, of formats that are no text. */
  bytes?(bytes: Uint8Array): void;
  /** No more comes of this file. */
  end(): void;
}

/** Reads one source: a file, and what belongs to it beside it. */
export interface SourceReader {
  /** @param name relative to the folder of the file that was opened, with `/` */
  file(name: string): FileReader;
  /** Hands over what is known of what is not finished, so that it can be shown. */
  settle(): void;
  /** No more comes of any file. */
  end(): void;
}

/** A format that can be read: one file each in this folder. */
export interface ImportFormat {
  readonly id: string;
  /** What people call it. */
  readonly label: string;
  readonly takes: 'records' | 'bytes';
  /** Lists in a document, by their names, whose elements can be read one by one: as a document each. */
  readonly lists?: readonly string[];
  /** Spans come more than once, each time with more; else the first of an id counts. */
  readonly rewrites?: true;
  detect(head: Head): boolean;
  /** @param seen ids of what was read already, of all sources of one import: what is twice counts once */
  open(sink: ImportSink, seen: Set<string>): SourceReader;
  /** Whether a file, named like in `SourceReader.file`, belongs to the one of this name. */
  readonly beside?: {
    folder(name: string): string;
    belongs(name: string): boolean;
  };
}
