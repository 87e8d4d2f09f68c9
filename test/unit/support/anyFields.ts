import type { Fields } from '../../../src/core/fields.ts';
import { numbers } from './runs.ts';

/** Whole numbers below what is asked for, the same for the same seed. */
export function random(seed: number): (below: number) => number {
  const next = numbers(seed);
  return below => Math.floor(next() * below);
}

const harmless = [
  '',
  'How long is the Nile?',
  '2026-11-25T13:16:49.123Z',
  '1764076609123',
  'd9428888-122b-11e1-b85c-61cd3cbb3210',
  'toolu_01A09q90qw90lq917835lq9',
  '/home/me/src/agent.ts:120:7',
  'npm i left-pad@1.3.0 @types/node',
  '3.14159265358979, -12.5e10, 192.168.100.200, 4.2.1.10000.1',
  'authorization is needed, the bearer of this cookie: nobody',
  'Ünïcødé 🎉 {"a": [1, "\\u00e9"]} \\ "quoted" \n\t',
];

/** A value as metadata may hold it; `put` goes into every text and every name. */
function anyValue(
  next: (below: number) => number,
  put: (text: string) => string,
  depth = 0,
): unknown {
  const kind = next(depth > 4 ? 5 : 8);
  if (kind === 0) return next(2) === 0;
  if (kind === 1) return next(1_000_000) / 8;
  if (kind === 2) return null;
  if (kind < 5) return put(harmless[next(harmless.length)] ?? '');
  const count = next(5);
  if (kind === 5) return Array.from({ length: count }, () => anyValue(next, put, depth + 1));
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      put(['content', 'text', 'name', 'value', '__proto__', 'Ä b', ''][next(7)] ?? '') +
        ' ' +
        index,
      anyValue(next, put, depth + 1),
    ]),
  );
}

/** Metadata, the same for the same seed. */
export const anyFields = (seed: number, put: (text: string) => string): Fields => {
  const next = random(seed);
  const keys = ['request', 'response', 'tool_input', 'tool_result', 'redacted2', 'gen_ai.prompt'];
  return Object.fromEntries(keys.map(key => [key, anyValue(next, put)]));
};
