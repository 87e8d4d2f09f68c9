import * as vscode from 'vscode';
import { oneLine } from '../core/describe.ts';
import type { SpanRef } from '../protocol/panel.ts';
import type { SpanDetail, TextPart, TextSlice } from '../protocol/reader.ts';
import { DisposableStore } from './disposables.ts';
import { showInfo } from './errors.ts';
import { textScheme } from './ids.ts';
import { asPart, isSpanRef } from './pageArguments.ts';
import { clock } from './settings.ts';
import type { TraceFiles } from './traceFiles.ts';

/** The most that the reader gives per call, in UTF-16 units. */
const sliceLength = 4 << 20;
/** VS Code does not give larger documents to extensions, and colours none of their text. */
export const longestDocument = 24 << 20;

/** A part of a span from its beginning, up to a limit; undefined where it was not recorded. */
export async function wholeText(
  files: TraceFiles,
  { file, spanId }: SpanRef,
  part: TextPart,
  limit: number = longestDocument,
): Promise<TextSlice | undefined> {
  const pieces: string[] = [];
  let chars = 0;
  for (let from = 0; from === 0 || from < Math.min(chars, limit); from += sliceLength) {
    const length = Math.min(sliceLength, limit - from);
    const slice = await files.use(file, reader => reader.text(file, spanId, part, from, length));
    if (!slice) return undefined;
    pieces.push(slice.text);
    chars = slice.chars;
  }
  return { text: pieces.join(''), chars };
}

/** Parts of spans as read-only documents: find, fold, diff and screen readers work as in any editor. */
export class TextDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changes = this.store.add(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.changes.event;
  private readonly files: TraceFiles;

  constructor(files: TraceFiles) {
    this.files = files;
    this.store.add(vscode.workspace.registerTextDocumentContentProvider(textScheme, this));
    this.store.add(
      files.onDidChange(event => {
        if (event.kind !== 'file' || event.why !== 'read') return;
        for (const { uri } of vscode.workspace.textDocuments) {
          if (uri.scheme === textScheme && targetOf(uri)?.ref.file === event.file) {
            this.changes.fire(uri);
          }
        }
      }),
    );
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const target = targetOf(uri);
    if (!target) return vscode.l10n.t('This link names no span.');
    // After a restart VS Code opens documents before anything else names their files.
    this.files.add(vscode.Uri.parse(target.ref.file), true);
    const whole = await wholeText(this.files, target.ref, target.part);
    if (!whole) return notRecorded(target.part);
    if (whole.text.length >= whole.chars) return whole.text;
    const shown = Math.round((100 * whole.text.length) / whole.chars);
    return `${whole.text}\n${vscode.l10n.t('… cut here: the first {0} % are shown.', shown)}`;
  }

  /** Opens a part beside or in place, as any document; says so where it was not recorded. */
  async show(ref: SpanRef, part: TextPart): Promise<vscode.TextEditor | undefined> {
    const uri = await this.uriOf(ref, part);
    if (uri) return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    showInfo(notRecorded(part));
    return undefined;
  }

  /**
   * The document of a part; undefined where it was not recorded.
   *
   * @param name of the span, where it is known already
   */
  async uriOf(
    ref: SpanRef,
    part: TextPart,
    name?: string,
    cancelled?: AbortSignal,
  ): Promise<vscode.Uri | undefined> {
    const { file, spanId } = ref;
    const start = await this.files.use(
      file,
      reader => reader.text(file, spanId, part, 0, 200),
      cancelled,
    );
    if (!start) return undefined;
    const named = name ?? (await detailOf(this.files, ref)).span.name;
    return this.uri(ref, part, `${safeName(named)} · ${partFile(part, start.text)}`);
  }

  /** The document of all that is known of a span: there is one of each. */
  spanUri(ref: SpanRef, name: string): vscode.Uri {
    return this.uri(ref, 'markdown', `${safeName(name)} · ${partFile('markdown', '')}`);
  }

  private uri({ file, spanId }: SpanRef, part: TextPart, title: string): vscode.Uri {
    return vscode.Uri.from({
      scheme: textScheme,
      path: `/${safeName(this.files.get(file)?.name ?? '')}/${safeName(spanId).slice(0, 12)}/${title}`,
      query: JSON.stringify([file, spanId, part]),
    });
  }

  dispose(): void {
    this.store.dispose();
  }
}

export function detailOf(files: TraceFiles, { file, spanId }: SpanRef): Promise<SpanDetail> {
  return files.use(file, reader => reader.span(file, spanId, clock()));
}

function targetOf(uri: vscode.Uri): { ref: SpanRef; part: TextPart } | undefined {
  try {
    const [file, spanId, named]: unknown[] = JSON.parse(uri.query);
    const ref = { file, spanId };
    return isSpanRef(ref) ? { ref, part: asPart(named) } : undefined;
  } catch {
    // A link that someone wrote by hand; the document says that it names nothing.
    return undefined;
  }
}

/** A recorded name as a file name: what separates folders or is not printable would mislead. */
export const safeName = (name: string): string =>
  oneLine(name, 80)
    .replace(/[/\\:*?"<>|]/g, '_')
    .trim() || 'span';

/**
 * The ending decides the language that the editor colours. Never Markdown: of links in Markdown, the editor's own
 * follow `command:` as well, so that a click on what a stranger wrote would run a command.
 */
function partFile(part: TextPart, start: string): string {
  const json = /^\s*[[{]/.test(start);
  const names: Readonly<Partial<Record<TextPart, string>>> = {
    prompt: 'prompt.txt',
    response: 'response.txt',
    toolInput: json ? 'input.json' : 'input.txt',
    toolResult: json ? 'result.json' : 'result.txt',
    metadata: json ? 'metadata.json' : 'metadata.txt',
    error: 'error.txt',
    request: 'request.json',
    json: 'span.json',
    markdown: 'span.txt',
  };
  return names[part] ?? 'message.txt';
}

function notRecorded(part: TextPart): string {
  const t = vscode.l10n.t;
  const words: Partial<Record<TextPart, string>> = {
    prompt: t(
      'This span recorded no prompt. Record metadata["request"]; its Prompt tab shows how.',
    ),
    response: t(
      'This span recorded no response. Record metadata["response"]; its Response tab shows how.',
    ),
    request: t(
      'This span recorded no request. Record the exact request as metadata["request"]; its Prompt tab shows how.',
    ),
  };
  return words[part] ?? t('This was not recorded.');
}
