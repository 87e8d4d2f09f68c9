import type { UnpackedSpan } from '../core/rowPacker.ts';
import type { GitState } from '../node/gitState.ts';
import { guarded } from './guards.ts';
import { type KeptRow, keptRow } from './keptRow.ts';
import { gitFields } from './runMetadata.ts';

/** Runs that may wait for git, and characters of those that have ended; more only come in a flood. */
const mostWaiting = 1000;
const mostChars = 10_000_000;
const longestWaitMs = 2000;

type Fields = Readonly<Record<string, unknown>>;

/** Adds to runs what is checked out when they start; to those that ended before git answered, with a second writing. */
export class RunGit {
  readonly #ask: (() => Promise<GitState | undefined>) | undefined;
  readonly #write: (row: UnpackedSpan) => void;
  #asked: Promise<GitState | undefined> | undefined;
  /** Set until git answers. */
  #answer: Promise<void> | undefined;
  #git: Fields | undefined;
  /** Of runs that began and did not end since git was asked. */
  readonly #open = new Map<string, Record<string, unknown>>();
  readonly #ended = new Map<string, KeptRow>();
  #chars = 0;

  /** @param ask gives the same promise until it is time to ask anew */
  constructor(
    ask: (() => Promise<GitState | undefined>) | undefined,
    write: (row: UnpackedSpan) => void,
  ) {
    this.#ask = ask;
    this.#write = write;
    this.known();
  }

  /** What git said; undefined while it is asked. */
  known(): Fields | undefined {
    const asked = this.#ask?.();
    if (asked && asked !== this.#asked) {
      this.#asked = asked;
      const answer = asked.then(git => {
        if (this.#answer === answer) this.#answered(git);
      });
      this.#answer = answer;
    }
    return this.#answer ? undefined : this.#git;
  }

  /** The metadata gets what git says, at once or until the run ends. */
  started(spanId: string, metadata: Record<string, unknown>): void {
    const git = this.known();
    if (git) metadata.git ??= git;
    else if (this.#answer && this.#open.size < mostWaiting) this.#open.set(spanId, metadata);
  }

  /** The row of a run that has ended, with what is known now. */
  added(row: UnpackedSpan): UnpackedSpan {
    if (row.metadata.git !== undefined) return row;
    this.#open.delete(row.spanId);
    if (this.#answer) this.#keep(row);
    else if (this.#git) return { ...row, metadata: { ...row.metadata, git: this.#git } };
    return row;
  }

  /** Once git has answered, but not for longer than a program would notice. */
  async settled(): Promise<void> {
    if (!this.#answer || this.#ended.size === 0) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>(resolve => {
      timer = setTimeout(resolve, longestWaitMs);
    });
    await Promise.race([this.#answer, late]);
    clearTimeout(timer);
  }

  #keep(row: UnpackedSpan): void {
    this.#ended.delete(row.spanId);
    if (this.#ended.size >= mostWaiting || this.#chars >= mostChars) return;
    const kept = keptRow(row);
    this.#chars += kept.size;
    this.#ended.set(row.spanId, kept);
  }

  #answered(state: GitState | undefined): void {
    const git = state && gitFields(state);
    this.#git = git;
    this.#answer = undefined;
    if (git) {
      // An agent may have frozen its fields.
      for (const metadata of this.#open.values()) guarded(() => (metadata.git ??= git));
      for (const kept of this.#ended.values()) this.#write(kept.with({ git }));
    }
    this.#open.clear();
    this.#ended.clear();
    this.#chars = 0;
  }
}
