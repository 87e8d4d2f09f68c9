import path from 'node:path';
import { TraceError } from '../core/errors.ts';
import type { RunSummary } from '../core/model.ts';
import { fileText, formatOfName } from '../formats/exportFormats.ts';
import type { Noticed } from '../formats/runSpans.ts';
import { tracesOf } from '../net/sendTraces.ts';
import { targetOf, type WholeFile } from '../node/exportTarget.ts';
import { writeWhole } from '../node/wholeFile.ts';
import type { Progress } from './export.ts';
import type { ExportAsked } from './exportCommand.ts';
import { noticedWords, runsAndSpans } from './exportWords.ts';
import { NotFound, type Session } from './session.ts';
import { complain, type Terminal } from './terminal.ts';

interface Around {
  readonly terminal: Terminal;
  readonly version: string;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** Writes runs into a file, which has its name only once it is whole, or to the output. */
export async function writeExport(
  session: Session,
  runs: readonly RunSummary[],
  asked: ExportAsked,
  { terminal, version, signal, progress }: Around,
): Promise<number> {
  const format = asked.format ?? formatOfName(asked.to);
  if (format === undefined) {
    throw new NotFound(`The name "${asked.to}" does not say what the file becomes: give --format.`);
  }
  const file = path.resolve(asked.to);
  const isOutput = asked.to === '-' || file === '/dev/stdout';
  const to: WholeFile = { file, traceFile: session.file, replaces: asked.force };
  // Before all of it is read.
  if (!isOutput) targetOf(to);
  const noticed: Noticed = { open: 0, leftOut: 0 };
  const text = fileText(runs, {
    format,
    leaving: { content: asked.content, redaction: asked.redaction ? undefined : false },
    page: (runId, offset) => session.reader.recordedSpans(session.file, runId, offset),
    noticed,
    tracesOf: batch => tracesOf(batch, { service: asked.service, version }),
    signal,
    progress: progress.more,
  });
  const spans = runs.reduce((sum, run) => sum + run.spans, 0);
  if (asked.dryRun) {
    terminal.write(
      `Would write ${runsAndSpans(runs.length, spans)} as ${format} to ${asked.to}.\n`,
    );
    return 0;
  }
  try {
    if (isOutput) for await (const piece of text) terminal.write(piece);
    else await writeWhole(to, text, signal);
  } catch (error) {
    if (signal.aborted) throw new TraceError('cancelled');
    throw error;
  } finally {
    progress.done();
  }
  const { open, timeless = 0, emptyRuns = 0 } = noticed;
  const written = { runs: runs.length - emptyRuns, spans: spans - open - timeless };
  const said = `Wrote ${runsAndSpans(written.runs, written.spans)} to ${asked.to}.`;
  const facts = {
    file: asked.to,
    format,
    ...written,
    open,
    timeless,
    leftOut: noticed.leftOut,
    eventsLeftOut: noticed.events ?? 0,
  };
  if (!isOutput) {
    terminal.write(asked.json ? `${JSON.stringify(facts, undefined, 2)}\n` : `${said}\n`);
  }
  // A table of spans has no place for events.
  const events = format === 'csv' ? 0 : (noticed.events ?? 0);
  for (const line of noticedWords({ ...noticed, events })) complain(terminal, line);
  return 0;
}
