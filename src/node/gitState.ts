import { execFile } from 'node:child_process';

export interface GitState {
  readonly commit: string;
  /** Tracked files differ from the commit. */
  readonly dirty: boolean;
  readonly branch?: string;
}

const timeoutMs = 10_000;
const known = new Map<string, Promise<GitState | undefined>>();

/** What is checked out in a folder, read once per program; undefined where git or a repository is absent. */
export function gitState(folder = process.cwd()): Promise<GitState | undefined> {
  const found = known.get(folder) ?? readGit(folder);
  known.set(folder, found);
  return found;
}

function readGit(folder: string): Promise<GitState | undefined> {
  // Without optional locks, or a commit that the user makes at the same moment could fail.
  const args = [
    '--no-optional-locks',
    'status',
    '--porcelain=v2',
    '--branch',
    '--untracked-files=no',
  ];
  return new Promise(resolve => {
    try {
      const options = { cwd: folder, timeout: timeoutMs, maxBuffer: 10_000_000, windowsHide: true };
      const child = execFile('git', args, options, (error, output) =>
        resolve(error ? undefined : stateIn(output)),
      );
      // The program need not live on for this.
      child.unref();
      for (const stream of [child.stdin, child.stdout, child.stderr]) {
        (stream as unknown as { unref?(): void } | null)?.unref?.();
      }
    } catch {
      // The folder is gone, or the program may start no other.
      resolve(undefined);
    }
  });
}

export function stateIn(output: string): GitState | undefined {
  const commit = /^# branch\.oid ([0-9a-f]{7,64})$/m.exec(output)?.[1];
  const branch = /^# branch\.head ([^(\n].*)$/m.exec(output)?.[1];
  if (!commit) return undefined;
  return { commit, dirty: /^[12u] /m.test(output), ...(branch && { branch }) };
}
