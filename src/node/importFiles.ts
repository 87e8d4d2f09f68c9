// Reads files of other tools into a trace file of our own. Like everything that writes, this runs in another
// process than the reader does.
import fs from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { setImmediate as breath } from 'node:timers/promises';
import { TraceError } from '../core/errors.ts';
import { formatBytes } from '../core/format.ts';
import type { ImportedFile, ImportProgress, ImportReport } from '../core/importReport.ts';
import { filesBelow } from './importFolder.ts';
import { whyEmpty, whyUnknown } from './importRefusal.ts';
import { type ImportSource, readable, sourceOf } from './importSources.ts';
import { ImportTally } from './importTally.ts';
import { ImportWriter } from './importWriter.ts';
import { makeFolder } from './makeFolder.ts';
import { splitterOf } from './recordSplitter.ts';
import { failureWords } from './writeFailure.ts';

const chunkBytes = 1_000_000;
/** Of one line, and of one JSON document: several times as much is held while it is read. */
const mostLineBytes = 64_000_000;
const mostValueBytes = 128_000_000;

export interface ImportOptions {
  /** Files, or folders of them. */
  readonly files: readonly string[];
  /** Must not be there yet, unless it is to be replaced. */
  readonly to: string;
  readonly replace?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
}

/**
 * Imports files. The trace file has its name only once it is whole; where anything fails, or it is
 * cancelled, there is none.
 *
 * @throws TraceError
 */
export async function importFiles(options: ImportOptions): Promise<ImportReport> {
  const { to } = options;
  needSqlite();
  if (!options.replace && fs.existsSync(to)) throw new TraceError('importExists', [to]);
  const { sources, files } = await sourcesOf(options);
  const part = `${to}.part-${process.pid}`;
  try {
    const report = await fill(part, sources, files, options);
    if (options.signal?.aborted) throw new TraceError('cancelled');
    fs.renameSync(part, to);
    return report;
  } catch (error) {
    if (error instanceof TraceError) throw error;
    throw new TraceError('importNotWritten', [to, failureWords(error, to)], error);
  } finally {
    for (const end of ['', '-journal']) fs.rmSync(`${part}${end}`, { force: true });
  }
}

function needSqlite(): void {
  if (isBuiltin('node:sqlite')) return;
  throw new TraceError('importNeedsSqlite', [`Node ${process.versions.node}`]);
}

interface Sources {
  readonly sources: readonly ImportSource[];
  readonly files: readonly ImportedFile[];
}

async function sourcesOf({ files: paths, signal }: ImportOptions): Promise<Sources> {
  const sources: ImportSource[] = [];
  const files: ImportedFile[] = [];
  for (const file of await filesBelow(paths, signal)) {
    if (signal?.aborted) throw new TraceError('cancelled');
    // A cancellation is heard only in between.
    await breath();
    const source = readable(file, () => sourceOf(file));
    if (source) sources.push(source);
    files.push({
      name: file,
      format: source?.format.label,
      size: source?.size ?? fs.statSync(file).size,
    });
  }
  if (sources.length === 0) {
    throw whyUnknown(
      paths,
      files.map(({ name }) => name),
    );
  }
  return { sources, files };
}

async function fill(
  part: string,
  sources: readonly ImportSource[],
  files: readonly ImportedFile[],
  { to, signal, onProgress }: ImportOptions,
): Promise<ImportReport> {
  makeFolder(path.dirname(to));
  fs.rmSync(part, { force: true });
  // Prompts are in it: nobody else is to read it.
  fs.closeSync(fs.openSync(part, 'w', 0o600));
  const writer = new ImportWriter(part);
  try {
    const tally = new ImportTally(writer);
    const total = sources.reduce((sum, { size }) => sum + size, 0);
    const seen = new Set<string>();
    let read = 0;
    for (const source of sources) {
      await readSource(source, tally, seen, signal, bytes => {
        read += bytes;
        onProgress?.({ read, total, spans: tally.spans });
      });
    }
    const { spans } = writer.count();
    if (spans === 0) throw whyEmpty(sources);
    const lost = writer.finish();
    if (lost > 0) tally.skipped('noRun', 0, lost);
    const report = { to, files, ...writer.count(), skipped: tally.skips() };
    return report;
  } finally {
    writer.close();
  }
}

async function readSource(
  source: ImportSource,
  tally: ImportTally,
  seen: Set<string>,
  signal: AbortSignal | undefined,
  onRead: (bytes: number) => void,
): Promise<void> {
  const { format, head } = source;
  const reader = format.open(tally.sinkOf(source), seen);
  for (const { file, name } of source.parts) {
    tally.file = file;
    const to = reader.file(name);
    const most = head.shape === 'lines' ? mostLineBytes : mostValueBytes;
    const splitter = splitterOf(format.takes === 'bytes' ? 'bytes' : head.shape, to, {
      most,
      lists: format.lists ?? [],
      tooLong: line => {
        if (head.shape === 'values' && source.size > most && line === 1) {
          throw new TraceError('importTooLarge', [file, formatBytes(most)]);
        }
        tally.skipped('tooLong', line);
      },
    });
    const decoder = head.encoding === 'utf-8' ? undefined : new TextDecoder(head.encoding);
    for (const chunk of chunksOf(file)) {
      if (signal?.aborted) throw new TraceError('cancelled');
      splitter.bytes(decoder ? Buffer.from(decoder.decode(chunk, { stream: true })) : chunk);
      reader.settle();
      onRead(chunk.length);
      // A cancellation is heard only in between.
      await breath();
    }
    splitter.end();
    to.end();
  }
  reader.end();
}

/** Each is good until the next one. */
function* chunksOf(file: string): Generator<Buffer> {
  const buffer = Buffer.allocUnsafe(chunkBytes);
  const opened = readable(file, () => fs.openSync(file, 'r'));
  try {
    for (let isFirst = true; ; isFirst = false) {
      const length = readable(file, () => fs.readSync(opened, buffer, 0, chunkBytes, null));
      if (length === 0) return;
      const chunk = buffer.subarray(0, length);
      // A mark of the encoding is no part of the text.
      const isMarked = isFirst && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf;
      yield isMarked ? chunk.subarray(3) : chunk;
    }
  } finally {
    fs.closeSync(opened);
  }
}
