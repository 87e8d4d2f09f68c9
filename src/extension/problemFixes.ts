import * as vscode from 'vscode';
import type { CommandId } from './ids.ts';
import type { Problem } from './problemFinder.ts';
import { type Problems, problemSource } from './problems.ts';

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
        return ours.flatMap(diagnostic => {
          // VS Code hands out copies: they are told by what they say, and where.
          const problem = known.find(
            one => one.message === diagnostic.message && one.code === diagnostic.code,
          );
          return problem ? fixesOf(problem, diagnostic) : [];
        });
      },
    },
    { providedCodeActionKinds: [QuickFix] },
  );
}

function fixesOf(problem: Problem, diagnostic: vscode.Diagnostic): vscode.CodeAction[] {
  const t = vscode.l10n.t;
  const name = problem.spanName;
  const fix = (title: string, command: CommandId): vscode.CodeAction => {
    const action = new vscode.CodeAction(title, QuickFix);
    action.diagnostics = [diagnostic];
    action.command = { command, title, arguments: [problem.span] };
    return action;
  };
  return [
    ...(problem.hasCause ? [fix(t('Go to Cause of {0}', name), 'agentTraces.goToCause')] : []),
    fix(t('Show Span {0}', name), 'agentTraces.showSpan'),
    fix(t('Replay Span {0}', name), 'agentTraces.replaySpan'),
  ];
}
