import { parsePaths } from './fieldPath.ts';
import { type Place, plainCopy } from './plainCopy.ts';
import { plainValue } from './plainValue.ts';
import { isSecretHeader } from './secretPatterns.ts';

/**
 * A value as JSON, without the headers that carry keys; undefined for what JSON has no word for. Never throws:
 * a cycle, a getter that fails or an object too deep must not end the agent that records it.
 */
export function safeJson(value: unknown): string | undefined {
  try {
    return isPlain(value) ? JSON.stringify(value) : JSON.stringify(value, plain);
  } catch {
    // Cycles and getters that throw are rare, and a look at each part is slow.
    return carefully(value);
  }
}

/** Values that are looked at; what has more of them, or a cycle, goes the other way. */
const mostValues = 20_000;

/**
 * Whether `plain` would change nothing in it, which is so for most of what agents record: JSON then comes
 * without a call for each value, and with this look takes two thirds to four fifths of the time.
 */
export function isPlain(value: unknown): boolean {
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

function plain(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  if (isSecretHeader(key)) return undefined;
  if (typeof value === 'bigint') return String(value);
  // As it is before it says by itself what it is: a date that is none, bytes as a list of numbers.
  const original = this[key];
  if (typeof original !== 'object' || original === null) return value;
  const shown = plainValue(original);
  return shown === original ? value : shown;
}

const mostDepth = 100;
/** Objects and lists; what makes new ones each time that it is looked at would never end. */
const mostParts = 200_000;

/** Part by part: what cannot be read, goes round or is too deep is replaced, and all else is kept. */
function carefully(value: unknown): string | undefined {
  let left = mostParts;
  const isSecret = (place: Place): boolean => !place.element && isSecretHeader(place.key);
  const copy = plainCopy(value, parsePaths([]), {
    enter(_, place) {
      if (isSecret(place)) return { replaced: undefined };
      if (place.depth > mostDepth) return { replaced: '[too deep]' };
      return --left < 0 ? { replaced: '[too many values]' } : 'copy';
    },
    leaf: (leaf, place) => (isSecret(place) ? undefined : leaf),
    name: key => key,
  });
  return JSON.stringify(copy);
}
