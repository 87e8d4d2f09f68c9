import { cut } from './content.ts';
import { counted } from './counted.ts';
import { fillIn } from './errors.ts';
import {
  formatAge,
  formatCost,
  formatDuration,
  formatRunCost,
  formatTokens,
  integer,
} from './format.ts';
import type { RunSummary, Span, UnixMs } from './model.ts';
import { runDuration } from './runQuery.ts';
import { isCancelled } from './status.ts';
import { deepestRow, type Flaw } from './tree.ts';
import { totalTokens } from './usage.ts';
import type { WordKey, Words } from './words.ts';

/** What a row of a span needs besides the span itself. */
export interface RowFacts {
  readonly recovered: boolean;
  readonly flaw: Flaw | undefined;
  readonly isCause: boolean;
  /** 0 is the run's root. */
  readonly depth: number;
}

/** How a row's status is drawn: the shape on its icon's corner. */
export type Mark = 'none' | 'failed' | 'recovered' | 'running' | 'stale' | 'judged' | 'cancelled';

export function runMark(run: RunSummary): Mark {
  if (run.status === 'error') return 'failed';
  if (run.status === 'running' || run.status === 'stale') return run.status;
  if (run.judgement === 'cancelled') return 'cancelled';
  return run.judgement ? 'judged' : 'none';
}

export function spanMark(
  span: Pick<Span, 'status' | 'end'> & Partial<Pick<Span, 'recordedStatus'>>,
  facts: Pick<RowFacts, 'recovered'>,
): Mark {
  if (span.status === 'error') return facts.recovered ? 'recovered' : 'failed';
  if (isCancelled({ recordedStatus: undefined, ...span })) return 'cancelled';
  return span.status === 'running' && span.end === undefined ? 'running' : 'none';
}

/** The status of a run in words: `failed`, `OK, judged`. */
export function runStatusWords(run: RunSummary, words: Words): string {
  const word = { ok: words.ok, error: words.failed, running: words.running, stale: words.stale }[
    run.status
  ];
  if (run.judgement === 'cancelled') return words.cancelled;
  return run.judgement && run.status !== 'running' ? `${word}, ${words.judged}` : word;
}

/** Its root does not say how it ended. */
export const isJudged = ({ judgement }: Pick<RunSummary, 'judgement'>): boolean =>
  judgement !== undefined && judgement !== 'cancelled';

/** How the status of a run was judged, as a sentence; empty where its root says it itself. */
export function judgementWords(run: RunSummary, now: UnixMs, words: Words): string {
  const quiet = formatDuration(Math.max(0, now - (run.lastActivity ?? now)));
  switch (run.judgement) {
    case 'unrecovered-failure':
      return words.judgedFailure;
    case 'second-root':
      return words.judgedSecondRoot;
    case 'recent-activity':
      return fillIn(words.judgedRunning, [quiet]);
    case 'open-descendant':
      if (run.lastActivity === undefined) return words.judgedUntimed;
      return fillIn(words.judgedStale, [quiet]);
    case 'all-ended':
      return counted(words, 'judgedOk', run.spans);
    case 'unknown-status':
      return words.judgedUnknown;
    case 'interrupted':
      return words.judgedInterrupted;
    case 'cancelled':
      return words.judgedCancelled;
    case undefined:
      return '';
  }
}

/** The status of a span in words; an unknown one keeps its own. */
export function spanStatusWords(
  span: Span,
  facts: Pick<RowFacts, 'recovered'>,
  words: Words,
): string {
  if (span.interrupted) return facts.recovered ? words.recovered : words.interrupted;
  if (span.status === 'error') return facts.recovered ? words.recovered : words.failed;
  if (span.status === 'ok') return words.ok;
  if (span.status === 'running') return words.running;
  if (isCancelled(span)) return words.cancelled;
  return isolated(oneLine(span.recordedStatus?.trim() ?? '', 40)) || words.unknownStatus;
}

/** What a run cost; empty where no call of it has counted anything, which is not known to have cost nothing. */
export const runCostWords = (run: RunSummary, words: Words): string =>
  run.cost === 0 && !totalTokens(run.usage) ? '' : formatRunCost(run, words);

/**
 * The description of a run's row, most telling first: it is cut at the end.
 *
 * @param found what stands out in the run, in a word or two
 */
export function runDescription(run: RunSummary, now: UnixMs, words: Words, found = ''): string {
  const plain = run.status === 'ok' && !run.judgement;
  return join([
    plain ? '' : runStatusWords(run, words),
    found,
    runDurationWords(run, now),
    runCostWords(run, words),
    run.partial ? words.soFar : '',
    formatAge(run.start, now, words),
  ]);
}

const ofSession = 8;

/**
 * The session of a run, short, where its name counts within sessions (`shop #1`) and another run beside it has
 * the same name. Empty where the name tells it apart, or says nothing of a session.
 */
export function sessionBeside(
  { name, sessionId }: Pick<RunSummary, 'name' | 'sessionId'>,
  beside: Iterable<Pick<RunSummary, 'name' | 'sessionId'>>,
): string {
  if (sessionId === undefined || !/#\d+$/.test(name)) return '';
  for (const other of beside) {
    if (other.name !== name || other.sessionId === sessionId) continue;
    return isolated(cut(oneLine(sessionId), ofSession).text);
  }
  return '';
}

/** How long a run took; with dots while it runs. */
export function runDurationWords(run: RunSummary, now: UnixMs): string | undefined {
  const took = runDuration(run, now);
  if (took === undefined || took < 0) return undefined;
  return run.status === 'running' ? `${formatDuration(took)}…` : formatDuration(took);
}

/** The tool that a span ran, where its name does not say it: `execute_tool read_file` does. */
export function toolBeside({
  name,
  toolName,
}: Pick<Span, 'name' | 'toolName'>): string | undefined {
  return toolName && name !== toolName && !name.endsWith(` ${toolName}`) ? toolName : undefined;
}

/** The description of a span's row: tool name first, then what it took. */
export function spanDescription(span: Span, facts: RowFacts, words: Words, now: UnixMs): string {
  const tokens = totalTokens(span.usage);
  const plain = span.status === 'ok' && !facts.recovered;
  return join([
    facts.isCause ? words.cause : '',
    plain ? '' : spanStatusWords(span, facts, words),
    isolated(oneLine(toolBeside(span) ?? '', 60)),
    facts.flaw ? words[flawWord[facts.flaw]] : '',
    // Its place in the tree no longer says it.
    facts.depth > deepestRow ? fillIn(words.level, [integer(facts.depth + 1)]) : '',
    // Of what failed, why comes before what it took: the row is cut at its end.
    span.status === 'error' ? isolated(oneLine(span.error?.trim() ?? '', 80)) : '',
    spanMark(span, facts) === 'running' ? soFar(span.start, now) : durationOf(span.start, span.end),
    tokens ? formatTokens(tokens) : '',
    costWords(span, words),
    formatAge(span.start, now, words),
  ]);
}

export const flawWord = {
  orphan: 'orphan',
  cycle: 'cycle',
  'second-root': 'secondRoot',
} as const satisfies Record<Flaw, WordKey>;

/** The cost of one span in words; empty where it made no call. */
export function costWords(span: Span, words: Words): string {
  if (span.costSource === 'none') return '';
  return span.cost === undefined ? words.unpriced : span.cost === 0 ? '' : formatCost(span.cost);
}

function durationOf(start: UnixMs | undefined, end: UnixMs | undefined): string | undefined {
  return start === undefined || end === undefined ? undefined : formatDuration(end - start);
}

/** The duration of what has not ended. */
const soFar = (start: UnixMs | undefined, now: UnixMs): string | undefined =>
  start === undefined || start > now ? undefined : `${formatDuration(now - start)}…`;

const join = (parts: readonly (string | undefined)[]): string => parts.filter(Boolean).join(' · ');

const controls = /\p{Cc}/gu;
// Bidirectional overrides and isolates would reorder the words that follow them in a row.
const bidi = /\p{Bidi_Control}/gu;

/** A recorded text on one line of a list: control characters become visible, reordering ones are taken out. */
export function oneLine(text: string, limit = 200): string {
  const begin = cut(text, limit * 2).text;
  const flat = begin
    .replace(/[\r\n\t\u2028\u2029]+/g, ' ')
    .replace(controls, shown)
    .replace(bidi, '');
  if (flat.length <= limit && begin.length === text.length) return flat;
  return `${cut(flat, limit - 1).text}…`;
}

/** Control pictures: U+0000 is drawn as U+2400 and so on. */
const shown = (char: string): string => {
  const code = char.charCodeAt(0);
  return String.fromCharCode(code < 0x20 ? 0x2400 + code : 0x2421);
};

// Hebrew, Arabic and their neighbours.
const rightToLeft =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1eeff}]/u;

/** A recorded text among other words: letters from right to left would draw figures beside them into their order. */
export const isolated = (text: string): string =>
  rightToLeft.test(text) ? `\u2068${text}\u2069` : text;

// Overrides turn round what follows them; no language needs them.
const unseen = /[\p{Cc}\u202d\u202e]/gu;
// Code needs no embeddings and isolates either: one that is left open takes the rest of the line with it.
const unseenInCode = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** A recorded text of several lines: what would be drawn as nothing at all becomes visible. */
export function visible(text: string, look: 'code' | 'prose' = 'code'): string {
  const hidden = look === 'code' ? unseenInCode : unseen;
  return text.replace(/\r\n/g, '\n').replace(hidden, char => {
    if (char === '\n' || char === '\t') return char;
    const code = char.charCodeAt(0);
    return code < 0x20 || code === 0x7f ? shown(char) : '\ufffd';
  });
}
