import fs from 'node:fs';
import { brokenJson } from '../core/brokenJson.ts';
import { TraceError } from '../core/errors.ts';
import { type FileHead, readHead } from './importHead.ts';
import { formatNames, type ImportSource, readable } from './importSources.ts';

/** More is not read a second time only to say where it is broken. */
const mostBytes = 64_000_000;
/** Lines of a log may begin with a bracket too. */
const likeJson = /^\s*(?:\{\s*(?:"|\}|$)|\[\s*(?:[[{"]|\]|$))/;

/** Why there is nothing to import, where no file is in a format that is known. */
export function whyUnknown(paths: readonly string[], files: readonly string[]): TraceError {
  const asked = paths.join(', ');
  const [file] = files;
  if (file === undefined) return new TraceError('importNoFiles', [asked]);
  const unknown = new TraceError('importUnknown', [asked, formatNames()]);
  if (files.length > 1) return unknown;
  const head = readable(file, () => readHead(file));
  if (head.bytes.length === 0) return new TraceError('importFileEmpty', [file]);
  if (Buffer.from(head.bytes).toString('latin1', 0, 16) === 'SQLite format 3\0') {
    return new TraceError('importTraceFile', [file]);
  }
  const begins = new TextDecoder(head.encoding).decode(head.bytes.subarray(0, 1000));
  return (head.shape !== 'none' && likeJson.test(begins) && broken(file, head)) || unknown;
}

/** Why nothing came of files of a format that is known. */
export function whyEmpty(sources: readonly ImportSource[]): TraceError {
  const [source] = sources;
  if (source && sources.length === 1 && source.format.takes === 'records') {
    const error = broken(source.file, source.head);
    if (error) return error;
  }
  const labels = new Set(sources.map(({ format }) => format.label));
  return new TraceError('importEmpty', [
    sources.map(({ file }) => file).join(', '),
    `Format: ${[...labels].join(', ')}.`,
  ]);
}

function broken(file: string, { encoding }: FileHead): TraceError | undefined {
  return readable(file, () => {
    if (fs.statSync(file).size > mostBytes) return undefined;
    const found = brokenJson(new TextDecoder(encoding).decode(fs.readFileSync(file)));
    if (!found) return undefined;
    const { line, column, isCutOff } = found;
    return isCutOff
      ? new TraceError('importCutOff', [file, String(line)])
      : new TraceError('importBroken', [file, String(line), String(column)]);
  });
}
