import type { RunId, SpanId, UnixMs } from '../model.ts';
import type { Exchange } from './exchange.ts';

/** What a run said to the Messages API, in the order in which its calls began. */
export interface RunScript {
  readonly runId: RunId;
  readonly name: string;
  /** Undefined where it is not known. */
  readonly rootSpanId?: SpanId | undefined;
  readonly exchanges: readonly Exchange[];
}

/** Calls that can be answered again. */
export const answerable = ({ exchanges }: RunScript): number =>
  exchanges.filter(one => one.outcome.kind !== 'missing').length;

/**
 * The first call that is not answered when a run is replayed up to a span: the span itself where it is one,
 * else the first that began after it. The number of calls where none did.
 */
export function callFrom(
  { exchanges }: RunScript,
  span: { readonly spanId: SpanId; readonly start: UnixMs | undefined },
): number {
  const own = exchanges.findIndex(one => one.spanId === span.spanId);
  if (own >= 0) return own;
  const { start = Number.POSITIVE_INFINITY } = span;
  const later = exchanges.findIndex(one => (one.start ?? Number.POSITIVE_INFINITY) >= start);
  return later < 0 ? exchanges.length : later;
}

/**
 * Each call's request repeats those before it, so that a run of a few megabytes has hundreds of them as
 * text. Equal messages become one object.
 */
export function sharedMessages(): (exchange: Exchange) => Exchange {
  const pool = new Map<string, unknown>();
  const share = (value: unknown): unknown => {
    const text = JSON.stringify(value) ?? '';
    const known = pool.get(text);
    if (known !== undefined) return known;
    pool.set(text, value);
    return value;
  };
  return exchange => {
    const { request } = exchange;
    if (!request) return exchange;
    const { messages, system, tools } = request;
    return {
      ...exchange,
      request: {
        ...request,
        ...(system !== undefined && { system: share(system) }),
        ...(tools !== undefined && { tools: share(tools) }),
        messages: Array.isArray(messages) ? messages.map(share) : messages,
      },
    };
  };
}
