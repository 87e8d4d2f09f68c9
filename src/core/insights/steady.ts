import { fieldsOf } from '../fields.ts';

const passing =
  /^(?:(?:request|trace|span|correlation|query|response)_?id|timestamp|ts|took|elapsed|duration|latency|(?:took|elapsed|duration|latency|response_time|time_taken|execution_time)_?(?:ms|s|seconds|in_ms)|(?:created|updated|generated|fetched|checked|retrieved|served|started)_?at|nonce|etag)$/i;

/** Fields that differ from call to call though the result is the same; none where it has no others. */
export function steadyFields(value: unknown): (key: string) => boolean {
  const names = Object.keys(fieldsOf(Array.isArray(value) ? value[0] : value));
  return names.every(name => passing.test(name)) ? () => false : name => passing.test(name);
}

// Dates with a time, UUIDs, ids of requests, times in seconds or milliseconds since 1970.
const passingWords =
  /\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?|\b[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\b|\breq_\w+|\b1\d{9}(?:\d{3}|\.\d+)?\b/gi;

const longest = 20_000;

/** A text without what differs from call to call; the text itself where nothing else is in it. */
export function steadyText(text: string): string {
  if (text.length > longest) return text;
  const rest = text.replace(passingWords, '…');
  return /[\p{L}\d]/u.test(rest) ? rest : text;
}
