import type { Cause } from '../core/causality.ts';
import { isJudged, spanStatusWords } from '../core/describe.ts';
import { formatAge } from '../core/format.ts';
import type { RunSummary } from '../core/model.ts';
import { englishWords } from '../core/words.ts';
import type { SpanRow } from '../protocol/reader.ts';
import { failure, named, runStatus, shortIds } from './cells.ts';
import { orNull } from './numbers.ts';
import { legend, runJson } from './runs.ts';
import type { Session } from './session.ts';
import { type Column, table } from './table.ts';
import type { Terminal } from './terminal.ts';

export async function listFailed(session: Session, limit: number | undefined): Promise<unknown> {
  const runs = await session.runs('failed', limit);
  const listed: unknown[] = [];
  for (const run of runs) {
    const cause = await causeOfRun(session, run);
    const failing = await spanOf(session, run.failingSpanId);
    const asking = await spanOf(session, cause?.spanId);
    listed.push({
      ...runJson(run),
      failingSpanId: run.failingSpanId ?? null,
      causeSpanId: cause?.spanId ?? null,
      causeRule: cause?.rule ?? null,
      failingSpanName: failing ? spanName(failing) : null,
      failingSpanError: orNull(failing?.error),
      causeSpanName: asking ? spanName(asking) : null,
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
    const failing = await spanOf(session, run.failingSpanId);
    rows.push([
      { text: `${named(run.name)}${isJudged(run) ? '*' : ''}`, style: 'bold' as const },
      { text: formatAge(run.start, session.clock.now, englishWords, terminal.zone) },
      { text: placeOf(failing), style: runStatus(run).style },
      { text: placeOf(await spanOf(session, cause?.spanId)) },
      { text: cause?.rule ?? '–', style: 'dim' as const },
      { text: idOf(run.runId), style: 'dim' as const },
      // What the root says is often only that something in it failed.
      failure(failing?.error ?? run.error ?? unsaid(failing)),
    ]);
  }
  return table(terminal, columns, rows) + legend(runs);
}

/** A program that was stopped left no error behind. */
const unsaid = (failing: SpanRow | undefined): string | undefined =>
  failing?.interrupted ? `(${spanStatusWords(failing, failing, englishWords)})` : undefined;

async function causeOfRun(session: Session, run: RunSummary): Promise<Cause | undefined> {
  const { failingSpanId } = run;
  return failingSpanId === undefined
    ? undefined
    : session.reader.cause(session.file, failingSpanId);
}

async function spanOf(
  { reader, file, clock }: Session,
  spanId: string | undefined,
): Promise<SpanRow | undefined> {
  return spanId === undefined ? undefined : (await reader.span(file, spanId, clock)).span;
}

const placeOf = (span: SpanRow | undefined): string => (span ? spanName(span) : '–');

/** A span's name, and its tool's where that says more. */
export function spanName(span: Pick<SpanRow, 'name' | 'toolName'>): string {
  const name = named(span.name);
  const { toolName } = span;
  // Many recorders name the span after what it does and its tool.
  const saysMore = toolName && !` ${span.name}`.endsWith(` ${toolName}`);
  return saysMore ? `${name} ${named(toolName)}` : name;
}
