import { type Fields, fieldsOf } from '../core/fields.ts';
import { messagesUsage } from '../core/openAiUsage.ts';

/** How deep counts stand in one another, such as the tokens written to the cache by how long they are kept. */
const mostDepth = 3;

/** The usage of two calls as one: counts added by their names, of all else what the later one says. */
export const addedUsage = (before: unknown, usage: unknown): Fields =>
  added(messagesUsage(fieldsOf(before)), messagesUsage(fieldsOf(usage)), mostDepth);

function added(before: Fields, later: Fields, depth: number): Fields {
  const sum: Record<string, unknown> = { ...before };
  for (const [key, value] of Object.entries(later)) {
    const old = Object.hasOwn(before, key) ? before[key] : undefined;
    if (typeof value === 'number' && typeof old === 'number') sum[key] = old + value;
    else if (Array.isArray(value)) sum[key] = Array.isArray(old) ? [...old, ...value] : value;
    else if (typeof value === 'object' && value !== null && depth > 0) {
      sum[key] = added(fieldsOf(old), fieldsOf(value), depth - 1);
    } else if (value !== undefined && value !== null) sum[key] = value;
  }
  return sum;
}
