import * as vscode from 'vscode';
import { showInfo } from '../errors.ts';
import { findSource } from '../findSource.ts';
import { clock } from '../settings.ts';
import { nameOf } from '../treeItems.ts';
import type { CommandContext } from './context.ts';
import { spanOrAsk } from './target.ts';

/** Opens the file and line at which the program opened the span. */
export function goToSource(context: CommandContext) {
  return async (target: unknown): Promise<void> => {
    const title = vscode.l10n.t('Go to Source');
    const ref = await spanOrAsk(context, target, { title, only: 'any' });
    if (!ref) return;
    const { file, spanId } = ref;
    const detail = await context.files.use(file, reader => reader.span(file, spanId, clock()));
    const { source } = detail;
    const t = vscode.l10n.t;
    if (!source) {
      const words = t(
        '“{0}” recorded no source. Record metadata["source"] = {"file": …, "line": …} to go there.',
        nameOf(detail.span.name),
      );
      return showInfo(words, t('Show Span'), () => context.show(ref));
    }
    const found = await findSource(source, vscode.Uri.parse(file));
    if (found) return openAt(found, source.line);
    const words = t(
      '{0} is not on this machine. Open the folder that holds the agent’s code, then try again.',
      source.file.slice(0, 300),
    );
    showInfo(words, t('Open Folder…'), () =>
      vscode.commands.executeCommand('workbench.action.files.openFolder'),
    );
  };
}

async function openAt(uri: vscode.Uri, line: number | undefined): Promise<void> {
  const at = new vscode.Position(Math.max(0, Math.trunc(line ?? 1) - 1), 0);
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(at, at) });
}
