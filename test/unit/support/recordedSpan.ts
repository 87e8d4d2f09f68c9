import type { Span, SpanEvent } from '../../../src/core/model.ts';
import type { RecordedSpan } from '../../../src/core/recordedSpan.ts';

/** A span that took a second and went well; what is given is otherwise. */
export function recorded(given: {
  readonly span?: Partial<Span>;
  readonly metadata?: unknown;
  readonly error?: string;
  readonly sessionId?: string;
  readonly events?: readonly SpanEvent[];
}): RecordedSpan {
  const { span, metadata, error, sessionId, events = [] } = given;
  return {
    span: {
      spanId: 's1',
      runId: 'r1',
      parentSpanId: undefined,
      name: 'span',
      kind: 'other',
      toolName: undefined,
      start: 1_700_000_000_000,
      end: 1_700_000_001_000,
      status: 'ok',
      recordedStatus: span?.status ?? 'ok',
      interrupted: false,
      model: undefined,
      usage: {},
      cost: undefined,
      costSource: 'none',
      error,
      ...span,
    },
    sessionId,
    metadata: metadata === undefined ? undefined : JSON.stringify(metadata),
    error,
    columns: [],
    events,
    eventsTotal: events.length,
  };
}
