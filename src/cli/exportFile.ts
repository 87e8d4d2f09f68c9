import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TraceError } from '../core/errors.ts';
import { integer } from '../core/format.ts';
import type { RunSummary } from '../core/model.ts';
import { fileText, formatOfName } from '../formats/exportFormats.ts';
import type { Noticed } from '../formats/runSpans.ts';
import { tracesOf } from '../net/sendTraces.ts';
import type { Progress } from './export.ts';
import type { ExportAsked } from './exportCommand.ts';
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
      `Would write ${integer(runs.length)} runs with ${integer(spans)} spans as ${format} to ${asked.to}.\n`,
    );
    return 0;
  }
  try {
    if (asked.to === '-') for await (const piece of text) terminal.write(piece);
    else await intoFile(path.resolve(asked.to), text, signal);
  } catch (error) {
    if (signal.aborted) throw new TraceError('cancelled');
    throw error;
  } finally {
    progress.done();
  }
  const said = `Wrote ${integer(runs.length)} runs with ${integer(spans)} spans to ${asked.to}.`;
  const facts = {
    file: asked.to,
    format,
    runs: runs.length,
    spans,
    open: noticed.open,
    left_out: noticed.leftOut,
  };
  if (asked.to !== '-') {
    terminal.write(asked.json ? `${JSON.stringify(facts, undefined, 2)}\n` : `${said}\n`);
  }
  if (noticed.leftOut > 0) {
    complain(
      terminal,
      `${integer(noticed.leftOut)} spans went without their content, which is too large.`,
    );
  }
  return 0;
}

async function intoFile(
  file: string,
  text: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<void> {
  const part = `${file}.part-${randomUUID().slice(0, 8)}`;
  try {
    // Prompts may be in it: nobody else is to read it.
    await pipeline(Readable.from(text), fs.createWriteStream(part, { flags: 'wx', mode: 0o600 }), {
      signal,
    });
    fs.renameSync(part, file);
  } catch (error) {
    fs.rmSync(part, { force: true });
    throw error;
  }
}
