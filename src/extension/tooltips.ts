import * as vscode from 'vscode';
import {
  costWords,
  isolated,
  judgementWords,
  oneLine,
  runCostWords,
  runStatusWords,
  spanStatusWords,
  toolBeside,
  visible,
} from '../core/describe.ts';
import { formatDateTime, formatDuration, integer } from '../core/format.ts';
import { markdownText } from '../core/inert.ts';
import type { Insight } from '../core/insights/insight.ts';
import type { RunSummary, Usage } from '../core/model.ts';
import { inputTokens } from '../core/usage.ts';
import type { SpanRow } from '../protocol/reader.ts';
import type { ReplaySummary } from '../protocol/replay.ts';
import { isCopilots } from './copilot.ts';
import { errorWords } from './errors.ts';
import { insightLines } from './insightMarks.ts';
import type { Insights } from './insights.ts';
import type { Row } from './rows.ts';
import type { TraceFiles } from './traceFiles.ts';
import { nameOf } from './treeItems.ts';
import { localStaleness, words } from './words.ts';

/** What a row's hover says: the error first, ids last. Recorded text is never taken for Markdown. */
export function tooltipOf(
  row: Row,
  files: TraceFiles,
  insights: Pick<Insights, 'ofRun'>,
): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  switch (row.type) {
    case 'file':
      return fileTooltip(text, row.file, files);
    case 'run':
      return runTooltip(text, row.run, insights.ofRun(row.file, row.run.runId));
    case 'span':
      return spanTooltip(text, row.span);
    case 'replays':
      return say(text, vscode.l10n.t('Calls of this run that were sent again.'));
    case 'replay':
      return replayTooltip(text, row.replay);
    case 'more':
      return say(text, vscode.l10n.t('Shows the next 200 rows.'));
    case 'note':
      return say(text, row.description ? `${row.label}. ${row.description}` : row.label);
  }
}

function fileTooltip(text: vscode.MarkdownString, id: string, files: TraceFiles) {
  const file = files.get(id);
  if (!file) return text;
  const shown = file.uri.scheme === 'file' ? file.uri.fsPath : file.uri.toString(true);
  say(text, isolated(oneLine(shown, 1000)));
  if (isCopilots(file.uri)) {
    const words = vscode.l10n.t(
      'GitHub Copilot Chat writes this file, and takes out what is older than a week.',
    );
    paragraph(text, words);
  }
  if (file.error) return paragraph(text, errorWords(file.error));
  if (file.info?.staleness) {
    const { beside, why: reason } = localStaleness(file.info.staleness);
    const why = vscode.l10n.t(
      'May be stale: {0}-{1} beside it holds data that is not shown: {2}.',
      file.name,
      beside,
      reason,
    );
    paragraph(text, why);
  }
  return text;
}

function runTooltip(text: vscode.MarkdownString, run: RunSummary, insights: readonly Insight[]) {
  const t = vscode.l10n.t;
  head(text, nameOf(run.name), runStatusWords(run, words()));
  error(text, run.error);
  if (run.judgement) paragraph(text, judgementWords(run, Date.now(), words()));
  for (const line of insightLines(insights)) paragraph(text, line);
  const end = run.end ?? (run.status === 'running' ? undefined : run.lastActivity);
  facts(text, [
    tookWords(run.start, end),
    run.spans === 1 ? t('1 span') : t('{0} spans', integer(run.spans)),
    ...tokenWords(run.usage),
    runCostWords(run, words()),
  ]);
  facts(text, [
    `${formatDateTime(run.start, words())} – ${end === undefined ? '…' : formatDateTime(end, words())}`,
  ]);
  if (run.sessionId !== undefined) paragraph(text, t('session {0}', flat(run.sessionId)));
  return paragraph(text, t('run {0}', flat(run.runId)));
}

function replayTooltip(
  text: vscode.MarkdownString,
  { run, edited, ofSpan, ofRun, calls }: ReplaySummary,
): vscode.MarkdownString {
  const t = vscode.l10n.t;
  runTooltip(text, run, []);
  if (calls !== undefined) {
    if (edited.length > 0) paragraph(text, t('Edited at {0}.', flat(edited.join(', '))));
    return paragraph(text, t('replay of run {0}', flat(ofRun)));
  }
  paragraph(
    text,
    edited.length > 0 ? t('Edited at {0}.', flat(edited.join(', '))) : t('Sent as recorded.'),
  );
  return paragraph(text, t('replay of span {0}', flat(ofSpan)));
}

function spanTooltip(text: vscode.MarkdownString, span: SpanRow) {
  const t = vscode.l10n.t;
  const tool = toolBeside(span);
  head(text, nameOf(tool ?? span.name), spanStatusWords(span, span, words()));
  error(text, span.error);
  if (span.isCause) paragraph(text, t('Its answer asked for the call at which the run failed.'));
  facts(text, [
    words()[span.kind],
    flat(span.model ?? ''),
    tookWords(span.start, span.end),
    ...tokenWords(span.usage),
    costWords(span, words()),
  ]);
  facts(text, [
    `${formatDateTime(span.start, words())} – ${span.end === undefined ? '…' : formatDateTime(span.end, words())}`,
  ]);
  const { spanId, parentSpanId, runId } = span;
  return paragraph(
    text,
    [
      t('span {0}', flat(spanId)),
      parentSpanId === undefined ? '' : t('parent {0}', flat(parentSpanId)),
      t('run {0}', flat(runId)),
    ]
      .filter(Boolean)
      .join(' · '),
  );
}

const flat = (recorded: string): string => isolated(oneLine(recorded));

function head(text: vscode.MarkdownString, name: string, status: string): void {
  say(text.appendMarkdown('**'), name);
  say(text.appendMarkdown('** '), status);
}

function error(text: vscode.MarkdownString, words: string | undefined): void {
  if (words) text.appendCodeblock(visible(words), 'text');
}

function facts(text: vscode.MarkdownString, parts: readonly string[]): void {
  paragraph(text, parts.filter(Boolean).join(' · '));
}

const paragraph = (text: vscode.MarkdownString, words: string): vscode.MarkdownString =>
  say(text.appendMarkdown('\n\n'), words);

const say = (text: vscode.MarkdownString, words: string): vscode.MarkdownString =>
  text.appendMarkdown(markdownText(words));

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
