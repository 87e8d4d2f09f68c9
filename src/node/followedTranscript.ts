import fs from 'node:fs';
import { claudeCode } from '../formats/claudeCode.ts';
import type { FileReader, SourceReader } from '../formats/importFormat.ts';
import { besides, type ImportSource, statOf } from './importSources.ts';
import { LineSplitter } from './recordSplitter.ts';
import type { StoredTranscript, TranscriptRow } from './transcriptStore.ts';

const chunkBytes = 1_000_000;
const mostLineBytes = 64_000_000;

interface Part {
  readonly to: FileReader;
  readonly splitter: LineSplitter;
  /** Of the file that was begun: another may stand under its name, which is no shorter. */
  readonly inode: number | undefined;
  offset: number;
}

/** Sizes and times of a transcript's files; undefined where it is gone. */
export function versionOf(file: string): string | undefined {
  const stat = statOf(file);
  if (!stat) return undefined;
  const parts = besides(file, claudeCode).map(({ name, size }) => `${name} ${size}`);
  return [`${stat.size} ${stat.mtimeMs}`, ...parts].join('\n');
}

/** A transcript that is read on as it is written. */
export class FollowedTranscript {
  readonly file: string;
  readonly #seen: Set<string>;
  readonly #parts = new Map<string, Part>();
  readonly #runIds = new Set<string>();
  #reader: SourceReader;
  #rows: TranscriptRow[] = [];

  /** @param seen ids of what was read already, of all transcripts */
  constructor(file: string, seen: Set<string>) {
    this.file = file;
    this.#seen = seen;
    this.#reader = this.#open();
  }

  /**
   * Reads what has come since, some of it at a time.
   *
   * @param store takes each portion; it throws where that cannot be stored
   * @returns false where the file was cut or replaced, and is to be read anew
   */
  async readOn(
    store: (rows: readonly TranscriptRow[], state: StoredTranscript) => Promise<void>,
  ): Promise<boolean> {
    const version = versionOf(this.file);
    if (version === undefined) return true;
    const main = { file: this.file, name: this.file, size: fs.statSync(this.file).size };
    for (const part of [main, ...besides(this.file, claudeCode)]) {
      if (!(await this.#readPart(part, store))) return false;
    }
    this.#reader.settle();
    await this.#hand(store, version);
    return true;
  }

  async #readPart(
    { file, name, size }: ImportSource['parts'][number],
    store: Parameters<FollowedTranscript['readOn']>[0],
  ): Promise<boolean> {
    const inode = statOf(file)?.ino;
    const part = this.#parts.get(file) ?? this.#begin(file, name, inode);
    if (size < part.offset || inode !== part.inode) return false;
    if (size === part.offset) return true;
    const opened = fs.openSync(file, 'r');
    try {
      const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, size - part.offset));
      while (part.offset < size) {
        const length = fs.readSync(opened, buffer, 0, buffer.length, part.offset);
        if (length === 0) break;
        part.offset += length;
        part.splitter.bytes(buffer.subarray(0, length));
        // Not the version of the whole: a reader that ends here reads the file anew the next time.
        if (part.offset < size) await this.#hand(store, '');
      }
    } finally {
      fs.closeSync(opened);
    }
    // A description is one value without an end of its line.
    if (name.endsWith('.meta.json')) part.splitter.end();
    return true;
  }

  async #hand(store: Parameters<FollowedTranscript['readOn']>[0], version: string): Promise<void> {
    const rows = this.#rows;
    this.#rows = [];
    try {
      await store(rows, { version, runIds: [...this.#runIds] });
    } catch (error) {
      // They are read only once: what could not be stored goes with what comes next.
      this.#rows = rows;
      throw error;
    }
  }

  #begin(file: string, name: string, inode: number | undefined): Part {
    const to = this.#reader.file(name);
    const splitter = new LineSplitter(
      { record: (text, line) => to.record?.(text, line), tooLong: () => undefined },
      mostLineBytes,
    );
    const part: Part = { to, splitter, inode, offset: 0 };
    this.#parts.set(file, part);
    return part;
  }

  #open(): SourceReader {
    return claudeCode.open(
      {
        span: span => {
          this.#runIds.add(span.runId);
          this.#rows.push({ span });
          return true;
        },
        event: event => {
          this.#rows.push({ event });
        },
        log: () => undefined,
        // The transcript itself is beside it for whoever misses a line.
        skipped: () => undefined,
      },
      this.#seen,
    );
  }
}
