import * as vscode from 'vscode';
import { costWords, judgementWords, runStatusWords, spanStatusWords } from '../core/describe.ts';
import { formatDateTime, formatDuration, formatRunCost, integer } from '../core/format.ts';
import type { RunSummary, Usage } from '../core/model.ts';
import { inputTokens } from '../core/usage.ts';
import type { SpanRow } from '../protocol/reader.ts';
import { errorWords } from './errors.ts';
import type { Row } from './rows.ts';
import type { TraceFiles } from './traceFiles.ts';
import { nameOf } from './treeItems.ts';
import { words } from './words.ts';

/** What a row's hover says: the error first, ids last. Recorded text is never taken for Markdown. */
export function tooltipOf(row: Row, files: TraceFiles): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  switch (row.type) {
    case 'file':
      return fileTooltip(text, row.file, files);
    case 'run':
      return runTooltip(text, row.run);
    case 'span':
      return spanTooltip(text, row.span);
    case 'more':
      return text.appendText(vscode.l10n.t('Shows the next 200 rows.'));
    case 'note':
      return text.appendText(row.description ? `${row.label}. ${row.description}` : row.label);
  }
}

function fileTooltip(text: vscode.MarkdownString, id: string, files: TraceFiles) {
  const file = files.get(id);
  if (!file) return text;
  const shown = file.uri.scheme === 'file' ? file.uri.fsPath : file.uri.toString(true);
  text.appendText(shown);
  if (file.error) return paragraph(text).appendText(errorWords(file.error));
  if (file.info?.staleness) {
    const { beside, why: reason } = file.info.staleness;
    const why = vscode.l10n.t(
      'May be stale: {0}-{1} beside it holds data that is not shown: {2}.',
      file.name,
      beside,
      reason,
    );
    paragraph(text).appendText(why);
  }
  return text;
}

function runTooltip(text: vscode.MarkdownString, run: RunSummary) {
  const t = vscode.l10n.t;
  head(text, nameOf(run.name), runStatusWords(run, words()));
  error(text, run.error);
  if (run.judgement) paragraph(text).appendText(judgementWords(run, Date.now(), words()));
  const end = run.end ?? (run.status === 'running' ? undefined : run.lastActivity);
  facts(text, [
    tookWords(run.start, end),
    run.spans === 1 ? t('1 span') : t('{0} spans', integer(run.spans)),
    ...tokenWords(run.usage),
    formatRunCost(run),
  ]);
  facts(text, [`${formatDateTime(run.start)} – ${end === undefined ? '…' : formatDateTime(end)}`]);
  return paragraph(text).appendText(t('run {0}', run.runId));
}

function spanTooltip(text: vscode.MarkdownString, span: SpanRow) {
  const t = vscode.l10n.t;
  const tool = span.toolName && span.toolName !== span.name ? span.toolName : undefined;
  head(text, nameOf(tool ?? span.name), spanStatusWords(span, span, words()));
  error(text, span.error);
  if (span.isCause)
    paragraph(text).appendText(t('Its answer asked for the call at which the run failed.'));
  facts(text, [
    words()[span.kind],
    span.model ?? '',
    tookWords(span.start, span.end),
    ...tokenWords(span.usage),
    costWords(span, words()),
  ]);
  facts(text, [
    `${formatDateTime(span.start)} – ${span.end === undefined ? '…' : formatDateTime(span.end)}`,
  ]);
  const parent = span.parentSpanId === undefined ? '' : ` · ${t('parent {0}', span.parentSpanId)}`;
  return paragraph(text).appendText(
    `${t('span {0}', span.spanId)}${parent} · ${t('run {0}', span.runId)}`,
  );
}

function head(text: vscode.MarkdownString, name: string, status: string): void {
  text.appendMarkdown('**').appendText(name).appendMarkdown('** ').appendText(status);
}

function error(text: vscode.MarkdownString, words: string | undefined): void {
  if (words) text.appendCodeblock(words, 'text');
}

function facts(text: vscode.MarkdownString, parts: readonly string[]): void {
  paragraph(text).appendText(parts.filter(Boolean).join(' · '));
}

const paragraph = (text: vscode.MarkdownString): vscode.MarkdownString =>
  text.appendMarkdown('\n\n');

function tookWords(start: number | undefined, end: number | undefined): string {
  return start === undefined || end === undefined ? '' : formatDuration(end - start);
}

/** Exact counts: rows abbreviate them. */
function tokenWords(usage: Usage): string[] {
  const t = vscode.l10n.t;
  const input = inputTokens(usage);
  return [
    input === undefined ? '' : t('{0} tokens in', integer(input)),
    usage.cacheRead ? t('{0} of them from the cache', integer(usage.cacheRead)) : '',
    usage.output === undefined ? '' : t('{0} out', integer(usage.output)),
  ];
}
