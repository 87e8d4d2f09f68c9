import * as vscode from 'vscode';
import { stalenessTexts, TraceError } from '../core/errors.ts';
import { formatBytes } from '../core/format.ts';
import type { Staleness, TraceSource } from '../protocol/reader.ts';

/** Files that reach the reader as bytes are held in memory whole, more than once for a moment. */
export const maximumBytes = 256_000_000;

export function baseName(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}

export function folderOf(uri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(uri, '..');
}

/** A file for the reader: its path where the reader can open that, else its bytes. */
export async function sourceOf(uri: vscode.Uri, readsPaths: boolean): Promise<TraceSource> {
  const name = baseName(uri);
  if (isPath(uri, readsPaths)) return { kind: 'path', path: uri.fsPath, name };
  const size = (await orWords(name, vscode.workspace.fs.stat(uri))).size;
  if (size > maximumBytes) {
    throw new TraceError('fileTooLarge', [name, formatBytes(size), formatBytes(maximumBytes)]);
  }
  return { kind: 'bytes', bytes: await orWords(name, vscode.workspace.fs.readFile(uri)), name };
}

async function orWords<T>(name: string, action: Thenable<T>): Promise<T> {
  try {
    return await action;
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') {
      throw new TraceError('fileMissing', [name], error);
    }
    const words = error instanceof Error ? error.message : String(error);
    throw new TraceError('fileUnreadable', [name, words], error);
  }
}

/** The reader opens it by its path, and looks beside it; of bytes it knows nothing else. */
export const isPath = (uri: vscode.Uri, readsPaths: boolean): boolean =>
  readsPaths && uri.scheme === 'file';

/** Of a file that reaches the reader as bytes: what is written beside it is not among them. */
export async function unreadBeside(
  uri: vscode.Uri,
  readsPaths: boolean,
): Promise<Staleness | undefined> {
  if (isPath(uri, readsPaths)) return undefined;
  for (const side of sides) {
    if ((await sizeOf(beside(uri, side))) > 0)
      return { beside: side, why: stalenessTexts.fileAlone };
  }
  return undefined;
}

const sides = ['wal', 'journal'] as const;
const beside = (uri: vscode.Uri, side: (typeof sides)[number]): vscode.Uri =>
  uri.with({ path: `${uri.path}-${side}` });

/** Equal as long as a file, and what lies beside it, is unchanged; undefined where it cannot be looked at. */
export async function versionOf(uri: vscode.Uri): Promise<string | undefined> {
  const all = [uri, ...sides.map(side => beside(uri, side))];
  const [stat, ...others] = await Promise.all(all.map(statOf));
  const text = (one: vscode.FileStat | undefined) => (one ? `${one.mtime} ${one.size}` : '');
  return stat && [stat, ...others].map(text).join('/');
}

/** In bytes; 0 where the file cannot be looked at. */
export async function sizeOf(uri: vscode.Uri): Promise<number> {
  return (await statOf(uri))?.size ?? 0;
}

export async function isFile(uri: vscode.Uri): Promise<boolean> {
  return (((await statOf(uri))?.type ?? 0) & vscode.FileType.File) !== 0;
}

async function statOf(uri: vscode.Uri): Promise<vscode.FileStat | undefined> {
  try {
    return await vscode.workspace.fs.stat(uri);
  } catch {
    // Whatever keeps a file from being looked at, it cannot be opened either, which then says why.
    return undefined;
  }
}

export async function exists(uri: vscode.Uri): Promise<boolean> {
  return (await statOf(uri)) !== undefined;
}
