import fs from 'node:fs';
import path from 'node:path';

/** Tells when a trace file, or its -wal or -journal, may have changed. */
export interface PathFollower {
  /** @returns ends it */
  follow(file: string, changed: () => void): () => void;
  dispose(): void;
}

/** Network drives and some containers tell nothing by themselves. */
const pollEvery = 2000;
const sides = ['', '-wal', '-journal'] as const;

interface Followed {
  readonly names: ReadonlySet<string>;
  readonly changed: () => void;
  looked: string | undefined;
}

interface Folder {
  readonly files: Map<string, Followed>;
  watcher: fs.FSWatcher | undefined;
  /** Of the folder that is watched: another may stand under its name by now. */
  inode: bigint | undefined;
}

/**
 * Follows files by watching their folders, which also tells of files that are replaced, deleted and made
 * anew; and by looking at their size and time now and then, for where a folder tells nothing.
 *
 * No file is opened: closing one would drop the locks of a writer in the same process.
 *
 * @param every milliseconds between two looks
 * @param watch opens no watcher where it throws; the looks go on
 */
export function followPaths(every = pollEvery, watch: typeof fs.watch = fs.watch): PathFollower {
  const folders = new Map<string, Folder>();
  let timer: NodeJS.Timeout | undefined;

  function start(name: string, folder: Folder): void {
    folder.inode = inodeOf(name);
    if (folder.inode === undefined) return;
    try {
      const watcher = watch(name, { persistent: false }, (_, entry) => {
        for (const { names, changed } of folder.files.values()) {
          if (entry === null || names.has(entry)) changed();
        }
      });
      folder.watcher = watcher;
      watcher.on('error', () => stop(folder));
    } catch (error) {
      // As where too many are watched already. The looks go on without it.
      if (!(error instanceof Error && 'code' in error)) throw error;
    }
  }

  function stop(folder: Folder): void {
    folder.watcher?.close();
    folder.watcher = undefined;
  }

  async function look(): Promise<void> {
    for (const [name, folder] of folders) {
      if (!folder.watcher || inodeOf(name) !== folder.inode) {
        stop(folder);
        start(name, folder);
      }
      for (const [file, followed] of folder.files) {
        const seen = await stateOf(file);
        const other = followed.looked !== undefined && followed.looked !== seen;
        followed.looked = seen;
        if (other && folder.files.get(file) === followed) followed.changed();
      }
    }
    plan();
  }

  function plan(): void {
    timer = folders.size === 0 ? undefined : setTimeout(look, every).unref();
  }

  return {
    follow(file, changed) {
      const name = path.dirname(file);
      let folder = folders.get(name);
      if (!folder) {
        folder = { files: new Map(), watcher: undefined, inode: undefined };
        folders.set(name, folder);
        start(name, folder);
      }
      const base = path.basename(file);
      const followed = {
        names: new Set(sides.map(side => base + side)),
        changed,
        looked: undefined,
      };
      const held = folder;
      held.files.set(file, followed);
      timer ?? plan();
      return () => {
        if (held.files.get(file) !== followed) return;
        held.files.delete(file);
        if (held.files.size > 0) return;
        stop(held);
        folders.delete(name);
      };
    },
    dispose() {
      clearTimeout(timer);
      for (const folder of folders.values()) stop(folder);
      folders.clear();
    },
  };
}

function inodeOf(folder: string): bigint | undefined {
  try {
    return fs.statSync(folder, { bigint: true }).ino;
  } catch {
    // Not there, or not to be seen; the next look may find it.
    return undefined;
  }
}

/** Equal as long as nobody wrote to a file or beside it. */
async function stateOf(file: string): Promise<string> {
  // SQLite writes beside what a link leads to, which lies in a folder that is not watched.
  const real = await fs.promises.realpath(file).catch(() => file);
  const states = sides.map(async side => {
    try {
      const { ino, size, mtimeNs } = await fs.promises.stat(real + side, { bigint: true });
      return `${ino} ${size} ${mtimeNs}`;
    } catch {
      // Not there, or not to be seen; that it comes is a change.
      return '';
    }
  });
  return (await Promise.all(states)).join('/');
}
