import { costWords, isJudged, oneLine, runCostWords, spanStatusWords } from '../core/describe.ts';
import { formatDuration, formatTokens, none } from '../core/format.ts';
import type { RunSummary } from '../core/model.ts';
import { totalTokens } from '../core/usage.ts';
import { englishWords } from '../core/words.ts';
import type { SpanRow } from '../protocol/reader.ts';
import type { Cell } from './table.ts';
import type { Style } from './terminal.ts';

const runLooks: Readonly<Record<RunSummary['status'], readonly [string, Style]>> = {
  ok: ['✓ ok', 'green'],
  error: ['✗ failed', 'red'],
  running: ['● running', 'blue'],
  stale: ['◌ stale', 'yellow'],
};

/** The status of a run; what was judged rather than recorded has an asterisk. */
export function runStatus(run: RunSummary): Cell {
  if (run.judgement === 'cancelled') return { text: `– ${englishWords.cancelled}` };
  const [text, style] = runLooks[run.status];
  return { text: isJudged(run) ? `${text}*` : text, style };
}

export function spanStatus(span: SpanRow): Cell {
  const words = spanStatusWords(span, span, englishWords);
  if (span.status === 'error') {
    return span.recovered
      ? { text: `↻ ${words}`, style: 'yellow' }
      : { text: `✗ ${words}`, style: 'red' };
  }
  if (span.status === 'ok') return { text: '✓ ok', style: 'green' };
  return span.status === 'running' ? { text: '● running', style: 'blue' } : { text: `? ${words}` };
}

export function duration(start: number | undefined, end: number | undefined): Cell {
  return start === undefined || end === undefined
    ? { text: none, style: 'dim' }
    : { text: formatDuration(end - start) };
}

export function tokens(usage: RunSummary['usage']): Cell {
  const total = totalTokens(usage);
  return total ? { text: formatTokens(total) } : { text: none, style: 'dim' };
}

export function runCost(run: RunSummary): Cell {
  const text = runCostWords(run, englishWords);
  if (text === '') return { text: none, style: 'dim' };
  return { text, style: run.cost === undefined ? 'yellow' : undefined };
}

export function spanCost(span: SpanRow): Cell {
  const text = costWords(span, englishWords);
  if (text === '') return { text: none, style: 'dim' };
  return { text, style: span.costSource === 'unpriced' ? 'yellow' : undefined };
}

export const named = (name: string): string => oneLine(name) || englishWords.noName;

export const failure = (error: string | undefined): Cell => ({
  text: oneLine(error ?? ''),
  style: 'red',
});

/** Ids short enough for a terminal's row and still unique; whole where the output is read by a program. */
export function shortIds(
  ids: readonly string[],
  columns: number | undefined,
): (id: string) => string {
  if (columns === undefined) return id => oneLine(id);
  const distinct = new Set(ids).size;
  for (let length = 8; length < 64; length += 2) {
    const unique = new Set(ids.map(id => id.slice(0, length))).size === distinct;
    if (unique) return id => oneLine(id.slice(0, length));
  }
  return id => oneLine(id);
}
