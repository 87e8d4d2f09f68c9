import fs from 'node:fs';
import path from 'node:path';
import { TraceError } from '../core/errors.ts';
import type { ImportFormat } from '../formats/importFormat.ts';
import { formatOf, importFormats } from '../formats/importFormats.ts';
import { type FileHead, readHead } from './importHead.ts';

/** A file to be read, and what belongs to it. */
export interface ImportSource {
  readonly file: string;
  readonly format: ImportFormat;
  readonly head: FileHead;
  /** The file itself comes first. */
  readonly parts: readonly {
    readonly file: string;
    readonly name: string;
    readonly size: number;
  }[];
  readonly size: number;
}

/** Undefined where its content is in no format that is known. @throws where it cannot be read */
export function sourceOf(file: string): ImportSource | undefined {
  const size = sizeOf(file);
  const head = readHead(file);
  const format = head.bytes.length === 0 ? undefined : formatOf(head);
  if (!format) return undefined;
  const name = path.basename(file);
  const parts = [{ file, name, size }, ...besides(file, format)];
  return { file, format, head, parts, size: parts.reduce((sum, { size }) => sum + size, 0) };
}

/** Nothing that is no file is opened: that waits for who writes into it, and hears no signal meanwhile. */
function sizeOf(file: string): number {
  // What other programs take for their standard input.
  const stat = file === '-' ? undefined : fs.statSync(file);
  if (!stat?.isFile()) throw new TraceError('importNoFile', [file]);
  return stat.size;
}

/** @throws TraceError that says which file it was */
export function readable<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof TraceError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new TraceError('fileMissing', [file], error);
    throw new TraceError('fileUnreadable', [file, message], error);
  }
}

/** Whether `sourceOf` would give something; false for what cannot be read. */
export function isImportable(file: string): boolean {
  try {
    return sourceOf(file) !== undefined;
  } catch {
    // Whoever opens it says why.
    return false;
  }
}

/** What a format keeps beside a file, descriptions before what they describe. */
export function besides(file: string, { beside }: ImportFormat): ImportSource['parts'] {
  if (!beside) return [];
  const folder = beside.folder(path.basename(file));
  const inside = path.join(path.dirname(file), folder);
  return filesIn(inside)
    .filter(name => beside.belongs(name))
    .sort((a, b) => Number(a.endsWith('.jsonl')) - Number(b.endsWith('.jsonl')))
    .flatMap(name => {
      const part = path.join(inside, name);
      const stat = statOf(part);
      return stat?.isFile() ? [{ file: part, name: `${folder}/${name}`, size: stat.size }] : [];
    });
}

/** Of what is there and can be looked at: a link in a circle is no reason to read nothing else. */
export function statOf(file: string): fs.Stats | undefined {
  try {
    return fs.statSync(file);
  } catch {
    return undefined;
  }
}

function filesIn(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    // Most have nothing beside them.
    return [];
  }
}

export const formatNames = (): string => importFormats.map(({ label }) => label).join(', ');
