import {
  type ComparedFigures,
  differenceOf,
  type Figures,
  type NameMeasure,
  nameMeasures,
} from '../../src/core/compareRuns.ts';
import {
  formatCost,
  formatDuration,
  formatRunCost,
  formatSigned,
  formatTokens,
  integer,
  none,
} from '../../src/core/format.ts';
import type { WordKey, Words } from '../../src/core/words.ts';

/** One figure on both sides, in words. */
export interface FigureRow {
  readonly label: WordKey;
  readonly a: string;
  readonly b: string;
  readonly difference: string;
}

type Format = (value: number) => string;

const shown = (value: number | undefined, format: Format): string =>
  value === undefined ? none : format(value);

function differenceWords(
  a: number | undefined,
  b: number | undefined,
  format: Format,
  words: Words,
): string {
  const difference = differenceOf(a, b);
  if (difference === undefined) return none;
  return difference === 0 ? words.compareSame : formatSigned(difference, format);
}

/** The figures of two runs. Token counts that neither side recorded are left out. */
export function figureRows(
  a: ComparedFigures,
  b: ComparedFigures,
  words: Words,
): readonly FigureRow[] {
  const row = (
    label: WordKey,
    of: (side: ComparedFigures) => number | undefined,
    format: Format,
  ) => ({
    label,
    a: shown(of(a), format),
    b: shown(of(b), format),
    difference: differenceWords(of(a), of(b), format, words),
  });
  const cost = row('measureCost', side => side.cost, formatCost);
  const rows = [
    row('measureDuration', side => side.duration, formatDuration),
    { ...cost, a: formatRunCost(a, words), b: formatRunCost(b, words) },
    row('measureSpans', side => side.spans, integer),
    row('measureLlmCalls', side => side.llmCalls, integer),
    row('measureToolCalls', side => side.toolCalls, integer),
    row('measureFailed', side => side.failed, integer),
  ];
  const tokens = [
    row('uncachedInput', side => side.usage.input, integer),
    row('cacheRead', side => side.usage.cacheRead, integer),
    row('measureCacheWrite', side => cacheWrite(side), integer),
    row('output', side => side.usage.output, integer),
  ];
  return [...rows, ...tokens.filter(one => one.a !== none || one.b !== none)];
}

function cacheWrite({ usage }: Figures): number | undefined {
  const { cacheWrite5m, cacheWrite1h } = usage;
  if (cacheWrite5m === undefined && cacheWrite1h === undefined) return undefined;
  return (cacheWrite5m ?? 0) + (cacheWrite1h ?? 0);
}

const nameFormats = {
  spans: integer,
  duration: formatDuration,
  tokens: formatTokens,
  cost: formatCost,
} as const satisfies Record<NameMeasure, Format>;

/** One measure of the spans of a name. A side without such spans is left open rather than called 0. */
export function nameCell(
  a: Figures | undefined,
  b: Figures | undefined,
  measure: NameMeasure,
  words: Words,
): Omit<FigureRow, 'label'> {
  const [of, format] = [nameMeasures[measure], nameFormats[measure]];
  const side = (one: Figures | undefined): string => {
    if (!one) return none;
    // What made no call has no price: $0.00 in each of its rows would only be noise.
    if (measure !== 'cost' || one.cost !== 0) {
      return measure === 'cost' ? formatRunCost(one, words) : shown(of(one), format);
    }
    return none;
  };
  const [x, y] = [side(a), side(b)];
  if (x === none && y === none) return { a: '', b: '', difference: '' };
  return { a: x, b: y, difference: differenceWords(of(a), of(b), format, words) };
}
