import * as vscode from 'vscode';
import { type LinkPlace, readShowLink } from '../core/alerts/link.ts';
import { oneLine } from '../core/describe.ts';
import { TraceError } from '../core/errors.ts';
import type { SpanRef } from '../protocol/panel.ts';
import type { FileId, ReaderApi } from '../protocol/reader.ts';
import type { CommandContext } from './commands/context.ts';
import { openFile } from './commands/traceFile.ts';
import { showError, showInfo } from './errors.ts';
import { runCommand } from './ids.ts';
import { clock } from './settings.ts';

/** Asks a person before a file is opened that nobody here has opened yet. */
export type AskToOpen = (words: string, detail: string) => PromiseLike<boolean>;

/**
 * Links from outside, as alerts carry them: they open a trace file at a span. Anybody can make one, so a file that
 * is not listed here is not even looked at before a person has agreed to open it.
 */
export class ShowLinks implements vscode.UriHandler {
  private readonly context: CommandContext;
  private readonly ask: AskToOpen;

  constructor(context: CommandContext, ask: AskToOpen = askInWindow) {
    this.context = context;
    this.ask = ask;
  }

  async handleUri(uri: vscode.Uri): Promise<void> {
    const place = readShowLink(uri.path, uri.query);
    const file = place && fileOf(place.file);
    if (!place || !file) return this.sayBad();
    const known = this.context.files.get(file.toString());
    if (!known && !(await this.ask(...question(file)))) return;
    try {
      const target = await this.targetOf(file, place);
      if (target) await this.context.show(target, { focus: true });
      else await openFile(this.context, file);
    } catch (error) {
      showError(this.context.log, 'link', error);
    }
  }

  /** The span of a link, else the failing span of its run, else its root; nothing where it names neither. */
  private async targetOf(uri: vscode.Uri, place: LinkPlace): Promise<SpanRef | undefined> {
    const { files } = this.context;
    const { id: file } = files.add(uri, true);
    const { run, span } = place;
    if (span !== undefined && (await hasSpan(files, file, span))) return { file, spanId: span };
    if (run === undefined) {
      if (span !== undefined) throw new TraceError('spanMissing');
      return undefined;
    }
    const found = await files.use(file, reader => reader.run(file, run, clock()));
    return { file, spanId: found.failingSpanId ?? found.rootSpanId };
  }

  private sayBad(): void {
    const t = vscode.l10n.t;
    showInfo(
      t('This link names no trace file on this machine, so nothing was opened.'),
      t('Open Trace File…'),
      () => runCommand('agentTraces.openTraceFile'),
    );
  }
}

async function hasSpan(
  files: CommandContext['files'],
  file: FileId,
  spanId: string,
): Promise<boolean> {
  const locate = (reader: ReaderApi) => reader.locate(file, spanId);
  try {
    await files.use(file, locate);
    return true;
  } catch (error) {
    if (TraceError.from(error).code === 'spanMissing') return false;
    throw error;
  }
}

/** A whole path, without detours: what a person is asked about is what is opened. */
function fileOf(path: string): vscode.Uri | undefined {
  if (!/^(?:[/\\]|[A-Za-z]:[/\\])/.test(path)) return undefined;
  return vscode.Uri.joinPath(vscode.Uri.file(path), '.');
}

/** @returns the question and what is to be known to answer it */
function question(file: vscode.Uri): [words: string, detail: string] {
  const t = vscode.l10n.t;
  const words = t('Open the trace file that a link names?');
  const path = oneLine(file.fsPath, 1000);
  const host = file.authority || /^\/{2,}([^/]+)/.exec(file.path)?.[1];
  if (!host) return [words, path];
  const warns = t(
    'It lies on another machine, {0}, which would learn of you. Open it only if you expect that.',
    oneLine(host, 200),
  );
  return [words, `${path}\n\n${warns}`];
}

async function askInWindow(words: string, detail: string): Promise<boolean> {
  const open = vscode.l10n.t('Open');
  return (await vscode.window.showWarningMessage(words, { modal: true, detail }, open)) === open;
}
