import * as vscode from 'vscode';
import { TraceError } from '../../core/errors.ts';
import { integer } from '../../core/format.ts';
import type { RunSummary } from '../../core/model.ts';
import { endingOf, type FileFormat, fileText } from '../../formats/exportFormats.ts';
import type { ScopedSpan } from '../../formats/otlpOfSpan.ts';
import {
  exportedSpans,
  type Leaving,
  type Noticed,
  otlpSpans,
  redactorOf,
} from '../../formats/runSpans.ts';
import type { Destination, Values } from '../../net/destinations/destination.ts';
import { type Sent, sendTraces, targetOf, tracesOf } from '../../net/sendTraces.ts';
import type { FileId } from '../../protocol/reader.ts';
import type { CommandContext } from '../commands/context.ts';
import { showError, showInfo } from '../errors.ts';

export interface Exported {
  readonly file: FileId;
  readonly runs: readonly RunSummary[];
  readonly leaving: Leaving;
}

/** Of a file that is not on the disk of this machine, and so is held in memory. */
const mostFileBytes = 300_000_000;

const pageOf =
  ({ files }: CommandContext, file: FileId, signal: AbortSignal) =>
  (runId: string, offset: number) =>
    files.use(file, reader => reader.recordedSpans(file, runId, offset), signal);

const spansIn = (runs: readonly RunSummary[]): number =>
  runs.reduce((sum, run) => sum + run.spans, 0);

/** Work with progress and a way to end it. */
async function withProgress<T>(
  title: string,
  total: number,
  work: (signal: AbortSignal, more: (spans: number) => void) => Promise<T>,
): Promise<T> {
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title, cancellable: true }, (progress, token) => {
    const ending = new AbortController();
    token.onCancellationRequested(() => ending.abort());
    let spans = 0;
    return work(ending.signal, count => {
      spans += count;
      const message = vscode.l10n.t('{0} of {1} spans', integer(spans), integer(total));
      progress.report({ increment: total > 0 ? (100 * count) / total : 0, message });
    });
  });
}

export async function exportToFile(
  context: CommandContext,
  { file, runs, leaving }: Exported,
  format: FileFormat,
  to: vscode.Uri,
): Promise<void> {
  const t = vscode.l10n.t;
  const noticed: Noticed = { open: 0, leftOut: 0 };
  const ended = await withProgress(t('Exporting'), spansIn(runs), async (signal, progress) => {
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
        await context.writeWhole(to.fsPath, text, signal);
      } else {
        const bytes = await wholeBytes(text);
        signal.throwIfAborted();
        await vscode.workspace.fs.writeFile(to, bytes);
      }
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    }
  });
  if (!ended) return;
  showInfo(
    t('Exported {0} spans to {1}.', integer(spansIn(runs)), vscode.workspace.asRelativePath(to)),
    t('Open'),
    () => vscode.commands.executeCommand('vscode.open', to),
  );
}

/** VS Code writes a file in one piece. */
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

export const fileNameOf = (runs: readonly RunSummary[], format: FileFormat): string => {
  const [first] = runs;
  const name = runs.length === 1 && first ? first.name : 'runs';
  const safe = name
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60);
  return `${safe || 'run'}.${endingOf[format]}`;
};

const versionOf = ({ extension }: CommandContext): string =>
  String((extension.extension.packageJSON as { version?: unknown }).version ?? '');

export async function exportToEngine(
  context: CommandContext,
  { file, runs, leaving }: Exported,
  destination: Destination,
  values: Values,
): Promise<Sent | undefined> {
  const t = vscode.l10n.t;
  const { url, headers } = targetOf({ destination, values });
  const noticed: Noticed = { open: 0, leftOut: 0 };
  const redactor = redactorOf(leaving);
  const sent = await withProgress(
    t('Sending to {0}', destination.label),
    spansIn(runs),
    (signal, progress) => {
      const page = pageOf(context, file, signal);
      async function* spans(): AsyncGenerator<ScopedSpan> {
        for (const run of runs) {
          const own = exportedSpans(offset => page(run.runId, offset), redactor, noticed);
          yield* otlpSpans(
            run,
            own,
            { attributes: one => destination.attributes?.(one) ?? [] },
            noticed,
          );
        }
      }
      return sendTraces(spans(), {
        destination,
        values,
        service: undefined,
        version: versionOf(context),
        signal,
        log: context.sentLog?.(url, headers),
        progress,
      });
    },
  );
  const words = [t('Sent {0} spans to {1}.', integer(sent.spans), url.host)];
  if (sent.already > 0) words.push(t('{0} had arrived before.', integer(sent.already)));
  if (sent.again > 0) {
    words.push(
      t('{0} may be there twice: the answer to the first time was lost.', integer(sent.again)),
    );
  }
  if (sent.rejected > 0) words.push(t('{0} were not taken.', integer(sent.rejected)));
  for (const message of sent.messages) words.push(t('It says: {0}', message));
  if (noticed.open > 0) words.push(t('{0} have not ended yet.', integer(noticed.open)));
  if (sent.error) showError(context.log, 'export', sent.error);
  else showInfo(words.join(' '));
  return sent;
}

/** What would be sent where, in one sentence. */
export function sentenceOf(
  { runs, leaving }: Exported,
  destination: Destination,
  values: Values,
): string {
  const t = vscode.l10n.t;
  const { url, unencrypted } = targetOf({ destination, values });
  const [spans, host] = [integer(spansIn(runs)), url.host];
  const what = leaving.content
    ? leaving.redaction === false
      ? t('{0} spans as recorded go to {1}', spans, host)
      : t('{0} spans with content, redacted, go to {1}', spans, host)
    : t('{0} spans without content go to {1}', spans, host);
  return unencrypted ? `${what} (${t('not encrypted')})` : what;
}
