import { costKeys } from '../core/costBy.ts';
import { type RunSelection, runSortKeys } from '../core/runQuery.ts';
import { isZone } from '../core/zone.ts';
import type { CostsQuery } from '../protocol/insightList.ts';
import type { FiguresQuery, RunRowsQuery } from '../protocol/reader.ts';
import { isObject, isText, refuse } from './pageArguments.ts';

// What a page asks about runs, looked at part by part before the reader gets it.

type Given = Readonly<Record<string, unknown>>;

const filters = ['all', 'failed', 'running'] as const;
// Ids and names are at most some hundred characters; a page keeps no more of them than this.
const mostTexts = 1000;

const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value);

const asCount = (value: unknown): number =>
  Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : refuse('a count', value);

function optional<T>(value: unknown, is: (value: unknown) => value is T): T | undefined {
  if (value === undefined || value === null) return undefined;
  return is(value) ? value : refuse('a text or number', value);
}

const asTexts = (value: unknown): readonly string[] =>
  Array.isArray(value) && value.length <= mostTexts && value.every(isText)
    ? value
    : refuse('a list of texts', value);

const asGiven = (value: unknown): Given => (isObject(value) ? value : refuse('a query', value));

export const asRunSelection = (value: unknown): RunSelection => asSelection(asGiven(value));

/** @param most how many of them are looked at */
export const asFew = (value: unknown, most: number): readonly string[] =>
  asTexts(value).slice(0, most);

function asSelection(given: Given): RunSelection {
  return {
    filter: filters.find(one => one === given.filter) ?? refuse('a filter', given.filter),
    text: optional(given.text, isText),
    name: optional(given.name, isText),
    session: optional(given.session, isText),
    from: optional(given.from, isNumber),
    to: optional(given.to, isNumber),
  };
}

export function asRowsQuery(value: unknown): Omit<RunRowsQuery, 'clock'> {
  const given = asGiven(value);
  const sort = asGiven(given.sort);
  return {
    ...asSelection(given),
    sort: {
      by: runSortKeys.find(key => key === sort.by) ?? refuse('an order', sort.by),
      descending: sort.descending === true,
    },
    grouped: optional(given.grouped, one => typeof one === 'boolean'),
    folded: asTexts(given.folded),
    offset: asCount(given.offset),
    limit: Math.min(asCount(given.limit), 1000),
    placesOf: asTexts(given.placesOf),
  };
}

export function asFiguresQuery(value: unknown): Omit<FiguresQuery, 'clock'> {
  const given = asGiven(value);
  return {
    ...asSelection(given),
    zone: isNumber(given.zone) ? given.zone : refuse('a number', given.zone),
  };
}

export function asCostsQuery(value: unknown): CostsQuery {
  const given = asGiven(value);
  return {
    ...asSelection(given),
    zone: isZone(given.zone) ? given.zone : refuse('a time zone', given.zone),
    by: costKeys.find(key => key === given.by) ?? refuse('what to sum by', given.by),
    at: isNumber(given.at) ? given.at : refuse('a time', given.at),
  };
}
