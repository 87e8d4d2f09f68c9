import { type Fields, fieldsOf, textOf } from '../core/fields.ts';
import { plainOf } from './exactJson.ts';
import type { OtlpLogRecord } from './otlp.ts';

/** A record of a log as what happened in a span. */
export interface SpanLog {
  readonly name: string;
  /** Seconds since 1970. */
  readonly time: number;
  readonly attributes: Fields;
  /**
   * The span in which it was written; undefined where the sender does not say, and where it names the call or tool
   * that it is about: Claude Code writes of these within the turn around them.
   */
  readonly span: { readonly runId: string; readonly spanId: string } | undefined;
  /** Others that the span may be known by, from the surest on. */
  readonly keys: readonly string[];
}

/**
 * Attributes that records of Claude Code share with the spans that they are about. An answer and its request
 * have an id, as have calls of tools; what a person asked has one that whole turns carry.
 */
const sharedKeys = ['request_id', 'tool_use_id', 'prompt.id'] as const;

/** What a span, or a record about it, is known by beside its own id. */
export function sharedKeysOf(fields: Fields): readonly string[] {
  return sharedKeys.flatMap(key => {
    const value = textOf(fields[key]);
    return value === undefined ? [] : [`${key}=${value}`];
  });
}

const zeros = /^0*$/;

export function spanLog(record: OtlpLogRecord): SpanLog {
  const attributes = fieldsOf(plainOf({ entries: record.attributes }));
  const body = plainOf(record.body);
  const said = typeof body === 'string' && /^[\w.]{1,100}$/.test(body) ? body : undefined;
  const event = textOf(record.eventName) ?? textOf(attributes['event.name']);
  // Claude Code says the event without what it begins with, and with it in the body.
  const name = said !== undefined && (!event || said.endsWith(`.${event}`)) ? said : event;
  const { traceId, spanId, severityText } = record;
  const nanos = record.timeNanos === 0n ? record.observedNanos : record.timeNanos;
  const keys = sharedKeysOf(attributes);
  const namesAnother =
    name?.startsWith('claude_code.') && keys[0]?.startsWith('prompt.id=') === false;
  return {
    name: name ?? 'log',
    time: Number(nanos) / 1e9,
    attributes: {
      ...attributes,
      ...(body !== null && body !== name && { body }),
      ...(severityText && { severity: severityText }),
      // Tells it from the events that a span brings with it.
      'log.record': true,
    },
    span:
      namesAnother || zeros.test(traceId) || zeros.test(spanId)
        ? undefined
        : { runId: traceId, spanId },
    keys,
  };
}
