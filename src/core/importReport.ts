import { integer } from './format.ts';

/** Why something of an imported file is in no run. `{0}` is how often. */
export const skipTexts = {
  notJson: '{0} × no JSON, or cut off',
  notRecord: '{0} × JSON that is nothing of this format',
  tooLong: '{0} × longer than can be read at once',
  noId: '{0} × without an id',
  noTime: '{0} × without a time',
  noRun: '{0} × in no run',
  repeated: '{0} × read already',
  damaged: '{0} × not to be decoded, or too large to be stored',
} as const;
export type SkipReason = keyof typeof skipTexts;

/** One file of an import. */
export interface ImportedFile {
  readonly name: string;
  /** What people call its format; undefined where it is in none that is known. */
  readonly format: string | undefined;
  /** In bytes, with what belongs to it. */
  readonly size: number;
}

export interface Skipped {
  readonly why: SkipReason;
  readonly count: number;
  /** Where, as `file:line`, the first few. */
  readonly places: readonly string[];
}

/** What an import did. */
export interface ImportReport {
  /** The trace file that was written. */
  readonly to: string;
  readonly files: readonly ImportedFile[];
  readonly runs: number;
  readonly spans: number;
  readonly events: number;
  readonly skipped: readonly Skipped[];
}

export interface ImportProgress {
  /** In bytes. */
  readonly read: number;
  readonly total: number;
  readonly spans: number;
}

export const skippedInAll = ({ skipped }: ImportReport): number =>
  skipped.reduce((sum, { count }) => sum + count, 0);

/** `12 runs, 3,400 spans, 90 events` */
export function importCounts({ runs, spans, events }: ImportReport): string {
  const many = (count: number, one: string, more: string): string =>
    `${integer(count)} ${count === 1 ? one : more}`;
  return [
    many(runs, 'run', 'runs'),
    many(spans, 'span', 'spans'),
    many(events, 'event', 'events'),
  ].join(', ');
}
