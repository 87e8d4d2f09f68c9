import * as vscode from 'vscode';
import { TraceError } from '../core/errors.ts';
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
  const wal = await sizeOf(uri.with({ path: `${uri.path}-wal` }));
  return wal > 0 ? { beside: 'wal', why: 'only the file itself can be read here' } : undefined;
}

/** Equal as long as a file is unchanged; undefined where it cannot be looked at. */
export async function versionOf(uri: vscode.Uri): Promise<string | undefined> {
  const stat = await statOf(uri);
  return stat && `${stat.mtime} ${stat.size}`;
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
