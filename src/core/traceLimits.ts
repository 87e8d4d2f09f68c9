/** How a trace file is written. */
export interface WriterOptions {
  /** `full` waits for the disk at each commit: also a power cut then loses nothing that was flushed. */
  readonly synchronous: 'normal' | 'full';
  /** Milliseconds that SQLite waits for another program's lock. */
  readonly busyMs: number;
  /** A file that is made is for this user alone. */
  readonly isPrivate?: boolean;
}

/** What was refused because the queue was full, since the last time that it was written down. */
export interface Dropped {
  /** Rows of spans. */
  readonly spans: number;
  /** Rows of events. */
  readonly events: number;
}

/** What may stay. Whole runs go, the oldest first; one that is still open and younger than a day never does. */
export interface PruneLimits {
  /** Days since the start of a run. */
  readonly maxAgeDays?: number | undefined;
  /** Runs, the newest ones. */
  readonly maxRuns?: number | undefined;
  /** Bytes of the database in use. */
  readonly maxBytes?: number | undefined;
}

/** @throws where a limit is no number, or less than none */
export function checkLimits(limits: PruneLimits): void {
  for (const [name, value] of Object.entries(limits)) {
    if (value === undefined || (typeof value === 'number' && value >= 0)) continue;
    throw new RangeError(`The limit ${name} is ${value}: give a number from 0 on, or leave it out`);
  }
}

/** How much was removed. */
export interface Pruned {
  /** Whole runs. */
  readonly runs: number;
  /** The spans of these runs. */
  readonly spans: number;
}
