import type { RunEvidence } from '../core/insights/evidence.ts';
import type { SpanFacts } from '../core/insights/facts.ts';
import { factsOf } from '../core/insights/factsOf.ts';
import { readMetadata } from '../core/metadata.ts';
import type { RunSummary, Span } from '../core/model.ts';
import type { Pause } from './pause.ts';
import { type RunView, stored } from './runView.ts';

/** Of a run beyond these, only the spans that come first in its tree say what was recorded of them. */
const most = { spans: 20_000, chars: 150_000_000, kept: 500_000 };

const nothing: SpanFacts = { tool: undefined, call: undefined, events: [] };

/**
 * A run with what its spans' metadata and events say. Read before it is asked for, since whoever looks at
 * a run does so in one go, and others have to be answered meanwhile.
 */
export async function evidenceOf(
  view: RunView,
  run: RunSummary,
  pause: Pause,
): Promise<RunEvidence> {
  await view.identifyAll();
  const known = new Map<Span, SpanFacts>();
  let [chars, kept] = [0, 0];
  for (const { span } of view.tree.ordered) {
    if (known.size >= most.spans || chars > most.chars || kept > most.kept) break;
    const read = readFacts(view, span);
    known.set(span, read.facts);
    chars += read.chars;
    kept += 10 + (read.facts.call?.prompt.length ?? 0) + read.facts.events.length;
    await pause.ifLong();
  }
  return { run, tree: view.tree, facts: span => known.get(span) ?? nothing };
}

/** The span's metadata is read, and let go. */
export function readFacts(
  view: RunView,
  span: Span,
): { readonly facts: SpanFacts; readonly chars: number } {
  const { source } = view;
  const text = source.metadata(stored(span).row);
  const events = source.seeksEvents ? source.events(span.spanId).events : [];
  return { facts: factsOf(readMetadata(text), events, span.kind), chars: text?.length ?? 0 };
}
