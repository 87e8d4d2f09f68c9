import * as vscode from 'vscode';
import {
  costWords,
  isolated,
  oneLine,
  runCostWords,
  runDescription,
  runMark,
  runStatusWords,
  sessionBeside,
  spanDescription,
  spanMark,
  spanStatusWords,
  toolBeside,
} from '../core/describe.ts';
import { fillIn } from '../core/errors.ts';
import { formatAge, formatDuration, formatShare, integer } from '../core/format.ts';
import { copilotIsOff, isCopilots } from './copilot.ts';
import { failedWords, rowUri } from './decorations.ts';
import { iconOf } from './icons.ts';
import type { CommandId } from './ids.ts';
import { markWords } from './insightMarks.ts';
import type { Insights } from './insights.ts';
import type {
  FileRow,
  MoreRow,
  NoteRow,
  ReplayRow,
  ReplaysRow,
  Row,
  RunRow,
  SpanRow,
} from './rows.ts';
import { baseName } from './sources.ts';
import type { ListedFile, TraceFiles } from './traceFiles.ts';
import { words } from './words.ts';

const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;

export interface ItemContext {
  readonly files: TraceFiles;
  readonly insights: Pick<Insights, 'ofRun'>;
  /** Not all runs are shown. */
  readonly filtered: boolean;
  readonly replays: { count(file: string, runId: string): number };
  readonly now: number;
}

/** A row as VS Code draws it. Tooltips are made when they are shown. */
export function treeItem(row: Row, context: ItemContext): vscode.TreeItem {
  const item = itemOf(row, context);
  item.id = row.id;
  return item;
}

function itemOf(row: Row, context: ItemContext): vscode.TreeItem {
  switch (row.type) {
    case 'file':
      return fileItem(row, context);
    case 'run':
      return runItem(row, context);
    case 'span':
      return spanItem(row, context.now);
    case 'more':
      return moreItem(row);
    case 'note':
      return noteItem(row);
    case 'replays':
      return replaysItem(row);
    case 'replay':
      return replayItem(row, context.now);
  }
}

export const nameOf = (recorded: string): string => isolated(oneLine(recorded)) || words().noName;

function fileItem(row: FileRow, { files, filtered }: ItemContext): vscode.TreeItem {
  const file = files.get(row.file);
  // One that is not read before it is asked for must not unfold by itself.
  const unfolds = files.list().length === 1 && !file?.ofMachine;
  // A file that was closed is drawn once more before its row goes.
  const name = nameOf(file?.name ?? baseName(vscode.Uri.parse(row.file)));
  const item = new vscode.TreeItem(name, unfolds ? Expanded : Collapsed);
  const failed = file?.state === 'failed' || (file?.state === 'read' && !file.totals);
  item.iconPath = failed
    ? new vscode.ThemeIcon('error', new vscode.ThemeColor('problemsErrorIcon.foreground'))
    : new vscode.ThemeIcon(file?.ofMachine ? 'vm' : 'database');
  // While a file is read again, its row stays as it is.
  const state = file?.state === 'reading' && file.info ? 'read' : (file?.state ?? 'listed');
  const paused = state === 'read' && file?.following === false;
  item.contextValue = `file.${state}${paused ? '.paused' : ''}`;
  const sameName = files.list().filter(one => one.name === file?.name).length > 1;
  const matching = filtered ? row.loaded?.total : undefined;
  item.description = [
    sameName && file ? placeOf(file) : '',
    file ? fileWords(file, matching) : '',
    file?.ofMachine && isCopilots(file.uri) && copilotIsOff()
      ? vscode.l10n.t('recording is off')
      : '',
  ]
    .filter(Boolean)
    .join(' · ');
  item.accessibilityInformation = {
    label: sentence([vscode.l10n.t('trace file'), name, item.description]),
  };
  return item;
}

const placeOf = ({ uri }: ListedFile): string =>
  vscode.workspace.asRelativePath(uri, true).slice(0, -baseName(uri).length - 1);

function fileWords(
  { state, totals, info, following, behind }: ListedFile,
  matching: number | undefined,
): string {
  const t = vscode.l10n.t;
  if (state === 'failed') return t("can't be read");
  if (state === 'reading' && !info) return t('reading…');
  if (!totals) return state === 'read' ? t('damaged') : '';
  const { runs, failed } = totals;
  return [
    matching === undefined
      ? runs === 1
        ? t('1 run')
        : t('{0} runs', integer(runs))
      : t('{0} of {1} runs', integer(matching), integer(runs)),
    failed > 0 ? t('{0} failed', integer(failed)) : '',
    info?.staleness ? t('may be stale') : '',
    totals.share === undefined ? '' : t('{0} read', formatShare(totals.share)),
    following ? '' : behind ? t('paused, has changed') : t('paused'),
  ]
    .filter(Boolean)
    .join(' · ');
}

function runItem(row: RunRow, { insights, replays, now }: ItemContext): vscode.TreeItem {
  const { run } = row;
  const found = markWords(insights.ofRun(row.file, run.runId));
  row.mark = found;
  const name = nameOf(run.name);
  const unfolds = run.spans > 1 || replays.count(row.file, run.runId) > 0;
  const item = new vscode.TreeItem(name, unfolds ? Collapsed : None);
  const mark = runMark(run);
  const session = sessionBeside(run, runsBeside(row));
  const marks = [found, session].filter(Boolean).join(' · ');
  item.description = runDescription(run, now, words(), marks);
  item.iconPath = iconOf('agent', mark);
  item.resourceUri = rowUri(run.status === 'error', run.failedSpans);
  item.contextValue = `run.${run.status === 'error' ? 'failed' : run.status}`;
  const took = run.start === undefined || run.end === undefined ? undefined : run.end - run.start;
  item.accessibilityInformation = {
    label: sentence([
      vscode.l10n.t('run'),
      name,
      runStatusWords(run, words()),
      found,
      took === undefined ? '' : formatDuration(took),
      runCostWords(run, words()),
      session && fillIn(words().sessionOf, [session]),
      run.failedSpans > 0 ? failedWords(run.failedSpans) : '',
    ]),
  };
  if (!unfolds) item.command = showCommand(row);
  return item;
}

function* runsBeside({ parent }: RunRow): Iterable<RunRow['run']> {
  for (const row of parent.loaded?.rows ?? []) if (row.type === 'run') yield row.run;
}

function spanItem(row: SpanRow, now: number): vscode.TreeItem {
  const { span } = row;
  const name = nameOf(span.name);
  const item = new vscode.TreeItem(name, span.children > 0 ? Collapsed : None);
  const failed = span.status === 'error' && !span.recovered;
  const mark = spanMark(span, span);
  // Of a run that lies still, nobody knows whether its open spans go on.
  const isLeft = mark === 'running' && row.run.run.status === 'stale';
  item.description = isLeft
    ? [words().stale, oneLine(toolBeside(span) ?? '', 60), formatAge(span.start, now, words())]
        .filter(Boolean)
        .join(' · ')
    : spanDescription(span, span, words(), now);
  item.iconPath = iconOf(span.kind, isLeft ? 'stale' : mark);
  item.resourceUri = rowUri(failed, 0);
  item.contextValue = `span.${span.kind}.${failed ? 'failed' : span.recovered ? 'recovered' : span.status}`;
  const took =
    span.start === undefined || span.end === undefined ? undefined : span.end - span.start;
  item.accessibilityInformation = {
    label: sentence([
      words()[span.kind],
      name,
      oneLine(toolBeside(span) ?? ''),
      isLeft ? words().stale : oneLine(spanStatusWords(span, span, words())),
      span.status === 'error' ? oneLine(span.error?.trim() ?? '') : '',
      span.isCause ? words().cause : '',
      took === undefined ? '' : formatDuration(took),
      costWords(span, words()),
    ]),
  };
  if (span.children === 0) item.command = showCommand(row);
  return item;
}

/** So that Enter and a second click show the span again. A row with a command no longer unfolds on a click. */
function showCommand(row: RunRow | SpanRow): vscode.Command {
  const command: CommandId = 'agentTraces.showSpan';
  return { command, title: vscode.l10n.t('Show Span'), arguments: [row] };
}

function replaysItem({ count }: ReplaysRow): vscode.TreeItem {
  const t = vscode.l10n.t;
  const item = new vscode.TreeItem(t('Replays'), Collapsed);
  item.description = integer(count);
  item.contextValue = 'replays';
  item.iconPath = new vscode.ThemeIcon('debug-rerun');
  item.accessibilityInformation = { label: sentence([t('Replays'), integer(count)]) };
  return item;
}

function replayItem(row: ReplayRow, now: number): vscode.TreeItem {
  const t = vscode.l10n.t;
  const { run, model, edited, times, calls } = row.replay;
  const whole = calls !== undefined;
  const item = new vscode.TreeItem(
    whole ? t('Replay of the run') : nameOf(model ?? run.name),
    None,
  );
  const how = edited.length > 0 ? t('edited') : whole ? '' : t('not edited');
  const place = times ? t('{0} of {1}', times.index, times.of) : '';
  const facts = [place, how, runDescription(run, now, words())];
  // A failed one says so first.
  item.description = (run.status === 'error' ? facts.reverse() : facts).filter(Boolean).join(' · ');
  item.iconPath = iconOf(whole ? 'agent' : 'llm', runMark(run));
  item.contextValue = `replay.${run.status === 'error' ? 'failed' : run.status}`;
  item.accessibilityInformation = {
    label: sentence([
      t('replay'),
      nameOf(whole ? run.name : (model ?? run.name)),
      item.description,
    ]),
  };
  const command: CommandId = 'agentTraces.showReplay';
  item.command = { command, title: t('Show Replay'), arguments: [row] };
  return item;
}

function moreItem(row: MoreRow): vscode.TreeItem {
  const t = vscode.l10n.t;
  const item = new vscode.TreeItem(row.loading ? t('Loading…') : t('Load more'), None);
  const { rows, total } = row.parent.loaded ?? { rows: [], total: 0 };
  item.description = t('{0} of {1}', integer(rows.length), integer(total));
  item.contextValue = 'more';
  const command: CommandId = 'agentTraces.loadMore';
  item.command = { command, title: t('Load more'), arguments: [row] };
  return item;
}

function noteItem(row: NoteRow): vscode.TreeItem {
  const item = new vscode.TreeItem(oneLine(row.label, 500), None);
  item.description = row.description;
  item.contextValue = `note.${row.icon}`;
  const colours = {
    error: 'problemsErrorIcon.foreground',
    warning: 'problemsWarningIcon.foreground',
    info: 'foreground',
  };
  item.iconPath = new vscode.ThemeIcon(row.icon, new vscode.ThemeColor(colours[row.icon]));
  item.accessibilityInformation = { label: sentence([row.label, row.description]) };
  return item;
}

const sentence = (parts: readonly string[]): string => parts.filter(Boolean).join(', ');
