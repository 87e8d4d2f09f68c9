import * as vscode from 'vscode';
import { TraceError } from '../core/errors.ts';
import { idShape, idWords } from '../core/idShapes.ts';
import type { SpanRef } from '../protocol/panel.ts';
import type { FileId, ReaderApi } from '../protocol/reader.ts';
import { type Log, logError } from './log.ts';
import { clock } from './settings.ts';
import type { TraceFiles } from './traceFiles.ts';

export interface IdLink extends vscode.TerminalLink {
  readonly ref: SpanRef;
}

// Lines are asked for again while the mouse moves.
const keptAnswers = 500;
/** Ids of so many runs tell what a file's ids look like. */
const runsLookedAt = 5;

/** Ids of runs and spans that programs print become links, if one of the files that are open has them. */
export class TerminalLinks implements vscode.TerminalLinkProvider<IdLink> {
  private readonly files: TraceFiles;
  private readonly show: (ref: SpanRef) => unknown;
  private readonly log: Log;
  /** By file, what its ids look like; asked for anew when it changes. */
  private readonly shapes = new Map<FileId, Promise<ReadonlySet<string>>>();
  private readonly answers = new Map<string, SpanRef | undefined>();

  constructor(files: TraceFiles, show: (ref: SpanRef) => unknown, log: Log) {
    this.files = files;
    this.show = show;
    this.log = log;
  }

  /** A file may have ids that it had not. */
  forget(): void {
    this.shapes.clear();
    this.answers.clear();
  }

  async provideTerminalLinks({ line }: { readonly line: string }): Promise<IdLink[]> {
    const links: IdLink[] = [];
    // Of a file that is still read on, that it has no such id is known only at the end of it.
    const read = this.files
      .list()
      .filter(({ state, totals }) => state === 'read' && totals && totals.share === undefined);
    for (const { id: file, name } of read) {
      for (const { text, start } of idWords(line, await this.shapesOf(file))) {
        if (links.some(link => link.startIndex === start)) continue;
        const ref = await this.refOf(file, text);
        const tooltip = vscode.l10n.t('Show in {0}', name);
        if (ref) links.push({ startIndex: start, length: text.length, tooltip, ref });
      }
    }
    return links;
  }

  async handleTerminalLink({ ref }: IdLink): Promise<void> {
    await this.show(ref);
  }

  private shapesOf(file: FileId): Promise<ReadonlySet<string>> {
    const known = this.shapes.get(file) ?? this.lookAtIds(file);
    this.shapes.set(file, known);
    return known;
  }

  private async lookAtIds(file: FileId): Promise<ReadonlySet<string>> {
    try {
      const query = { filter: 'all', offset: 0, limit: runsLookedAt, clock: clock() } as const;
      const { runs } = await this.files.use(file, reader => reader.runs(file, query));
      const ids = runs.flatMap(run => [run.runId, run.rootSpanId, run.failingSpanId ?? '']);
      return new Set(ids.flatMap(id => idShape(id) ?? []));
    } catch (error) {
      logError(this.log, 'terminal links', error);
      return new Set();
    }
  }

  private async refOf(file: FileId, id: string): Promise<SpanRef | undefined> {
    const key = `${file} ${id}`;
    if (this.answers.has(key)) return this.answers.get(key);
    const ref = (await this.spanOf(file, id)) ?? (await this.runOf(file, id));
    this.answers.set(key, ref);
    for (const oldest of this.answers.keys()) {
      if (this.answers.size <= keptAnswers) break;
      this.answers.delete(oldest);
    }
    return ref;
  }

  private async spanOf(file: FileId, spanId: string): Promise<SpanRef | undefined> {
    const found = await this.asked(file, reader => reader.locate(file, spanId));
    return found && { file, spanId };
  }

  private async runOf(file: FileId, runId: string): Promise<SpanRef | undefined> {
    const found = await this.asked(file, reader => reader.run(file, runId, clock()));
    return found && { file, spanId: found.failingSpanId ?? found.rootSpanId };
  }

  private async asked<T>(
    file: FileId,
    ask: (reader: ReaderApi) => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await this.files.use(file, ask);
    } catch (error) {
      const { code } = TraceError.from(error);
      if (code !== 'spanMissing' && code !== 'runMissing')
        logError(this.log, 'terminal links', error);
      return undefined;
    }
  }
}
