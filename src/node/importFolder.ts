import fs from 'node:fs';
import path from 'node:path';
import { setImmediate as breath } from 'node:timers/promises';
import { TraceError } from '../core/errors.ts';
import { integer } from '../core/format.ts';
import { readable, statOf } from './importSources.ts';

/** Names of files and folders that are looked at in one import. */
const mostNames = 500_000;
/** A cancellation is heard only in between. */
const namesAtOnce = 200;

/** Endings of names that a recording may have. */
const recording = /\.(?:jsonl?|ndjson|pb|otlp)$/i;

/** What is found where an import looks: each real file once, however many links lead to it. */
class Walk {
  readonly files: string[] = [];
  readonly #folders: string[] = [];
  readonly #links: string[] = [];
  readonly #seen = new Set<string>();
  readonly #root: string;
  readonly #most: number;
  readonly #signal: AbortSignal | undefined;
  #names = 0;

  constructor(root: string, seen: Set<string>, most: number, signal: AbortSignal | undefined) {
    this.#root = root;
    this.#seen = seen;
    this.#most = most;
    this.#signal = signal;
  }

  async run(): Promise<void> {
    this.#folder(this.#root);
    for (;;) {
      const folder = this.#folders.pop();
      if (folder !== undefined) await this.#list(folder);
      else {
        // What stands there itself goes before links to it: what belongs to a file lies beside it.
        const link = this.#links.pop();
        if (link === undefined) return;
        this.#follow(link);
      }
    }
  }

  async #list(folder: string): Promise<void> {
    for (const entry of readable(folder, () => entriesOf(folder))) {
      if (this.#names++ % namesAtOnce === 0) await breath();
      if (this.#signal?.aborted) throw new TraceError('cancelled');
      if (this.#names > this.#most) {
        throw new TraceError('importFolderTooLarge', [this.#root, integer(this.#most)]);
      }
      const one = path.join(folder, entry.name);
      if (entry.isSymbolicLink()) this.#links.push(one);
      else if (entry.isDirectory()) this.#folder(one);
      else if (entry.isFile()) this.#file(one);
    }
  }

  #follow(link: string): void {
    const stat = statOf(link);
    if (stat?.isDirectory()) this.#folder(link);
    else if (stat?.isFile()) this.#file(link);
  }

  #folder(folder: string): void {
    // They come with the file that they stand beside.
    const isBeside = path.basename(folder) === 'subagents' && path.dirname(folder) !== this.#root;
    if ((folder === this.#root || !isBeside) && this.#isNew(folder)) this.#folders.push(folder);
  }

  #file(file: string): void {
    if (recording.test(file) && this.#isNew(file)) this.files.push(file);
  }

  #isNew(one: string): boolean {
    const real = realOf(one);
    if (real === undefined || this.#seen.has(real)) return false;
    this.#seen.add(real);
    return true;
  }
}

const entriesOf = (folder: string): readonly fs.Dirent[] =>
  fs.readdirSync(folder, { withFileTypes: true });

function realOf(file: string): string | undefined {
  try {
    return fs.realpathSync(file);
  } catch {
    // Gone meanwhile.
    return undefined;
  }
}

/**
 * Files, and those below folders whose names a recording could have; what stands beside another comes with it.
 *
 * @param most names that are looked at below one folder
 * @throws TraceError where there are more, or it is cancelled
 */
export async function filesBelow(
  paths: readonly string[],
  signal?: AbortSignal,
  most = mostNames,
): Promise<readonly string[]> {
  const seen = new Set<string>();
  const found: string[] = [];
  for (const one of paths) {
    const stat = statOf(one);
    if (stat?.isDirectory()) {
      const walk = new Walk(path.normalize(one), seen, most, signal);
      await walk.run();
      found.push(...walk.files.sort());
      continue;
    }
    const real = stat && realOf(one);
    // One that is not there is kept, for whoever opens it to say so.
    if (real === undefined || !seen.has(real)) found.push(one);
    if (real !== undefined) seen.add(real);
  }
  return found;
}
