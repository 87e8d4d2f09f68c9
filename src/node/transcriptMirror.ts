// Keeps a trace file of what Claude Code writes, while somebody looks at it. Runs in a process of its own:
// see importMain.ts.
import fs from 'node:fs';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { FollowedTranscript, versionOf } from './followedTranscript.ts';
import { statOf } from './importSources.ts';
import { makeFolder } from './makeFolder.ts';
import { TranscriptStore } from './transcriptStore.ts';

/** Milliseconds between two looks at the transcripts that are known, and after how many looks new ones are looked for. */
const lookEvery = 250;
const findEvery = 8;
const lockEvery = 2000;

export interface MirrorOptions {
  /** The folders `projects` of Claude Code. */
  readonly roots: readonly string[];
  readonly to: string;
  /** How many transcripts are shown, the newest ones. */
  readonly most: number;
  readonly signal: AbortSignal;
  /** The newest transcript is there, or there is none. */
  readonly ready: () => void;
  readonly log: (line: string) => void;
}

/** Ends when it is aborted; throws what keeps the trace file from being written. */
export async function mirrorTranscripts(options: MirrorOptions): Promise<void> {
  const { to, signal } = options;
  makeFolder(path.dirname(to));
  const lock = await lockFor(options);
  if (!lock) return;
  try {
    const mirror = new Mirror(options);
    try {
      for (let looks = 0; !signal.aborted; looks++) {
        if (looks % findEvery === 0) await mirror.find();
        else await mirror.look();
        options.ready();
        await pause(lookEvery, signal);
      }
    } finally {
      mirror.close();
    }
  } finally {
    lock.close();
  }
}

/** Another window writes the file already: then that one is read, until that window is gone. */
async function lockFor({ to, signal, ready }: MirrorOptions): Promise<DatabaseSync | undefined> {
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  while (!signal.aborted) {
    const lock = new DatabaseSync(`${to}.lock`);
    try {
      lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
      return lock;
    } catch {
      // Whatever keeps it from being locked, the file is not to be written without.
      lock.close();
    }
    if (fs.existsSync(to)) ready();
    await pause(lockEvery, signal);
  }
  return undefined;
}

class Mirror {
  readonly #options: MirrorOptions;
  readonly #store: TranscriptStore;
  readonly #seen = new Set<string>();
  readonly #ids = new Map<string, OwnIds>();
  readonly #followed = new Map<string, FollowedTranscript>();
  /** As they were when they were last looked at. */
  readonly #versions = new Map<string, string>();
  readonly #failed = new Set<string>();

  constructor(options: MirrorOptions) {
    this.#options = options;
    this.#store = new TranscriptStore(options.to);
  }

  close(): void {
    this.#store.close();
  }

  /** Looks for transcripts, the newest first, and lets go of those that are none of them any more. */
  async find(): Promise<void> {
    const { roots, most, signal, ready } = this.#options;
    const newest = newestTranscripts(roots, most);
    const stored = this.#store.stored();
    for (const [file, state] of stored) {
      if (newest.includes(file)) continue;
      this.#store.remove(file, state);
      this.#forget(file);
    }
    for (const file of newest) {
      const version = versionOf(file) ?? '';
      if (this.#versions.has(file) || stored.get(file)?.version !== version) continue;
      this.#versions.set(file, version);
      // Before any other is read: what it repeats of this one stays here.
      this.#ids.set(file, new OwnIds(this.#seen, this.#store.idsOf(file)));
    }
    for (const file of newest) {
      if (signal.aborted) return;
      await this.#readOn(file);
      ready();
    }
  }

  async look(): Promise<void> {
    for (const file of this.#versions.keys()) {
      if (this.#options.signal.aborted) return;
      await this.#readOn(file);
    }
  }

  async #readOn(file: string): Promise<void> {
    const version = versionOf(file);
    if (version === undefined || version === this.#versions.get(file)) return;
    this.#versions.set(file, version);
    try {
      const followed = this.#followed.get(file) ?? this.#begin(file);
      const isSame = await followed.readOn(async (rows, state) => {
        const news = this.#ids.get(file)?.news ?? [];
        this.#store.write(rows, file, state, news);
        news.length = 0;
        // A cancellation is heard only in between.
        await wait(0);
      });
      this.#failed.delete(file);
      if (isSame) return;
      // Cut or replaced: the next look reads it from its beginning.
      this.#forget(file);
      this.#versions.set(file, '');
    } catch (error) {
      if (!this.#failed.has(file)) this.#options.log(`a transcript was not read: ${error}`);
      this.#failed.add(file);
      // The next look tries again, also where nothing is added to it any more.
      this.#versions.set(file, '');
    }
  }

  /** What is stored of it is of another reading, whose ids this one does not know. */
  #begin(file: string): FollowedTranscript {
    const known = this.#store.stored().get(file);
    if (known) this.#store.remove(file, known);
    this.#ids.get(file)?.clear();
    const ids = new OwnIds(this.#seen);
    this.#ids.set(file, ids);
    const followed = new FollowedTranscript(file, ids);
    this.#followed.set(file, followed);
    return followed;
  }

  #forget(file: string): void {
    this.#ids.get(file)?.clear();
    this.#ids.delete(file);
    this.#followed.delete(file);
    this.#versions.delete(file);
  }
}

/** Ids that are shared, and of which one transcript can take back its own. */
export class OwnIds extends Set<string> {
  readonly #shared: Set<string>;
  /** Those that came since they were last stored. */
  readonly news: string[] = [];

  /** @param known which are stored */
  constructor(shared: Set<string>, known: readonly string[] = []) {
    super();
    this.#shared = shared;
    for (const id of known) this.add(id);
    this.news.length = 0;
  }

  override has(id: string): boolean {
    return this.#shared.has(id);
  }

  override add(id: string): this {
    // Of two that have it, the first one keeps it.
    if (this.#shared.has(id)) return this;
    this.#shared.add(id);
    this.news.push(id);
    return super.add(id);
  }

  override clear(): void {
    for (const id of this) this.#shared.delete(id);
    super.clear();
  }
}

export function newestTranscripts(roots: readonly string[], most: number): readonly string[] {
  const found = roots.flatMap(root =>
    entriesOf(root).flatMap(project => {
      const folder = path.join(root, project);
      return entriesOf(folder).flatMap(name => {
        if (!name.endsWith('.jsonl')) return [];
        const file = path.join(folder, name);
        const stat = statOf(file);
        return stat?.isFile() && stat.size > 0 ? [{ file, time: stat.mtimeMs }] : [];
      });
    }),
  );
  return found
    .sort((a, b) => b.time - a.time)
    .slice(0, most)
    .map(({ file }) => file);
}

function entriesOf(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    // No folder, or gone meanwhile.
    return [];
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal }).catch(() => undefined);
}
