import * as vscode from 'vscode';
import type { CommandId } from './ids.ts';
import type { Problem } from './problemFinder.ts';
import { type Problems, problemSource } from './problems.ts';
import { baseName } from './sources.ts';

const { QuickFix } = vscode.CodeActionKind;

/** The ways on from a problem that was recorded: to its cause, to its span, to the request itself. */
export function registerProblemFixes(problems: Pick<Problems, 'at'>): vscode.Disposable {
  return vscode.languages.registerCodeActionsProvider(
    '*',
    {
      provideCodeActions: (document, _, { diagnostics }) => {
        const ours = diagnostics.filter(one => one.source === problemSource);
        if (ours.length === 0) return [];
        const known = problems.at(document.uri);
        const fixed = new Set<Problem>();
        return ours.flatMap(diagnostic => {
          const same = known.filter(one => isOf(one, diagnostic));
          return same.flatMap(problem => {
            if (fixed.has(problem)) return [];
            fixed.add(problem);
            return fixesOf(problem, diagnostic, same.length > 1);
          });
        });
      },
    },
    { providedCodeActionKinds: [QuickFix] },
  );
}

/** VS Code hands out copies: they are told by what they say, and where. */
const isOf = ({ message, code, line }: Problem, given: vscode.Diagnostic): boolean =>
  message === given.message && code === given.code && line === given.range.start.line;

/** @param isShared another trace file has the same to say of the same line */
function fixesOf(
  { hasCause, span, spanName }: Problem,
  diagnostic: vscode.Diagnostic,
  isShared: boolean,
): vscode.CodeAction[] {
  const t = vscode.l10n.t;
  const name = isShared ? `${spanName} (${baseName(vscode.Uri.parse(span.file))})` : spanName;
  const fix = (title: string, command: CommandId): vscode.CodeAction => {
    const action = new vscode.CodeAction(title, QuickFix);
    action.diagnostics = [diagnostic];
    action.command = { command, title, arguments: [span] };
    return action;
  };
  return [
    ...(hasCause ? [fix(t('Go to Cause of {0}', name), 'agentTraces.goToCause')] : []),
    fix(t('Show Span {0}', name), 'agentTraces.showSpan'),
    fix(t('Replay Span {0}', name), 'agentTraces.replaySpan'),
  ];
}
