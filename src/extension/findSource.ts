import * as vscode from 'vscode';
import type { Source } from '../core/metadata.ts';
import { exists, folderOf, isFile } from './sources.ts';

/** The agent may have run elsewhere, so its path is also looked for by its end, in the folders we know. */
export async function findSource(
  source: Source,
  traceFile: vscode.Uri,
): Promise<vscode.Uri | undefined> {
  for (const candidate of candidates(source.file, traceFile)) {
    if (await exists(candidate)) return candidate;
  }
  return undefined;
}

function* candidates(recorded: string, traceFile: vscode.Uri): Generator<vscode.Uri> {
  const path = slashed(recorded);
  // Looking at \\server\share would send the user's credentials to whomever the trace names.
  const isShare = path.startsWith('//');
  const isAbsolute = path.startsWith('/') || /^[A-Za-z]:\//.test(path);
  if (isAbsolute && !isShare) {
    yield traceFile.with({
      path: path.startsWith('/') ? path : `/${path}`,
      query: '',
      fragment: '',
    });
  }
  const segments = path.split('/').filter(part => part !== '' && part !== '.');
  // Out of a folder, a relative path could name anything.
  if (segments.includes('..')) return;
  const folders = [
    ...(vscode.workspace.workspaceFolders ?? []).map(folder => folder.uri),
    folderOf(traceFile),
  ];
  const shortest = Math.max(0, segments.length - 8);
  for (let first = isAbsolute ? shortest : 0; first < segments.length; first++) {
    for (const folder of folders) yield vscode.Uri.joinPath(folder, ...segments.slice(first));
  }
}

/**
 * The recorded file where it is in a folder that is open: nobody is asked, so a path that only ends like one
 * of ours, or leads out of a folder, is not taken.
 */
export async function sourceInWorkspace(
  source: Source,
  traceFile: vscode.Uri,
): Promise<vscode.Uri | undefined> {
  const path = slashed(source.file);
  const segments = path.split('/').filter(part => part !== '' && part !== '.');
  if (segments.length === 0 || segments.includes('..') || path.startsWith('//')) return undefined;
  const isAbsolute = path.startsWith('/') || /^[A-Za-z]:\//.test(path);
  const folders = (vscode.workspace.workspaceFolders ?? []).map(folder => folder.uri);
  const places = isAbsolute
    ? [traceFile.with({ path: path.startsWith('/') ? path : `/${path}`, query: '', fragment: '' })]
    : [...folders, folderOf(traceFile)].map(folder => vscode.Uri.joinPath(folder, ...segments));
  for (const place of places) {
    if (vscode.workspace.getWorkspaceFolder(place) && (await isFile(place))) return place;
  }
  return undefined;
}

const slashed = (recorded: string): string => recorded.replaceAll('\\', '/');
