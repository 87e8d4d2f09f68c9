import fs from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');
export const vsixFile = path.join(root, 'agent-trace-inspector.vsix');

/** A path in the repository, from its parts. */
export function inRepo(...parts: string[]): string {
  return path.join(root, ...parts);
}

/** Files that match a pattern, as paths from the repository's root, with forward slashes, sorted. */
export function findFiles(pattern: string): string[] {
  const found = fs.globSync(pattern, { cwd: root });
  return found.map(file => file.split(path.sep).join('/')).sort();
}
