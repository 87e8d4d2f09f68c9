import type { BigIntStats } from 'node:fs';
import { constants } from 'node:fs';
import fs from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { TraceError } from '../core/errors.ts';
import { formatBytes } from '../core/format.ts';
import type { Staleness, TraceSource } from '../protocol/reader.ts';
import type { FileBytes } from '../store/reader.ts';

/** Larger files are refused: they are read whole, and more would not leave room for anything else. */
export const maxFileBytes = 1_500_000_000;

const attempts = 4;
const pieceBytes = 16 * 1024 * 1024;

/**
 * Reads a trace file whole. It is only ever opened for reading, and never by SQLite, whose locks belong
 * to the process: closing the file here would drop those of a writer in the same one.
 *
 * @param known the identity of what is held already; undefined is returned where the file still has it
 * @param cap size in bytes from which a file is refused
 */
export async function readTraceFile(
  source: Extract<TraceSource, { kind: 'path' }>,
  known: string | undefined,
  cap: number = maxFileBytes,
): Promise<FileBytes | undefined> {
  const { path, name } = source;
  try {
    for (let attempt = 1; ; attempt++) {
      const before = await fs.stat(path, { bigint: true });
      checkKind(before, name);
      if (before.size > cap) {
        throw new TraceError('fileTooLarge', [
          name,
          formatBytes(Number(before.size)),
          formatBytes(cap),
        ]);
      }
      const staleness = await stalenessOf(path);
      const identity = identityOf(before, staleness);
      if (identity === known) return undefined;
      const bytes = await readWhole(path, Number(before.size));
      const after = await fs.stat(path, { bigint: true });
      const same = bytes !== undefined && identityOf(after, staleness) === identity;
      if (same) return { bytes, staleness, identity };
      // A file under a steady writer may never keep still. What was read last then has to do: whether its
      // pages fit together, SQLite says.
      if (bytes && attempt >= attempts) return { bytes, staleness, identity: '' };
      await wait(20 * attempt);
    }
  } catch (error) {
    throw asTraceError(error, name);
  }
}

function checkKind(stats: BigIntStats, name: string): void {
  if (stats.isFile()) return;
  const what = stats.isDirectory() ? 'it is a folder' : 'it is no ordinary file';
  throw new TraceError('fileUnreadable', [name, what]);
}

/** Undefined where the file shrank meanwhile. */
async function readWhole(path: string, size: number): Promise<Uint8Array | undefined> {
  // A pipe put in the file's place since it was looked at would block an ordinary open for ever.
  const handle = await fs.open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size; ) {
      const { bytesRead } = await handle.read(bytes, at, Math.min(pieceBytes, size - at), at);
      if (bytesRead === 0) return undefined;
      at += bytesRead;
    }
    return bytes;
  } finally {
    await handle.close();
  }
}

const identityOf = (stats: BigIntStats, staleness: Staleness | undefined): string =>
  [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs, staleness].join(' ');

async function stalenessOf(path: string): Promise<Staleness | undefined> {
  if (await holdsData(`${path}-wal`)) return 'wal';
  return (await holdsData(`${path}-journal`)) ? 'journal' : undefined;
}

/** A journal whose header is zeroed is finished: SQLite leaves it so in its mode PERSIST. */
async function holdsData(path: string): Promise<boolean> {
  try {
    const stats = await fs.stat(path);
    if (!stats.isFile() || stats.size === 0) return false;
    const [first] = (await readWhole(path, 1)) ?? [];
    return first !== 0;
  } catch {
    // Not there, or not readable by us: then there is nothing to say about it.
    return false;
  }
}

function asTraceError(thrown: unknown, name: string): TraceError {
  if (thrown instanceof TraceError) return thrown;
  const { code, message } = thrown as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new TraceError('fileMissing', [name], thrown);
  if (/allocation failed|invalid typed array length/i.test(message)) {
    return new TraceError('outOfMemory', [name], thrown);
  }
  const words: Readonly<Record<string, string>> = {
    EACCES: 'permission denied',
    EPERM: 'not permitted',
    EIO: 'the disk reports an error',
    EBUSY: 'another program keeps it locked',
  };
  return new TraceError('fileUnreadable', [name, words[code ?? ''] ?? message], thrown);
}
