import * as vscode from 'vscode';
import { TraceError } from '../../core/errors.ts';
import type { RunSummary } from '../../core/model.ts';
import { exportedRun } from '../../formats/exportedRun.ts';
import { endingOf, type FileFormat, fileText } from '../../formats/exportFormats.ts';
import { type Leaving, type Noticed, redactorOf } from '../../formats/runSpans.ts';
import { tracesOf } from '../../net/sendTraces.ts';
import type { CommandContext } from '../commands/context.ts';
import { showInfo } from '../errors.ts';
import { type Exported, pageOf, versionOf } from './exported.ts';
import { withProgress } from './progress.ts';
import { noticedWords, spansIn, spansWords } from './words.ts';

/** Of a file that is not on the disk of this machine, and so is held in memory. */
const mostFileBytes = 300_000_000;

/** Where to write; undefined: nowhere. */
export async function askFile(
  title: string,
  { file, runs, leaving }: Exported,
  format: FileFormat,
  label: string,
): Promise<vscode.Uri | undefined> {
  const name = fileNameOf(runs, leaving, format);
  const folder =
    vscode.workspace.workspaceFolders?.[0]?.uri ??
    vscode.Uri.joinPath(vscode.Uri.parse(file), '..');
  return vscode.window.showSaveDialog({
    title,
    saveLabel: vscode.l10n.t('Export'),
    filters: { [label]: [endingOf[format]] },
    defaultUri: vscode.Uri.joinPath(folder, name),
  });
}

/** A name is sent along with the file: it holds no more than the file does. */
export function fileNameOf(
  runs: readonly RunSummary[],
  leaving: Leaving,
  format: FileFormat,
): string {
  const [first] = runs;
  const name = runs.length === 1 && first ? exportedRun(first, redactorOf(leaving)).name : 'runs';
  const safe = name
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60);
  return `${safe || 'run'}.${endingOf[format]}`;
}

export async function exportToFile(
  context: CommandContext,
  { file, runs, leaving }: Exported,
  format: FileFormat,
  to: vscode.Uri,
): Promise<void> {
  const t = vscode.l10n.t;
  if (isOfTrace(to, file)) throw new TraceError('exportOverTrace', [to.path]);
  const noticed: Noticed = { open: 0, leftOut: 0 };
  const total = spansIn(runs);
  const shown = vscode.workspace.asRelativePath(to);
  const ended = await withProgress(
    t('Exporting to {0}', shown),
    total,
    async (signal, progress) => {
      const text = fileText(runs, {
        format,
        leaving,
        page: pageOf(context, file, signal),
        noticed,
        tracesOf: batch => tracesOf(batch, { service: undefined, version: versionOf(context) }),
        signal,
        progress,
      });
      try {
        if (context.writeWhole && to.scheme === 'file') {
          // Whether it may be replaced was asked by the dialog.
          const whole = { file: to.fsPath, traceFile: onDisk(file), replaces: true };
          await context.writeWhole(whole, text, signal);
        } else await writeAtOnce(to, text, signal);
        return true;
      } catch (error) {
        if (signal.aborted) return false;
        throw error;
      }
    },
  );
  if (!ended) {
    showInfo(t('Stopped. {0} was not written.', shown));
    return;
  }
  const words = t(
    'Exported {0} to {1}.',
    spansWords(total - noticed.open - (noticed.timeless ?? 0)),
    shown,
  );
  const open = wayToOpen(format, to);
  showInfo([words, ...noticedWords(noticed)].join(' '), open.title, open.act);
}

/** A page is for a browser, where one of this machine can reach it. */
function wayToOpen(format: FileFormat, to: vscode.Uri): { title: string; act(): unknown } {
  const t = vscode.l10n.t;
  const { remoteName, uiKind } = vscode.env;
  const here = remoteName === undefined && uiKind === vscode.UIKind.Desktop;
  return format === 'html' && here && to.scheme === 'file'
    ? { title: t('Open in Browser'), act: () => vscode.env.openExternal(to) }
    : { title: t('Open'), act: () => vscode.commands.executeCommand('vscode.open', to) };
}

function onDisk(file: string): string | undefined {
  const uri = vscode.Uri.parse(file);
  return uri.scheme === 'file' ? uri.fsPath : undefined;
}

/** Of a file that is not on a disk here the name alone says what it is. */
function isOfTrace(to: vscode.Uri, file: string): boolean {
  const trace = vscode.Uri.parse(file);
  return ['', '-wal', '-shm', '-journal'].some(
    end => trace.with({ path: trace.path + end }).toString() === to.toString(),
  );
}

/** VS Code writes a file in one piece. */
async function writeAtOnce(
  to: vscode.Uri,
  text: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<void> {
  const bytes = await wholeBytes(text);
  signal.throwIfAborted();
  try {
    await vscode.workspace.fs.writeFile(to, bytes);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TraceError('exportNotWritten', [to.path, why], error);
  }
}

async function wholeBytes(text: AsyncIterable<string>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const encoder = new TextEncoder();
  let size = 0;
  for await (const piece of text) {
    const bytes = encoder.encode(piece);
    size += bytes.length;
    if (size > mostFileBytes) throw new TraceError('exportFileTooLarge', ['300 MB']);
    parts.push(bytes);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
