import { type Fields, fieldsOf, nameOf } from '../fields.ts';
import type { Metadata } from '../metadata.ts';
import type { SpanEvent } from '../model.ts';
import { type CallFacts, type EventFacts, keptEvents, keptNames } from './facts.ts';
import { beginOf } from './jsonWriter.ts';

/** Events by time, with what is small of their attributes. */
export function eventFacts(events: readonly SpanEvent[]): readonly EventFacts[] {
  if (events.length === 0) return [];
  const sorted = [...events].sort((a, b) => timeOf(a) - timeOf(b));
  const half = keptEvents / 2;
  const kept =
    sorted.length <= keptEvents ? sorted : [...sorted.slice(0, half), ...sorted.slice(-half)];
  return kept.map(({ name, time, attributes }) => ({
    name: beginOf(name, 200),
    time,
    attributes: smallValues(attributes),
  }));
}

// Not infinite: the difference of two infinite numbers is none, and a sort must have one.
const timeOf = ({ time }: SpanEvent): number =>
  time !== undefined && Number.isFinite(time) ? time : Number.MAX_VALUE;

const longestAttributes = 100_000;

function smallValues(attributes: string | undefined): EventFacts['attributes'] {
  if (attributes === undefined || attributes.length > longestAttributes) return {};
  let fields: Fields;
  try {
    fields = fieldsOf(JSON.parse(attributes));
  } catch {
    // Not JSON: a recorder of its own kind. The event's name and time are still of use.
    return {};
  }
  const small: [string, string | number | boolean][] = [];
  for (const [key, value] of Object.entries(fields).slice(0, 50)) {
    if (typeof value === 'number' || typeof value === 'boolean') small.push([key, value]);
    else if (typeof value === 'string') small.push([key, beginOf(value, 300)]);
  }
  return Object.fromEntries(small);
}

/** An event that notes a further attempt. */
export const isRetry = ({ name }: EventFacts): boolean =>
  /(?:^|[._ ])retry(?:ing)?(?:$|[._ ])|^retries$/i.test(name);

/** The retries within a call: its events say more than a count does. */
export function retriesOf(
  { retries, fields }: Metadata,
  events: readonly EventFacts[],
): CallFacts['retries'] {
  const told = events.filter(isRetry).map(({ attributes: it }) => retry(it));
  if (told.length > 0) return told;
  if (Array.isArray(retries)) {
    return retries.slice(0, keptNames).map(one => retry(fieldsOf(one)));
  }
  const attempts = Number(fields.attempt ?? 1) - 1;
  const count = Number(retries ?? fields['http.request.resend_count'] ?? attempts);
  const some = Number.isFinite(count) ? Math.max(0, Math.min(keptNames, Math.floor(count))) : 0;
  return Array.from({ length: some }, () => ({ status: undefined, waitMs: undefined }));
}

function retry(it: Fields): CallFacts['retries'][number] {
  const status =
    it.status ?? it.status_code ?? it['http.response.status_code'] ?? it.error_type ?? it.error;
  const wait = it.wait_ms ?? it.waitMs ?? it.delay_ms ?? it.retry_after_ms;
  return {
    status: typeof status === 'number' ? String(status) : nameOf(status),
    waitMs: typeof wait === 'number' && wait >= 0 ? wait : undefined,
  };
}
