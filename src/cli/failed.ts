import type { Cause } from '../core/causality.ts';
import { formatAge } from '../core/format.ts';
import type { RunSummary } from '../core/model.ts';
import { englishWords } from '../core/words.ts';
import type { SpanRow } from '../protocol/reader.ts';
import { failure, named, runStatus, shortIds } from './cells.ts';
import { legend, runJson } from './runs.ts';
import type { Session } from './session.ts';
import { type Column, table } from './table.ts';
import type { Terminal } from './terminal.ts';

export async function listFailed(session: Session, limit: number | undefined): Promise<unknown> {
  const runs = await session.runs('failed', limit);
  const listed: unknown[] = [];
  for (const run of runs) {
    const cause = await causeOfRun(session, run);
    listed.push({
      ...runJson(run),
      failingSpanId: run.failingSpanId ?? null,
      causeSpanId: cause?.spanId ?? null,
      causeRule: cause?.rule ?? null,
    });
  }
  return listed;
}

const columns: readonly Column[] = [
  { title: 'RUN', shrinksTo: 16 },
  { title: 'STARTED' },
  { title: 'FAILED AT', shrinksTo: 16 },
  { title: 'ASKED FOR BY', shrinksTo: 12 },
  { title: 'RULE' },
  { title: 'ID' },
  { title: 'ERROR', shrinksTo: 12 },
];

export async function showFailed(
  session: Session,
  limit: number | undefined,
  terminal: Terminal,
): Promise<string> {
  const runs = await session.runs('failed', limit);
  if (runs.length === 0) return `No run in ${session.name} failed.\n`;
  const idOf = shortIds(
    runs.map(run => run.runId),
    terminal.columns,
  );
  const rows = [];
  for (const run of runs) {
    const cause = await causeOfRun(session, run);
    rows.push([
      { text: `${named(run.name)}${run.judgement ? '*' : ''}`, style: 'bold' as const },
      { text: formatAge(run.start, session.clock.now, englishWords, terminal.zone) },
      { text: await placeOf(session, run.failingSpanId), style: runStatus(run).style },
      { text: await placeOf(session, cause?.spanId) },
      { text: cause?.rule ?? '–', style: 'dim' as const },
      { text: idOf(run.runId), style: 'dim' as const },
      failure(run.error),
    ]);
  }
  return table(terminal, columns, rows) + legend(runs);
}

async function causeOfRun(session: Session, run: RunSummary): Promise<Cause | undefined> {
  const { failingSpanId } = run;
  return failingSpanId === undefined
    ? undefined
    : session.reader.cause(session.file, failingSpanId);
}

async function placeOf(session: Session, spanId: string | undefined): Promise<string> {
  if (spanId === undefined) return '–';
  const { span } = await session.reader.span(session.file, spanId, session.clock);
  return spanName(span);
}

/** A span's name, and its tool's where that says more. */
export function spanName(span: SpanRow): string {
  const name = named(span.name);
  return span.toolName && span.toolName !== span.name ? `${name} ${named(span.toolName)}` : name;
}
