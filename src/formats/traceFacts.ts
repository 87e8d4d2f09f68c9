import { fieldsOf, textOf } from '../core/fields.ts';
import type { ExportedSpan, TraceFacts } from './exportedSpan.ts';
import { asText } from './genAiAttributes.ts';

/** What the root of a run says for all of its spans. */
export const traceFactsOf = ({ name, sessionId, fields }: ExportedSpan): TraceFacts => ({
  name,
  sessionId: sessionId ?? textOf(fields.session_id),
  userId: textOf(fields.user_id),
  tags: Array.isArray(fields.tags)
    ? fields.tags.filter(tag => typeof tag === 'string')
    : Object.entries(fieldsOf(fields.tags)).map(([key, tag]) => `${key}:${asText(tag)}`),
});

/** Of a span without its run, what it says itself. */
export const factsFor = (span: ExportedSpan): TraceFacts => {
  const own = traceFactsOf(span);
  if (!span.trace) return own;
  return {
    name: span.trace.name,
    sessionId: own.sessionId ?? span.trace.sessionId,
    userId: own.userId ?? span.trace.userId,
    tags: own.tags.length > 0 ? own.tags : span.trace.tags,
  };
};
