import type { RunEvidence } from '../core/insights/evidence.ts';
import type { SpanFacts } from '../core/insights/facts.ts';
import { factsOf } from '../core/insights/factsOf.ts';
import type { KindHints } from '../core/kind.ts';
import { readMetadata } from '../core/metadata.ts';
import type { RunSummary, Span } from '../core/model.ts';
import type { RowId } from './dialect.ts';
import type { Pause } from './pause.ts';
import { joined } from './runIndex.ts';
import { placesOf, type RunView, stored } from './runView.ts';

/** Of a run beyond these, only the spans that come first in its tree say what was recorded of them. */
const most = { spans: 20_000, chars: 150_000_000, kept: 500_000 };

const nothing: SpanFacts = { tool: undefined, call: undefined, events: [] };

/** A run with what its spans' metadata and events say. */
export interface ReadEvidence {
  readonly evidence: RunEvidence;
  /** How much is kept of it, in parts of prompts. */
  readonly kept: number;
  /** All of its spans were read. */
  readonly isWhole: boolean;
}

/**
 * Reads what a run's spans say before it is asked for: whoever looks at a run asks for one span after
 * another, and others have to be answered meanwhile.
 */
export async function evidenceOf(
  view: RunView,
  run: RunSummary,
  pause: Pause,
): Promise<ReadEvidence> {
  await view.identifyAll();
  const reading = new Reading(view, run);
  for (const { span } of view.tree.ordered) {
    if (!reading.hasRoom) break;
    reading.add(span, view.source.metadata(stored(span).row));
    await pause.ifLong();
  }
  return reading.read();
}

/**
 * Of some small runs, read together in the order of the file: a query for each span costs as much as what it
 * reads. Of one that holds more than is kept, of one that changed meanwhile, and where spans can only be asked
 * one by one, there is nothing.
 */
export async function evidenceOfSome(
  runs: readonly (readonly [RunView, RunSummary])[],
  pause: Pause,
): Promise<ReadonlyMap<RunView, ReadEvidence>> {
  const found = new Map<RunView, ReadEvidence>();
  const source = runs[0]?.[0].source;
  if (!source?.recorded) return found;
  const all = runs.map(([view, run]) => new Reading(view, run));
  const byRow = new Map<RowId, readonly [Reading, Span]>();
  for (const reading of all) {
    for (const { span } of reading.view.tree.ordered) byRow.set(stored(span).row, [reading, span]);
  }
  const hints = new Map<RowId, KindHints>();
  for (const { view } of all) view.identifyWith(hints);
  for (const range of joined(placesOf(all.map(({ view }) => view)))) {
    for (const { row, hints: own, metadata } of source.recorded(range)) {
      const [reading, span] = byRow.get(row) ?? [];
      if (!reading || !span) continue;
      // What kind a span is of may only be asked from here on.
      hints.set(row, own);
      if (reading.hasRoom) reading.add(span, metadata);
      await pause.ifLong();
    }
  }
  for (const reading of all) {
    const read = reading.read();
    if (read.isWhole) found.set(reading.view, read);
  }
  return found;
}

/** A run of which some spans were read. */
class Reading {
  readonly view: RunView;
  private readonly run: RunSummary;
  private readonly known = new Map<Span, SpanFacts>();
  private chars = 0;
  private kept = 0;

  constructor(view: RunView, run: RunSummary) {
    this.view = view;
    this.run = run;
  }

  get hasRoom(): boolean {
    return this.known.size < most.spans && this.chars <= most.chars && this.kept <= most.kept;
  }

  add(span: Span, metadata: string | undefined): void {
    const facts = factsFrom(this.view, span, metadata);
    this.known.set(span, facts);
    this.chars += metadata?.length ?? 0;
    this.kept += 10 + (facts.call?.prompt.length ?? 0) + facts.events.length;
  }

  read(): ReadEvidence {
    const { run, known, kept, view } = this;
    const facts = (span: Span): SpanFacts => known.get(span) ?? nothing;
    const isWhole = known.size === view.tree.ordered.length;
    return { evidence: { run, tree: view.tree, facts }, kept, isWhole };
  }
}

/** The span's metadata is read, and let go. */
export const readFacts = (view: RunView, span: Span): SpanFacts =>
  factsFrom(view, span, view.source.metadata(stored(span).row));

function factsFrom({ source }: RunView, span: Span, metadata: string | undefined): SpanFacts {
  const events = source.seeksEvents ? source.events(span.spanId).events : [];
  return factsOf(readMetadata(metadata), events, span.kind);
}
