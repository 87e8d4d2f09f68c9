import * as vscode from 'vscode';
import type { Source } from '../../core/metadata.ts';
import { showInfo } from '../errors.ts';
import { clock } from '../settings.ts';
import { exists, folderOf } from '../sources.ts';
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

/** The agent may have run elsewhere, so its path is also looked for by its end, in the folders we know. */
async function findSource(source: Source, traceFile: vscode.Uri): Promise<vscode.Uri | undefined> {
  for (const candidate of candidates(source.file, traceFile)) {
    if (await exists(candidate)) return candidate;
  }
  return undefined;
}

function* candidates(recorded: string, traceFile: vscode.Uri): Generator<vscode.Uri> {
  const path = recorded.replaceAll('\\', '/');
  // Looking at \\server\share would send the user's credentials to whomever the trace names.
  const isShare = path.startsWith('//');
  const isAbsolute = path.startsWith('/') || /^[A-Za-z]:\//.test(path);
  if (isAbsolute && !isShare) {
    yield traceFile.with({
      path: path.startsWith('/') ? path : `/${path}`,
      query: '',
      fragment: '',
    });
  }
  const segments = path.split('/').filter(part => part !== '' && part !== '.');
  // Out of a folder, a relative path could name anything.
  if (segments.includes('..')) return;
  const folders = [
    ...(vscode.workspace.workspaceFolders ?? []).map(folder => folder.uri),
    folderOf(traceFile),
  ];
  const shortest = Math.max(0, segments.length - 8);
  for (let first = isAbsolute ? shortest : 0; first < segments.length; first++) {
    for (const folder of folders) yield vscode.Uri.joinPath(folder, ...segments.slice(first));
  }
}
