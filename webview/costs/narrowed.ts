import { type CostKey, modelRow, otherRow } from '../../src/core/costBy.ts';
import { parseQuery } from '../../src/core/query/parse.ts';
import type { OverviewSettings } from '../overview/saved.ts';

type Filtering = Partial<Pick<OverviewSettings, 'text' | 'name' | 'period'>>;

/** Terms that were put there by an earlier press: no span is of two tools, or of a tool and a model. */
const earlier: Readonly<Record<'span' | 'day', RegExp>> = {
  span: /(?:^|\s)(?:tool|model)=(?:"(?:[^"\\]|\\.)*"|[^\s()"]+)(?=\s|$)/g,
  day: /(?:^|\s)(?:after|before):\d{4,6}-\d\d-\d\d(?=\s|$)/g,
};

/**
 * What to filter by to see the runs that a row of the costs was summed from, beside the text that is there.
 * Undefined where no filter finds just these.
 */
export function narrowed(text: string, by: CostKey, key: string): Filtering | undefined {
  if (by === 'name') return key === otherRow ? undefined : { name: key };
  if (key === '' || key === otherRow || key === modelRow) return undefined;
  // What a field of one line and the language cannot hold.
  if (/[\p{Cc}\u2028\u2029]/u.test(key) || key.trim() !== key) return undefined;
  const term =
    by === 'day' ? dayTerm(key) : `${by}="${key.replace(/["\\]/g, sign => `\\${sign}`)}"`;
  if (term === undefined || parseQuery(term).problem) return undefined;
  const kept = text.replace(earlier[by === 'day' ? 'day' : 'span'], '').trim();
  const rest = /(?:^|\s)OR\s|\|/.test(kept) ? `(${kept})` : kept;
  const whole = rest === '' ? term : `${rest} ${term}`;
  return {
    text: parseQuery(whole).problem ? term : whole,
    // A day is a time of its own.
    ...(by === 'day' && { period: 'all' as const }),
  };
}

/** `2026-11-28` up to the day after. */
function dayTerm(day: string): string | undefined {
  const start = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(start.getTime())) return undefined;
  const next = new Date(start.getTime() + 86_400_000).toISOString().replace(/T.*$/, '');
  return `after:${day} before:${next}`;
}
