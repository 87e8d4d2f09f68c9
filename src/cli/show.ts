import { flawWord } from '../core/describe.ts';
import { formatDateTime } from '../core/format.ts';
import type { RunSummary } from '../core/model.ts';
import { englishWords } from '../core/words.ts';
import {
  duration,
  failure,
  named,
  runCost,
  runStatus,
  shortIds,
  spanCost,
  spanStatus,
  tokens,
} from './cells.ts';
import { spanName } from './failed.ts';
import { durationMs, jsonMs, jsonUsd, orNull } from './numbers.ts';
import { legend } from './runs.ts';
import type { Session } from './session.ts';
import { type Column, table } from './table.ts';
import { styled, type Terminal } from './terminal.ts';

/** A run's spans as `--json` prints them. Scripts depend on these names and their order. */
export async function listSpans(session: Session, id: string): Promise<unknown> {
  const { runId } = await session.findRun(id);
  const spans = await session.spans(runId);
  return {
    runId,
    spans: spans.map(span => ({
      spanId: span.spanId,
      parentSpanId: orNull(span.parentSpanId),
      name: span.name,
      kind: span.kind,
      status: span.status,
      startTime: jsonMs(span.start),
      durationMs: durationMs(span.start, span.end),
      model: orNull(span.model),
      costUsd: jsonUsd(span.cost),
      inputTokens: orNull(span.usage.input),
      outputTokens: orNull(span.usage.output),
      error: orNull(span.error),
    })),
  };
}

const columns: readonly Column[] = [
  { title: 'SPAN', shrinksTo: 24 },
  { title: 'KIND' },
  { title: 'STATUS', shrinksTo: 9 },
  { title: 'DURATION', right: true },
  { title: 'TOKENS', right: true },
  { title: 'COST', right: true },
  { title: 'MODEL', shrinksTo: 8 },
  { title: 'ID' },
  { title: 'ERROR', shrinksTo: 5 },
];

export async function showSpans(session: Session, id: string, terminal: Terminal): Promise<string> {
  const run = await session.findRun(id);
  const spans = await session.spans(run.runId);
  const guides = guidesOf(spans);
  const idOf = shortIds(
    spans.map(span => span.spanId),
    terminal.columns,
  );
  const rows = spans.map((span, index) => {
    const flaw = span.flaw ? ` (${englishWords[flawWord[span.flaw]]})` : '';
    const cause = span.isCause ? ' ← cause' : '';
    return [
      { text: `${guides[index]}${spanName(span)}${flaw}${cause}` },
      { text: span.kind, style: 'dim' as const },
      spanStatus(span),
      duration(span.start, span.end),
      tokens(span.usage),
      spanCost(span),
      { text: named(span.model ?? '–'), style: 'dim' as const },
      { text: idOf(span.spanId), style: 'dim' as const },
      failure(span.error),
    ];
  });
  const shown = spans.some(span => span.error) ? columns : columns.slice(0, -1);
  const body = rows.map(row => row.slice(0, shown.length));
  return `${heading(run, terminal)}\n${table(terminal, shown, body)}${legend([run])}`;
}

function heading(run: RunSummary, terminal: Terminal): string {
  const status = runStatus(run);
  const facts = [
    duration(run.start, run.end).text,
    `${run.spans} ${run.spans === 1 ? 'span' : 'spans'}`,
    `${tokens(run.usage).text} tokens`,
    runCost(run).text,
  ];
  return [
    `${styled(terminal, 'bold', named(run.name))}  ${styled(terminal, status.style, status.text)}`,
    `${formatDateTime(run.start, englishWords, terminal.zone)} · ${facts.join(' · ')}`,
    styled(terminal, 'dim', named(run.runId)),
    '',
  ].join('\n');
}

// Deeper levels are numbered: their lines would leave no room for names.
const drawnLevels = 12;

/** The lines in front of each span of a tree, given root first and depth first. */
export function guidesOf(spans: readonly { readonly depth: number }[]): readonly string[] {
  const guides: string[] = [];
  // Whether, from here on to the end, a span of that depth follows before the branch ends.
  const goesOn: boolean[] = [];
  for (let index = spans.length - 1; index >= 0; index--) {
    const depth = spans[index]?.depth ?? 0;
    goesOn.length = Math.min(goesOn.length, depth + 1);
    const drawn = Math.min(depth, drawnLevels);
    const deeper = depth > drawnLevels ? `…${depth} ` : '';
    let guide = '';
    for (let level = 1; level < drawn; level++) guide += goesOn[level] ? '│  ' : '   ';
    if (depth > 0) guide += goesOn[depth] ? '├─ ' : '└─ ';
    guides.push(guide + deeper);
    goesOn[depth] = true;
  }
  return guides.reverse();
}
