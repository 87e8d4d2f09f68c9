import type {
  PlacedSpan,
  RecordedFailure,
  RecordedPage,
  RecordedSpan,
} from '../core/recordedSpan.ts';
import type { Node } from '../core/tree.ts';
import { recordedToolUseId } from './answers.ts';
import { type RunView, stored } from './runView.ts';

// An answer takes a few times as many bytes on its way to another process.
const enough = 1_000_000;
const mostSpans = 2000;
/** Of one span. More than that is no prompt, and a few copies of it would not fit. */
const mostMetadata = 64_000_000;

/** Spans of a run whole, from a place in tree order on. */
export function recordedSpans(view: RunView, offset: number): RecordedPage {
  const { ordered } = view.tree;
  const spans: RecordedSpan[] = [];
  let chars = 0;
  for (let at = Math.max(0, offset); at < ordered.length && chars < enough; at++) {
    const node = ordered[at];
    if (!node || spans.length >= mostSpans) break;
    const one = recordedSpan(view, node);
    spans.push(one);
    chars += 500 + (one.metadata?.length ?? 0);
    for (const event of one.events) chars += 100 + (event.attributes?.length ?? 0);
  }
  const failure = offset <= 0 ? recordedFailure(view) : undefined;
  return { spans, total: ordered.length, ...(failure && { failure }) };
}

function recordedFailure(view: RunView): RecordedFailure | undefined {
  const { failing } = view;
  if (!failing) return undefined;
  const cause = failing.span.status === 'error' ? view.causeOf(failing) : undefined;
  const asking = cause && view.tree.nodes.get(cause.spanId);
  const call = asking?.span.kind === 'llm' ? view.callOf(asking) : undefined;
  return {
    span: placed(failing),
    toolUseId: recordedToolUseId(view.source, stored(failing.span).row),
    cause: asking && {
      span: placed(asking),
      rule: cause.rule,
      call: call && call.index + 1,
    },
  };
}

const placed = ({ span, order }: Node): PlacedSpan => ({
  spanId: span.spanId,
  runId: span.runId,
  name: span.name,
  toolName: span.toolName,
  start: span.start,
  end: span.end,
  place: order,
});

function recordedSpan({ source }: RunView, { span }: Node): RecordedSpan {
  const own = stored(span);
  const { row, spanId, runId, parentSpanId, name, kind, toolName, start, end } = own;
  const { status, recordedStatus, interrupted, model, usage, cost, costSource, error } = own;
  const metadata = source.metadata(row);
  const isLeftOut = metadata !== undefined && metadata.length > mostMetadata;
  const { events, total } = source.events(spanId, true);
  return {
    // A plain object: what crosses a border has no getters.
    span: {
      spanId,
      runId,
      parentSpanId,
      name,
      kind,
      toolName,
      start,
      end,
      status,
      recordedStatus,
      interrupted,
      model,
      usage,
      cost,
      costSource,
      error,
    },
    sessionId: own.sessionId,
    metadata: isLeftOut ? undefined : metadata,
    error: source.error(row) || undefined,
    columns: source.values(row, true),
    events,
    eventsTotal: total,
    ...(isLeftOut && { leftOut: metadata.length }),
  };
}
