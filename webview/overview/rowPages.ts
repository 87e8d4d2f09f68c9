import { TraceError } from '../../src/core/errors.ts';
import type { RunId } from '../../src/core/model.ts';
import type { ListRow } from '../../src/core/runGroups.ts';
import type { RunRows, RunRowsQuery } from '../../src/protocol/reader.ts';

export type ListQuery = Omit<RunRowsQuery, 'clock' | 'offset' | 'limit' | 'placesOf'>;
export type Ask = (
  query: Omit<RunRowsQuery, 'clock'>,
) => Promise<RunRows> & { readonly cancel: () => void };

/** The rows that are known of one list. All of them answer the same question, put at the same state of the file. */
export interface KnownRows {
  /** Counts the lists: another number, and a row's place may be another one. */
  readonly list: number;
  readonly grouped: boolean;
  readonly total: number;
  readonly matching: number;
  readonly all: number;
  readonly pages: ReadonlyMap<number, readonly ListRow[]>;
  readonly places: ReadonlyMap<RunId, number>;
}

export interface RowPages {
  /** The same object until something changes. */
  state(): {
    readonly known: KnownRows | undefined;
    readonly failure: TraceError | undefined;
    /** The answer to another question takes so long that what is known no longer stands for it. */
    readonly searching: boolean;
  };
  subscribe(listener: () => void): () => void;
  /**
   * @param again it is the same question about another state of the file: the known rows stay until they are
   * replaced, however long that takes
   */
  ask(query: ListQuery, again: boolean): void;
  /** Rows that are in view. Only their pages are asked for. */
  want(first: number, last: number): void;
}

export const pageSize = 100;
/** Dragging the scroll bar passes hundreds of pages; only those where it rests are worth a question. */
const atOnce = 2;
const keptPages = 40;

/**
 * A long list, read page by page.
 *
 * @param placesOf runs whose places are asked for with the first page of a list
 * @param patience milliseconds for which rows of the former question stay while an answer is awaited
 */
export function rowPages(ask: Ask, placesOf: () => readonly RunId[], patience = 200): RowPages {
  const listeners = new Set<() => void>();
  let state: ReturnType<RowPages['state']> = {
    known: undefined,
    failure: undefined,
    searching: false,
  };
  let query: ListQuery | undefined;
  let list = 0;
  let wanted = { first: 0, last: 0 };
  let asked = new Set<number>();
  const waiting = new Set<ReturnType<Ask>>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const set = (change: Partial<typeof state>): void => {
    state = { ...state, ...change };
    for (const listener of [...listeners]) listener();
  };

  const begin = (): void => {
    list++;
    asked = new Set();
    for (const answer of waiting) answer.cancel();
    waiting.clear();
    pump();
  };

  const pump = (): void => {
    if (!query) return;
    const first = Math.floor(wanted.first / pageSize);
    for (let page = first; page * pageSize <= wanted.last && waiting.size < atOnce; page++) {
      const known = state.known?.list === list && state.known.pages.has(page);
      if (!known && !asked.has(page)) read(query, page);
    }
  };

  const read = (of: ListQuery, page: number): void => {
    const mine = list;
    const isFirst = state.known?.list !== list;
    asked.add(page);
    const runs = isFirst ? placesOf() : [];
    const coming = ask({ ...of, offset: page * pageSize, limit: pageSize, placesOf: runs });
    waiting.add(coming);
    coming.then(
      answer => {
        if (mine !== list) return;
        waiting.delete(coming);
        clearTimeout(timer);
        receive(page, answer, new Map(runs.map((runId, i) => [runId, answer.places[i] ?? -1])));
      },
      thrown => {
        if (mine !== list) return;
        waiting.delete(coming);
        clearTimeout(timer);
        set({ failure: TraceError.from(thrown), searching: false });
      },
    );
  };

  const receive = (page: number, answer: RunRows, found: ReadonlyMap<RunId, number>): void => {
    const known = state.known?.list === list ? state.known : undefined;
    // A run came to be judged otherwise while its neighbours were read: their places are no longer right.
    if (known && known.total !== answer.total) {
      begin();
      return;
    }
    const pages = new Map(known?.pages);
    pages.delete(page);
    pages.set(page, answer.rows);
    for (const oldest of pages.keys()) {
      if (pages.size <= keptPages) break;
      pages.delete(oldest);
      asked.delete(oldest);
    }
    const { grouped, total, matching, all } = answer;
    const places = known?.places ?? found;
    const next = { list, grouped, total, matching, all, pages, places };
    set({ known: next, failure: undefined, searching: false });
    pump();
  };

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ask(next, again) {
      query = next;
      begin();
      // Where the first answer is still awaited, it is as late as it was.
      if (again) return;
      clearTimeout(timer);
      timer = setTimeout(() => {
        const { known } = state;
        set({ known: known && { ...known, pages: new Map() }, searching: true });
      }, patience);
    },
    want(first, last) {
      if (first === wanted.first && last === wanted.last) return;
      wanted = { first, last };
      pump();
    },
  };
}

export const rowAt = (known: KnownRows, index: number): ListRow | undefined =>
  known.pages.get(Math.floor(index / pageSize))?.[index % pageSize];
