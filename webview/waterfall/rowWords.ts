import { counted } from '../../src/core/counted.ts';
import type { Mark } from '../../src/core/describe.ts';
import { fillIn } from '../../src/core/errors.ts';
import { formatCost, formatDuration, formatTokens, integer } from '../../src/core/format.ts';
import { type SpanKind, spanKinds } from '../../src/core/model.ts';
import { hasFlag } from '../../src/core/spanColumns.ts';
import type { Words } from '../../src/core/words.ts';
import { figuresOf, type Model, timeOf } from './model.ts';

export const kindAt = ({ data }: Model, row: number): SpanKind =>
  spanKinds[data.kind[row] ?? -1] ?? 'other';

export const nameAt = ({ data }: Model, row: number, words: Words): string =>
  data.names[data.name[row] ?? -1] || words.noName;

export function markAt({ data }: Model, row: number): Mark {
  if (hasFlag(data, row, 'recovered')) return 'recovered';
  if (hasFlag(data, row, 'failed')) return 'failed';
  return hasFlag(data, row, 'running') ? 'running' : 'none';
}

export function statusAt({ data }: Model, row: number, words: Words): string {
  if (hasFlag(data, row, 'recovered')) return words.recovered;
  if (hasFlag(data, row, 'interrupted')) return words.interrupted;
  if (hasFlag(data, row, 'failed')) return words.failed;
  if (hasFlag(data, row, 'running')) return words.running;
  return hasFlag(data, row, 'unknown') ? words.unknownStatus : words.ok;
}

/** How long a span took; with dots where it has not ended, to the latest that is known of its run. */
export function durationAt(model: Model, row: number, words: Words): string {
  const time = timeOf(model, row);
  if (!time) return '';
  const open = Number.isNaN(model.data.end[row] ?? Number.NaN);
  // Nothing came after it: no time that could be told has gone by.
  if (open && time.to - time.from < 1) return words.notEnded;
  return `${formatDuration(time.to - time.from)}${open ? '…' : ''}`;
}

export function tokensAt(model: Model, row: number, folded: boolean): string {
  const { tokens } = figuresOf(model, row, folded);
  return tokens > 0 ? formatTokens(tokens) : '';
}

export function costAt(model: Model, row: number, folded: boolean, words: Words): string {
  const { cost, unpriced } = figuresOf(model, row, folded);
  if (cost > 0) return `${formatCost(cost)}${unpriced > 0 ? '+' : ''}`;
  return unpriced > 0 ? words.unpriced : '';
}

export function waitAt({ data, gap }: Model, row: number): string {
  const at = gap[row] ?? -1;
  if (at < 0) return '';
  return formatDuration((data.gaps.to[at] ?? 0) - (data.gaps.from[at] ?? 0));
}

/** A row in words: for a screen reader, and with exact figures for a tooltip. */
export function rowInWords(model: Model, row: number, folded: boolean, words: Words): string {
  const { data } = model;
  const { tokens, cost, unpriced } = figuresOf(model, row, folded);
  const time = timeOf(model, row);
  const wait = waitAt(model, row);
  const sums = folded || (row === 0 && data.count > 1);
  return [
    nameAt(model, row, words),
    words[kindAt(model, row)],
    statusAt(model, row, words),
    row === data.cause?.row ? words.cause : '',
    hasFlag(data, row, 'orphan') ? words.orphan : '',
    hasFlag(data, row, 'cycle') ? words.cycle : '',
    hasFlag(data, row, 'secondRoot') ? words.secondRoot : '',
    durationAt(model, row, words),
    time ? fillIn(words.rowStarts, [formatDuration(time.from)]) : words.noStart,
    wait && fillIn(row === 0 ? words.waitedAtEnd : words.waitedBefore, [wait]),
    tokens > 0 ? counted(words, 'tokens', tokens) : '',
    cost > 0 ? formatCost(cost) : '',
    unpriced > 0 ? words.unpriced : '',
    sums && (tokens > 0 || cost > 0) ? words.rowWithBelow : '',
    folded ? counted(words, 'rowFolded', (data.size[row] ?? 1) - 1) : '',
    row > 0 && (model.onPath[row] ?? -1) >= 0 ? words.rowOnPath : '',
  ]
    .filter(Boolean)
    .join(', ');
}

/** How many spans there are, and how many of them are seen. */
export function countInWords({ data }: Model, rows: number, words: Words): string {
  const [count, total] = [integer(data.count), integer(data.total)];
  const cut = data.count < data.total;
  if (rows < data.count) {
    return cut
      ? fillIn(words.spansCutFolded, [integer(rows), count, total])
      : fillIn(words.spansSomeFolded, [integer(rows), count]);
  }
  if (cut) return fillIn(words.spansCut, [count, total]);
  return counted(words, 'spansAllShown', data.count);
}
