import type { RunSummary } from '../core/model.ts';
import type { RecordedPage } from '../core/recordedSpan.ts';
import { type ExportedRun, exportedFailure, exportedRun } from './exportedRun.ts';
import type { OtlpTraces } from './otlp.ts';
import { otlpLines } from './otlpLines.ts';
import type { ScopedSpan } from './otlpOfSpan.ts';
import { runHtml } from './runHtml.ts';
import { runJson } from './runJson.ts';
import { runMarkdown } from './runMarkdown.ts';
import { exportedSpans, type Leaving, type Noticed, otlpSpans, redactorOf } from './runSpans.ts';
import { spansCsv } from './spansCsv.ts';

export const fileFormats = ['otlp', 'json', 'csv', 'markdown', 'html'] as const;
export type FileFormat = (typeof fileFormats)[number];

const endings: readonly (readonly [ending: RegExp, format: FileFormat])[] = [
  [/\.html?$/i, 'html'],
  [/\.csv$/i, 'csv'],
  [/\.(?:md|markdown)$/i, 'markdown'],
  [/\.jsonl$/i, 'otlp'],
  [/\.json$/i, 'json'],
];

/** What a file is, by its name; undefined where that says nothing. */
export const formatOfName = (name: string): FileFormat | undefined =>
  endings.find(([ending]) => ending.test(name))?.[1];

/** The ending of a file's name in a format. */
export const endingOf: Readonly<Record<FileFormat, string>> = {
  otlp: 'otlp.jsonl',
  json: 'json',
  csv: 'csv',
  markdown: 'md',
  html: 'html',
};

export interface ToFile {
  readonly format: FileFormat;
  readonly leaving: Leaving;
  readonly page: (runId: string, offset: number) => Promise<RecordedPage>;
  readonly noticed: Noticed;
  /** Puts spans of OTLP under their resource. */
  readonly tracesOf: (batch: readonly ScopedSpan[]) => OtlpTraces;
  readonly signal: { throwIfAborted(): void };
  readonly progress?: ((spans: number) => void) | undefined;
}

/** Runs as the text of a file, piece by piece: memory holds a page of spans. */
export function fileText(runs: Iterable<RunSummary>, to: ToFile): AsyncIterable<string> {
  const { format, leaving, noticed, page, signal, progress } = to;
  const redactor = redactorOf(leaving);
  async function* spansOf(run: RunSummary, first?: RecordedPage) {
    const own = exportedSpans(
      async offset => (offset === 0 && first) || page(run.runId, offset),
      redactor,
      noticed,
    );
    for await (const span of own) {
      signal.throwIfAborted();
      progress?.(1);
      yield span;
    }
  }
  async function* all(): AsyncGenerator<ExportedRun> {
    for (const run of runs) {
      signal.throwIfAborted();
      // Where it failed stands above its spans, and comes with the first of them.
      const first = await page(run.runId, 0);
      yield {
        run: exportedRun(run, redactor),
        failure: first.failure && exportedFailure(first.failure, redactor),
        spans: spansOf(run, first),
      };
    }
  }
  async function* scoped(): AsyncGenerator<ScopedSpan> {
    for (const run of runs) {
      // A file is read by us as well: what OTLP has no word for goes along where all may.
      yield* otlpSpans(run, spansOf(run), { exact: true }, noticed);
    }
  }
  switch (format) {
    case 'otlp':
      return otlpLines(scoped(), to.tracesOf);
    case 'json':
      return runJson(all());
    case 'csv':
      return spansCsv(all());
    case 'markdown':
      return runMarkdown(all());
    case 'html':
      return runHtml(all(), noteOf(leaving));
  }
}

/** What a reader of the page should know of it. */
export function noteOf({ content, redaction }: Leaving): string {
  if (!content) return 'Made without prompts, answers, inputs and results of tools.';
  return redaction === false
    ? 'Made as recorded: nothing was taken out.'
    : 'Secrets and personal data that were found are taken out.';
}
