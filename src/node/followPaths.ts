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
  readonly file: string;
  readonly names: ReadonlySet<string>;
  readonly changed: () => void;
  looked: string;
}

interface Folder {
  /** Several may follow one file. */
  readonly files: Set<Followed>;
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
 * @param log is told of a follower that failed when it was told of a change
 * @param every milliseconds between two looks
 * @param watch opens no watcher where it throws; the looks go on
 */
export function followPaths(
  log: (line: string) => void,
  every = pollEvery,
  watch: typeof fs.watch = fs.watch,
): PathFollower {
  const folders = new Map<string, Folder>();
  let timer: NodeJS.Timeout | undefined;

  function start(name: string, folder: Folder): void {
    folder.inode = inodeOf(name);
    if (folder.inode === undefined) return;
    try {
      const watcher = watch(name, { persistent: false }, (_, entry) => {
        for (const followed of folder.files) {
          if (entry === null || followed.names.has(entry)) tell(followed);
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

  function tell({ file, changed }: Followed): void {
    try {
      changed();
    } catch (error) {
      log(`a change of ${file} was not dealt with: ${error}`);
    }
  }

  async function look(): Promise<void> {
    for (const [name, folder] of folders) {
      if (!folder.watcher || inodeOf(name) !== folder.inode) {
        stop(folder);
        start(name, folder);
      }
      for (const followed of folder.files) {
        const seen = await stateOf(followed.file);
        const other = followed.looked !== seen;
        followed.looked = seen;
        if (other && folder.files.has(followed)) tell(followed);
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
        folder = { files: new Set(), watcher: undefined, inode: undefined };
        folders.set(name, folder);
        start(name, folder);
      }
      const base = path.basename(file);
      const followed: Followed = {
        file,
        names: new Set(sides.map(side => base + side)),
        changed,
        // Before this returns: what is written from now on is a change.
        looked: stateNow(file),
      };
      const held = folder;
      held.files.add(followed);
      timer ?? plan();
      return () => {
        if (!held.files.delete(followed) || held.files.size > 0) return;
        stop(held);
        folders.delete(name);
      };
    },
    dispose() {
      clearTimeout(timer);
      for (const folder of folders.values()) {
        stop(folder);
        folder.files.clear();
      }
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
  const states = sides.map(side =>
    fs.promises.stat(real + side, { bigint: true }).then(stateText, () => absent),
  );
  return (await Promise.all(states)).join('/');
}

/** The same, without waiting for it. */
function stateNow(file: string): string {
  const real = orElse(file, () => fs.realpathSync(file));
  return sides
    .map(side => orElse(absent, () => stateText(fs.statSync(real + side, { bigint: true }))))
    .join('/');
}

/** Of a file that is not there, or not to be seen; that it comes is a change. */
const absent = '';

const stateText = ({ ino, size, mtimeNs }: fs.BigIntStats): string => `${ino} ${size} ${mtimeNs}`;

function orElse(other: string, look: () => string): string {
  try {
    return look();
  } catch {
    return other;
  }
}
