import type { RunSummary } from '../core/model.ts';
import {
  askedOfSpans,
  leavesOf,
  neededTexts,
  runSays,
  spanMatches,
} from '../core/query/evaluate.ts';
import type { RunFacts } from '../core/query/plan.ts';
import type { Node } from '../core/tree.ts';
import type { SearchCursor, SearchHit, SearchPage, SearchRequest } from '../protocol/search.ts';
import type { RowRange } from './dialect.ts';
import type { Pause } from './pause.ts';
import { type RunEntry, summaryAt } from './runIndex.ts';
import { type RunView, stored } from './runView.ts';
import { hitOf } from './searchHit.ts';
import { type Asked, planFor } from './searchPlan.ts';
import { atMost } from './searchRuns.ts';
import { factsOf, SearchedSpan } from './searchSpan.ts';
import { type SearchedRow, searchRows } from './searchTexts.ts';
import type { OpenFile } from './traceFile.ts';

const mostHits = 200;
/** Smaller than every row: behind it, a run was searched. */
const noRow = Number.MIN_SAFE_INTEGER;
const fromTheNewest: SearchCursor = { runId: undefined, start: undefined, row: 0 };

/** A part of the search: it ends after a while, or with enough hits. */
interface Part {
  readonly hits: SearchHit[];
  readonly most: number;
  readonly until: number;
  readonly pause: Pause;
}

/** Searches a file on from a place. Spans are found one by one, so that what is left out, too, is about each. */
export async function search(open: OpenFile, request: SearchRequest): Promise<SearchPage> {
  const { text, clock, from } = request;
  const asked = planFor(text, clock);
  let { entries, share } = await open.index();
  if (share !== undefined) {
    // Runs that are found later may be newer than those that are known.
    ({ share } = await open.advance(atMost));
    ({ entries } = await open.index());
  }
  const of = spansOf(entries, entries.length);
  if (share !== undefined) {
    return { hits: [], next: from ?? fromTheNewest, done: 0, of };
  }
  if (!asked.plan) return { hits: [], next: undefined, done: of, of };
  const part: Part = {
    hits: [],
    most: Math.min(mostHits, Math.max(1, Math.floor(request.most) || 1)),
    until: performance.now() + atMost,
    pause: open.pause(),
  };
  const first = from?.runId === undefined ? 0 : placeOf(entries, from);
  for (let at = first; at < entries.length; at++) {
    const entry = entries[at] as RunEntry;
    const before = from?.runId === entry.runId ? from.row : Number.POSITIVE_INFINITY;
    const run = summaryAt(entry, clock);
    const row = await searchRun(open, entry, run, asked, before, part);
    const next = row ?? (isOver(part) ? noRow : undefined);
    if (next !== undefined) {
      const rest = entries.length - 1 === at && next === noRow;
      const cursor = { runId: entry.runId, start: run.start, row: next };
      const done = spansOf(entries, row === undefined ? at + 1 : at);
      return { hits: part.hits, next: rest ? undefined : cursor, done, of };
    }
    await part.pause.ifLong();
  }
  return { hits: part.hits, next: undefined, done: of, of };
}

const isOver = ({ hits, most, until }: Part): boolean =>
  hits.length >= most || performance.now() > until;

const spansOf = (entries: readonly RunEntry[], to: number): number => {
  let sum = 0;
  for (let i = 0; i < to; i++) sum += entries[i]?.settled.spans ?? 0;
  return sum;
};

/** Where a search goes on; of a run that is gone meanwhile, at the next older one. */
function placeOf(entries: readonly RunEntry[], { runId, start }: SearchCursor): number {
  const at = entries.findIndex(entry => entry.runId === runId);
  if (at >= 0) return at;
  const older = entries.findIndex(({ settled }) => (settled.start ?? -1) < (start ?? -1));
  return older < 0 ? entries.length : older;
}

/** @returns the row before which it has to go on; undefined where the run was searched */
async function searchRun(
  open: OpenFile,
  entry: RunEntry,
  run: RunSummary,
  asked: Asked,
  before: number,
  part: Part,
): Promise<number | undefined> {
  const { plan } = asked;
  if (!plan || runSays(plan, { run }) === false) return undefined;
  let searching: Searching | undefined;
  const texts = searchedTexts(asked, { run });
  const searches = texts?.map(text => asked.searchFor(text));
  for (const range of rangesBefore(entry.ranges, before)) {
    const rows = searches
      ? searchRows(open.source, range, searches)
      : await rowsOf(open, entry, range);
    for (const { row, found } of rows) {
      if (row >= before) continue;
      if (found) {
        searching ??= await Searching.of(open, entry, run, asked);
        const hit = searching.hit(row);
        if (hit) part.hits.push(hit);
      }
      if (isOver(part)) return row;
      await part.pause.ifLong();
    }
  }
  return undefined;
}

/** Their rows may stand between whole numbers; the one that was the last is passed over. */
function rangesBefore(ranges: readonly RowRange[], before: number): readonly RowRange[] {
  return ranges
    .filter(range => range.first < before)
    .map(({ first, last }) => ({ first, last: Math.min(last, before) }))
    .reverse();
}

/** The texts of which every hit has one; undefined where there may be others. */
function searchedTexts({ plan }: Asked, run: RunFacts) {
  if (!plan) return undefined;
  const [needed] = neededTexts(plan, run);
  if (needed?.sought) return [needed.sought];
  const wanted = askedOfSpans(plan);
  // A text that the run has is found at its root, whose row may hold it nowhere.
  if (wanted.some(leaf => leaf.run(run) === true)) return undefined;
  const texts = wanted.flatMap(({ sought }) => (sought ? [sought] : []));
  return texts.length > 0 && texts.length === wanted.length ? texts : undefined;
}

async function rowsOf(
  open: OpenFile,
  { runId }: RunEntry,
  { first, last }: RowRange,
): Promise<Iterable<SearchedRow>> {
  const view = await open.view(runId);
  return view.tree.ordered
    .map(({ span }) => ({ row: stored(span).row, found: true }))
    .filter(({ row }) => first <= row && row <= last)
    .sort((a, b) => b.row - a.row);
}

/** A run in which something may be found. */
class Searching {
  private readonly view: RunView;
  private readonly facts: RunFacts;
  private readonly asked: Asked;
  private readonly nodes: ReadonlyMap<number, Node>;

  private constructor(view: RunView, facts: RunFacts, asked: Asked) {
    this.view = view;
    this.facts = facts;
    this.asked = asked;
    this.nodes = new Map(view.tree.ordered.map(node => [stored(node.span).row, node]));
  }

  static async of(open: OpenFile, entry: RunEntry, run: RunSummary, asked: Asked) {
    const view = await open.view(entry.runId);
    return new Searching(view, await factsOf(run, view, asked), asked);
  }

  hit(row: number): SearchHit | undefined {
    const node = this.nodes.get(row);
    const { plan } = this.asked;
    if (!node || !plan) return undefined;
    const span = new SearchedSpan(this.view, node, this.asked);
    if (!spanMatches(plan, this.facts, span)) return undefined;
    const isRoot = node === this.view.tree.root;
    const wanted = askedOfSpans(plan);
    const own = wanted.filter(leaf => leaf.span(span) || (isRoot && leaf.run(this.facts) === true));
    if (wanted.length === 0) {
      // What is asked is about runs only: each is found once, at its root.
      if (!isRoot && leavesOf(plan).every(leaf => leaf.level === 'run')) return undefined;
    } else if (own.length === 0) return undefined;
    return hitOf(this.view, span, this.facts.run, own, this.asked);
  }
}
