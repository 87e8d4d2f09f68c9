import { cut } from './content.ts';
import { parsePaths } from './fieldPath.ts';
import type { Fields } from './fields.ts';
import { type Place, plainCopy } from './plainCopy.ts';
import { markerOf } from './secretPatterns.ts';

const mark = `…${markerOf('size')}`;
const shortest = 64;
const top: Place = { up: undefined, key: '', element: false, depth: 0, states: parsePaths([]) };

/** The start of a text with a mark at its end, in the given number of characters. */
export function cutToLimit(text: string, limit: number): string {
  return text.length <= limit ? text : cut(text, limit - mark.length).text + mark;
}

/** How texts are cut, and who is told. */
export interface Cutting {
  shorten(text: string, limit: number): string;
  cut(place: Place, what: string): void;
}

/** Cuts the longest texts until all fit; where they would be too short, leaves out the largest fields. */
export function cutTexts(fields: Fields, limit: number, cutting: Cutting): Fields {
  // What says what was cut must not itself be the reason to cut more.
  const { redacted, ...counted } = fields;
  const { lengths, other } = measured(counted);
  if (lengths.reduce((a, b) => a + b, other) <= limit) return fields;
  const longest = longestThatFits(lengths, limit - other);
  const less =
    longest < shortest
      ? withoutLargest(counted, limit, cutting)
      : (copied(counted, (text, place) => {
          if (text.length <= longest) return text;
          cutting.cut(place, `size: ${text.length} characters`);
          return cutting.shorten(text, longest);
        }) as Fields);
  return redacted === undefined ? less : { ...less, redacted };
}

/** The length to which long texts must be cut for the sum to fit. */
function longestThatFits(lengths: readonly number[], room: number): number {
  const ascending = [...lengths].sort((a, b) => a - b);
  let left = room;
  for (const [index, length] of ascending.entries()) {
    const share = Math.floor(left / (ascending.length - index));
    if (length > share) return share;
    left -= length;
  }
  return Number.POSITIVE_INFINITY;
}

function withoutLargest(fields: Fields, limit: number, cutting: Cutting): Fields {
  const sizes = Object.entries(fields).map(([key, value]) => ({ key, size: sizeOf(value) }));
  let total = sizes.reduce((sum, one) => sum + one.size, 0);
  const gone = new Set<string>();
  for (const { key, size } of sizes.sort((a, b) => b.size - a.size)) {
    if (total <= limit) break;
    total -= size;
    gone.add(key);
    cutting.cut({ ...top, up: top, key, depth: 1 }, `size: ${size} characters`);
  }
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !gone.has(key)));
}

function sizeOf(value: unknown): number {
  const { lengths, other } = measured(value);
  return lengths.reduce((a, b) => a + b, other);
}

/** The lengths of all texts, and of the rest: names, numbers. */
function measured(value: unknown): { readonly lengths: readonly number[]; readonly other: number } {
  const lengths: number[] = [];
  let other = 0;
  copied(
    value,
    text => {
      lengths.push(text.length);
      return text;
    },
    length => {
      other += length;
    },
  );
  return { lengths, other };
}

function copied(
  value: unknown,
  text: (text: string, place: Place) => string,
  rest: (length: number) => void = () => undefined,
): unknown {
  return plainCopy(value, parsePaths([]), {
    enter: () => 'copy',
    leaf(leaf, place) {
      if (typeof leaf === 'string') return text(leaf, place);
      rest(String(leaf).length);
      return leaf;
    },
    name(key) {
      rest(key.length);
      return key;
    },
  });
}
