import {
  type BigIntStats,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { TraceError } from '../core/errors.ts';
import type { TraceSource } from '../protocol/reader.ts';
import type { ByteSource, FileFacts, FileSet } from '../store/byteSource.ts';

/**
 * A database on the disk and what SQLite keeps beside it, all only ever opened for reading. SQLite itself
 * never opens them: its locks belong to the process, and closing such a file drops those of everyone in it.
 * For the same reason nothing else in this process may write to them with SQLite.
 */
export function filesAt({ path: file, name }: Extract<TraceSource, { kind: 'path' }>): FileSet {
  const beside = (end: string) => new DiskSource(() => target(file) + end, name + end);
  return {
    main: new DiskSource(() => file, name),
    wal: beside('-wal'),
    journal: beside('-journal'),
    shm: beside('-shm'),
    beside(other) {
      // A file may name any other; looking for one on a share would hand that server our credentials.
      if (path.dirname(other) !== path.dirname(realPath(file))) return undefined;
      return existsSync(other);
    },
  };
}

/** SQLite follows a link, save on Windows, and keeps its files beside what it leads to. */
function target(file: string): string {
  if (process.platform === 'win32') return file;
  const isLink = lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink();
  return isLink ? realPath(file) : file;
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    // It is gone; the next look at it says so.
    return path.resolve(file);
  }
}

class DiskSource implements ByteSource {
  private readonly path: () => string;
  private readonly name: string;
  private open: { readonly descriptor: number; readonly identity: string } | undefined;

  constructor(file: () => string, name: string) {
    this.path = file;
    this.name = name;
  }

  facts(): FileFacts | undefined {
    const stats = this.attempt(() =>
      statSync(this.path(), { bigint: true, throwIfNoEntry: false }),
    );
    if (this.open && (!stats || identityOf(stats) !== this.open.identity)) this.release();
    if (!stats) return undefined;
    checkKind(stats, this.name);
    return {
      size: Number(stats.size),
      identity: identityOf(stats),
      version: [identityOf(stats), stats.size, stats.mtimeNs, stats.ctimeNs].join(' '),
    };
  }

  read(into: Uint8Array, position: number): number {
    return this.attempt(() => {
      const descriptor = this.descriptor();
      if (descriptor === undefined) return 0;
      let got = 0;
      while (got < into.length) {
        const read = readSync(descriptor, into, got, into.length - got, position + got);
        if (read === 0) break;
        got += read;
      }
      return got;
    });
  }

  release(): void {
    if (this.open) closeSync(this.open.descriptor);
    this.open = undefined;
  }

  private descriptor(): number | undefined {
    if (!this.open) {
      const descriptor = openForReading(this.path());
      if (descriptor === undefined) return undefined;
      this.open = { descriptor, identity: identityOf(fstatSync(descriptor, { bigint: true })) };
    }
    return this.open.descriptor;
  }

  private attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw asTraceError(error, this.name);
    }
  }
}

function openForReading(file: string): number | undefined {
  try {
    // A pipe put in the file's place since it was looked at would block an ordinary open for ever.
    return openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const identityOf = ({ dev, ino }: BigIntStats): string => `${dev}:${ino}`;

function checkKind(stats: BigIntStats, name: string): void {
  if (stats.isFile()) return;
  const what = stats.isDirectory() ? 'it is a folder' : 'it is no ordinary file';
  throw new TraceError('fileUnreadable', [name, what]);
}

function asTraceError(thrown: unknown, name: string): TraceError {
  if (thrown instanceof TraceError) return thrown;
  const { code, message } = thrown as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new TraceError('fileMissing', [name], thrown);
  const words: Readonly<Record<string, string>> = {
    EACCES: 'permission denied',
    EPERM: 'not permitted',
    EIO: 'the disk reports an error',
    EBUSY: 'another program keeps it locked',
  };
  return new TraceError('fileUnreadable', [name, words[code ?? ''] ?? message], thrown);
}
