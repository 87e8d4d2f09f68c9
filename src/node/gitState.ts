import { execFile } from 'node:child_process';

export interface GitState {
  readonly commit: string;
  /** Tracked files differ from the commit. */
  readonly dirty: boolean;
  readonly branch?: string;
}

const timeoutMs = 10_000;
/** An answer is good for so long, and for so many times as long as it took: git may read a whole tree for it. */
const goodFor = { ms: 10_000, times: 50 };

interface Answer {
  readonly state: Promise<GitState | undefined>;
  /** Of the steady clock, in milliseconds; infinite until git has answered. */
  goodUntil: number;
}
const known = new Map<string, Answer>();

/**
 * What is checked out in a folder; undefined where git or a repository is absent, which is not asked again.
 * Gives the same promise until the last answer is old.
 */
export function gitState(folder: string, good = goodFor): Promise<GitState | undefined> {
  const last = known.get(folder);
  if (last && performance.now() < last.goodUntil) return last.state;
  const asked = performance.now();
  const answer: Answer = { state: readGit(folder), goodUntil: Number.POSITIVE_INFINITY };
  known.set(folder, answer);
  void answer.state.then(state => {
    const now = performance.now();
    if (state) answer.goodUntil = now + Math.max(good.ms, (now - asked) * good.times);
  });
  return answer.state;
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
