import type { UnpackedSpan } from '../core/rowPacker.ts';
import type { GitState } from '../node/gitState.ts';
import { gitFields } from './runMetadata.ts';

/** Runs that may wait for git; more end before it answers only in a flood. */
const mostWaiting = 1000;
const longestWaitMs = 2000;

/** Adds to runs what is checked out; to those that ended before git answered, with a second writing. */
export class RunGit {
  readonly #found: Promise<void> | undefined;
  readonly #write: (row: UnpackedSpan) => void;
  #git: GitState | undefined;
  #waiting: UnpackedSpan[] | undefined = [];

  constructor(
    found: Promise<GitState | undefined> | undefined,
    write: (row: UnpackedSpan) => void,
  ) {
    this.#write = write;
    if (!found) this.#waiting = undefined;
    this.#found = found?.then(git => this.#answered(git));
  }

  /** The row with what is known now. */
  added(row: UnpackedSpan): UnpackedSpan {
    if (this.#waiting) {
      if (this.#waiting.length < mostWaiting) this.#waiting.push(row);
      return row;
    }
    return this.#with(row);
  }

  /** Once git has answered, but not for longer than a program would notice. */
  async settled(): Promise<void> {
    if (!this.#waiting || this.#waiting.length === 0) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>(resolve => {
      timer = setTimeout(resolve, longestWaitMs);
    });
    await Promise.race([this.#found, late]);
    clearTimeout(timer);
  }

  #answered(git: GitState | undefined): void {
    this.#git = git;
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    if (!git) return;
    for (const row of waiting) this.#write(this.#with(row));
  }

  #with(row: UnpackedSpan): UnpackedSpan {
    return this.#git ? { ...row, metadata: { ...row.metadata, git: gitFields(this.#git) } } : row;
  }
}
