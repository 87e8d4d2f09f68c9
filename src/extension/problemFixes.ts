import * as vscode from 'vscode';
import { oneLine } from '../core/describe.ts';
import { typeWord } from '../core/insightViewWords.ts';
import type { CommandId } from './ids.ts';
import type { Problem } from './problemFinder.ts';
import { type Problems, problemSource } from './problems.ts';
import { baseName } from './sources.ts';
import { words } from './words.ts';

const { QuickFix } = vscode.CodeActionKind;

/** The ways on from a problem that was recorded: to its cause, to its span, to the request itself. */
/** @param replaysRuns also to a replay of its run */
export function registerProblemFixes(
  problems: Pick<Problems, 'at'>,
  replaysRuns: boolean,
): vscode.Disposable {
  return vscode.languages.registerCodeActionsProvider(
    '*',
    {
      provideCodeActions: (document, _, { diagnostics }) => {
        const ours = diagnostics.filter(one => one.source === problemSource);
        if (ours.length === 0) return [];
        return fixesOf(spansOf(ours, problems.at(document.uri)), replaysRuns);
      },
    },
    { providedCodeActionKinds: [QuickFix] },
  );
}

/** A span of some of the problems that VS Code asks about: those of a whole line, or the one that is pointed at. */
interface Fixed {
  readonly problem: Problem;
  readonly diagnostics: vscode.Diagnostic[];
  hasCause: boolean;
}

/** Each span once, whatever went wrong at it. */
function spansOf(
  diagnostics: readonly vscode.Diagnostic[],
  known: readonly Problem[],
): readonly Fixed[] {
  const spans = new Map<string, Fixed>();
  for (const diagnostic of diagnostics) {
    for (const problem of known) {
      if (!isOf(problem, diagnostic)) continue;
      const key = JSON.stringify([problem.span.file, problem.span.spanId]);
      const same = spans.get(key) ?? { problem, diagnostics: [], hasCause: false };
      spans.set(key, same);
      same.diagnostics.push(diagnostic);
      same.hasCause ||= problem.hasCause;
    }
  }
  return [...spans.values()];
}

/** VS Code hands out copies: they are told by what they say, and where. */
const isOf = ({ message, code, line }: Problem, given: vscode.Diagnostic): boolean =>
  message === given.message && code === given.code && line === given.range.start.line;

const fixesOf = (spans: readonly Fixed[], replaysRuns: boolean): vscode.CodeAction[] =>
  spans.flatMap(({ problem, diagnostics, hasCause }) => {
    const t = vscode.l10n.t;
    const name = nameAmong(problem, spans);
    const fix = (title: string, command: CommandId): vscode.CodeAction => {
      const action = new vscode.CodeAction(title, QuickFix);
      action.diagnostics = diagnostics;
      action.command = { command, title, arguments: [problem.span] };
      return action;
    };
    return [
      ...(hasCause ? [fix(t('Go to Cause of {0}', name), 'agentTraces.goToCause')] : []),
      fix(t('Show Span {0}', name), 'agentTraces.showSpan'),
      fix(t('Replay Span {0}', name), 'agentTraces.replaySpan'),
      ...(replaysRuns ? [fix(t('Replay Up to {0}', name), 'agentTraces.replayUpToHere')] : []),
    ];
  });

/** As many words of a problem as a menu has room for. */
const wordsLength = 50;

/** A span's name; beside others of that name also what went wrong at it, or in which file. */
function nameAmong(problem: Problem, spans: readonly Fixed[]): string {
  const { spanName, code, message, span } = problem;
  const others = spans
    .map(one => one.problem)
    .filter(one => one !== problem && one.spanName === spanName);
  if (others.length === 0) return spanName;
  const inFile = others.filter(one => one.span.file === span.file);
  const what = inFile.some(one => one.code === code)
    ? oneLine(message, wordsLength)
    : inFile.length > 0
      ? codeWord(code)
      : '';
  const where = others.length > inFile.length ? baseName(vscode.Uri.parse(span.file)) : '';
  return `${spanName} (${[what, where].filter(Boolean).join(', ')})`;
}

const codeWord = (code: Problem['code']): string =>
  code === 'failed' ? words().failed : words()[typeWord[code]];
