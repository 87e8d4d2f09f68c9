import { isSecretHeader } from './secretPatterns.ts';

/**
 * A value as JSON, without the headers that carry keys; undefined for what JSON has no word for. Never throws: a cycle, a getter that fails or
 * an object too deep must not end the agent that records it.
 */
export function safeJson(value: unknown): string | undefined {
  try {
    return isPlain(value) ? JSON.stringify(value) : JSON.stringify(value, plain);
  } catch {
    // Cycles are rare and looking for them is slow, so they are looked for only after the first try.
    return withoutCycles(value);
  }
}

/** Values that are looked at; what has more of them, or a cycle, goes the other way. */
const mostValues = 20_000;

/**
 * Whether `plain` would change nothing in it, which is so for most of what agents record: JSON then comes
 * without a call for each value, and with this look takes two thirds to four fifths of the time.
 */
function isPlain(value: unknown): boolean {
  const waiting = [value];
  let left = mostValues;
  while (waiting.length > 0) {
    const object = waiting.pop();
    if (Array.isArray(object)) {
      left -= 1 + object.length;
      if (left < 0) return false;
      for (const item of object) {
        if (isOther(item)) return false;
        if (typeof item === 'object' && item !== null) waiting.push(item);
      }
      continue;
    }
    if (--left < 0 || Object.getPrototypeOf(object) !== Object.prototype) return false;
    const fields = object as Record<string, unknown>;
    for (const key in fields) {
      if (isSecretHeader(key)) return false;
      const item = fields[key];
      if (isOther(item)) return false;
      if (typeof item === 'object' && item !== null) waiting.push(item);
    }
  }
  return true;
}

const isOther = (value: unknown): boolean =>
  typeof value === 'bigint' || typeof value === 'function';

/** What JSON would refuse, or show as `{}`. */
function plain(key: string, value: unknown): unknown {
  if (isSecretHeader(key)) return undefined;
  if (typeof value === 'object' && value !== null) {
    if (value instanceof Error) {
      return Object.assign({ name: value.name, message: value.message }, value);
    }
    if (value instanceof Map) return Object.fromEntries(value);
    if (value instanceof Set) return [...value];
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    return value;
  }
  return typeof value === 'bigint' ? String(value) : value;
}

function withoutCycles(value: unknown): string {
  const above: unknown[] = [];
  try {
    return (
      JSON.stringify(value, function (this: unknown, key, item) {
        // `this` holds the item: what is not above it any more was left.
        while (above.length > 0 && above.at(-1) !== this) above.pop();
        if (above.includes(item)) return '[circular]';
        const made = plain(key, item);
        if (typeof made === 'object' && made !== null) {
          if (above.length > 100) return '[too deep]';
          above.push(made);
        }
        return made;
      }) ?? 'null'
    );
  } catch (error) {
    return JSON.stringify(
      `[cannot be recorded: ${error instanceof Error ? error.message : error}]`,
    );
  }
}
