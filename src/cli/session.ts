import { resolve } from 'node:path';
import { TraceError } from '../core/errors.ts';
import type { RunSummary } from '../core/model.ts';
import type { Price } from '../core/price.ts';
import type { Clock } from '../core/status.ts';
import { garbageCollector } from '../node/garbage.ts';
import type { ReaderApi, RunFilter, SpanRow, Staleness, TextPart } from '../protocol/reader.ts';

const worthFreeing = 20_000_000;

/** One trace file, open for one command; named as it was typed. */
export class Session {
  readonly reader: ReaderApi;
  readonly file: string;
  readonly name: string;
  readonly clock: Clock;
  readonly staleness: Staleness | undefined;
  /** The user's own. */
  readonly prices: readonly Price[] | undefined;

  private constructor(
    reader: ReaderApi,
    file: string,
    name: string,
    clock: Clock,
    staleness: Staleness | undefined,
    prices: readonly Price[] | undefined,
  ) {
    this.reader = reader;
    this.file = file;
    this.name = name;
    this.clock = clock;
    this.staleness = staleness;
    this.prices = prices;
  }

  static async open(
    reader: ReaderApi,
    path: string,
    clock: Clock,
    prices?: readonly Price[],
  ): Promise<Session> {
    const file = resolve(path);
    const { staleness } = await reader.open(file, {
      kind: 'path',
      path: file,
      name: path,
      prices,
    });
    // What is printed is not added to later: it is of the whole file.
    let free: (() => void) | undefined;
    while ((await reader.advance(file)).share !== undefined) {
      // A large file's rows would leave hundreds of megabytes behind, the more the larger it is.
      free ??= garbageCollector(worthFreeing);
      free();
    }
    return new Session(reader, file, path, clock, staleness, prices);
  }

  /** Newest first. */
  async runs(filter: RunFilter, most = Number.POSITIVE_INFINITY): Promise<readonly RunSummary[]> {
    const all: RunSummary[] = [];
    while (all.length < most) {
      const limit = Math.min(1000, most - all.length);
      const query = { filter, offset: all.length, limit, clock: this.clock };
      const { runs } = await this.reader.runs(this.file, query);
      if (runs.length === 0) break;
      all.push(...runs);
    }
    return all;
  }

  /** In tree order, root first. */
  async spans(runId: string): Promise<readonly SpanRow[]> {
    const all: SpanRow[] = [];
    for (;;) {
      const page = { offset: all.length, limit: 10_000 };
      const { spans, total } = await this.reader.spans(this.file, runId, page);
      for (const span of spans) all.push(span);
      if (spans.length === 0 || all.length >= total) return all;
    }
  }

  /** A whole text of a span; undefined where it was not recorded, or is longer than is taken. */
  async text(spanId: string, part: TextPart, most = 200_000_000): Promise<string | undefined> {
    const parts: string[] = [];
    const slice = 4_000_000;
    for (let from = 0, chars = 1; from < chars; from += slice) {
      const read = await this.reader.text(this.file, spanId, part, from, slice);
      if (!read || read.chars > most) return undefined;
      chars = read.chars;
      parts.push(read.text);
    }
    return parts.join('');
  }

  /** The run of an id, or of the beginning of one where that is unique. */
  async findRun(id: string): Promise<RunSummary> {
    const runs = await this.runs('all');
    const exact = runs.find(run => run.runId === id);
    if (exact) return exact;
    const found = runs.filter(run => run.runId.startsWith(id));
    return only(
      found,
      found.map(run => run.runId),
      'run',
      id,
    );
  }

  /** The id of a span, given whole or by its beginning. */
  async findSpan(id: string): Promise<string> {
    try {
      await this.reader.locate(this.file, id);
      return id;
    } catch (error) {
      if (TraceError.from(error).code !== 'spanMissing') throw error;
    }
    const found: string[] = [];
    for (const { runId } of await this.runs('all')) {
      for (const { spanId } of await this.spans(runId))
        if (spanId.startsWith(id)) found.push(spanId);
    }
    return only(found, found, 'span', id);
  }
}

/** Something that was asked for and is not in the file: its words are meant as they are. */
export class NotFound extends Error {}

function only<T>(found: readonly T[], ids: readonly string[], what: string, id: string): T {
  const [first] = found;
  if (first === undefined || id === '') throw new NotFound(`The file has no ${what} "${id}".`);
  if (found.length === 1) return first;
  throw new NotFound(
    `${found.length} ${what}s begin with "${id}": ${ids.slice(0, 3).join(', ')}${found.length > 3 ? ', …' : ''}.`,
  );
}
