import type { Fields } from '../fields.ts';
import type { JsonStep } from './jsonPlaces.ts';

/** A place at which two JSON values are not the same; undefined where a side has nothing. */
export interface JsonDifference {
  readonly path: readonly JsonStep[];
  readonly before: unknown;
  readonly after: unknown;
}

const isList = Array.isArray;
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !isList(value);

/**
 * The places at which two JSON values differ, in the order of the first one: the innermost parts that are
 * not the same. Lists are compared position by position.
 *
 * @param most how many are looked for
 */
export function jsonDifferences(a: unknown, b: unknown, most: number): readonly JsonDifference[] {
  const found: JsonDifference[] = [];
  const waiting: JsonDifference[] = [{ path: [], before: a, after: b }];
  for (let one = waiting.pop(); one && found.length < most; one = waiting.pop()) {
    const { path, before, after } = one;
    if (Object.is(before, after)) continue;
    const steps = stepsOf(before, after);
    if (!steps) {
      found.push(one);
      continue;
    }
    // Reversed: what is put there last is looked at first.
    for (const step of steps.reverse()) {
      waiting.push({
        path: [...path, step],
        before: partOf(before, step),
        after: partOf(after, step),
      });
    }
  }
  return found;
}

function stepsOf(a: unknown, b: unknown): JsonStep[] | undefined {
  if (isList(a) && isList(b))
    return Array.from({ length: Math.max(a.length, b.length) }, (_, at) => at);
  if (!isObject(a) || !isObject(b)) return undefined;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])];
}

function partOf(value: unknown, step: JsonStep): unknown {
  if (isList(value)) return value[Number(step)];
  // `__proto__` may be a field of a JSON object, and of none.
  return isObject(value) && Object.hasOwn(value, step) ? value[String(step)] : undefined;
}

/** For people: `messages[2].content[0].text`; empty for the whole. */
export const pathText = (path: readonly JsonStep[]): string =>
  path
    .map((step, at) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(step)) return `[${JSON.stringify(step)}]`;
      return at === 0 ? step : `.${step}`;
    })
    .join('');
