import path from 'node:path';
import type { Skipped, SkipReason } from '../core/importReport.ts';
import type { ImportSink } from '../formats/importFormat.ts';
import type { ImportSource } from './importSources.ts';
import type { ImportWriter } from './importWriter.ts';

const mostPlaces = 5;

/** Stores what is read, and counts what is not. */
export class ImportTally {
  /** What is being read. */
  file = '';
  spans = 0;
  readonly #writer: ImportWriter;
  readonly #skips = new Map<SkipReason, { count: number; readonly places: string[] }>();

  constructor(writer: ImportWriter) {
    this.#writer = writer;
  }

  sinkOf({ format }: ImportSource): ImportSink {
    const rewrites = format.rewrites === true;
    return {
      span: row => {
        const result = this.#writer.span(row, rewrites);
        if (result === 'stored') this.spans++;
        else this.skipped(result === 'there' ? 'repeated' : 'damaged', 0);
        return result === 'stored';
      },
      event: row => {
        if (this.#writer.event(row) === 'refused') this.skipped('damaged', 0);
      },
      log: (log, line) => {
        const isKnown = log.span !== undefined || log.keys.length > 0;
        const result = isKnown ? this.#writer.log(log) : 'noRun';
        if (result !== 'stored') this.skipped(result === 'refused' ? 'damaged' : result, line);
      },
      skipped: (why, line) => this.skipped(why, line),
    };
  }

  skipped(why: SkipReason, line: number, count = 1): void {
    const known = this.#skips.get(why) ?? { count: 0, places: [] };
    this.#skips.set(why, known);
    known.count += count;
    if (known.places.length >= mostPlaces || line === 0) return;
    known.places.push(`${path.basename(this.file)}:${line}`);
  }

  skips(): readonly Skipped[] {
    return [...this.#skips].map(([why, { count, places }]) => ({ why, count, places }));
  }
}
