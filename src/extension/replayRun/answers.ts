import * as vscode from 'vscode';
import { type Fields, fieldsOf } from '../../core/fields.ts';
import { nestsTooDeep } from '../../core/replay/nesting.ts';
import { isAnswer } from '../../core/replay/readExchange.ts';
import { DisposableStore } from '../disposables.ts';
import { say, showInfo } from '../errors.ts';
import { answerScheme } from '../ids.ts';
import { safeName } from '../textDocuments.ts';

/** An answer out of an edited document, or what is wrong with it. */
export function editedAnswer(text: string): Fields | { readonly problem: string } {
  const t = vscode.l10n.t;
  if (nestsTooDeep(text)) {
    return { problem: t('The edited answer nests too deeply. Make it flatter, then start again.') };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const words = t('The edited answer is no JSON: {0}. Correct it, then start again.', why);
    return { problem: words };
  }
  if (isAnswer(value)) return fieldsOf(value);
  return {
    problem: t(
      'The edited document is no answer of the Messages API: it needs "type": "message" and a list "content". Correct it, then start again.',
    ),
  };
}

export const isProblem = (
  answer: Fields | { readonly problem: string },
): answer is { readonly problem: string } => typeof answer.problem === 'string';

/**
 * Recorded answers as documents that can be edited. They are in memory only: what is edited is meant for one
 * replay, and nobody is to be asked where to save it.
 */
export class ReplayRunAnswers implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly files = new Map<string, { bytes: Uint8Array; mtime: number }>();
  private readonly changes = this.store.add(new vscode.EventEmitter<vscode.FileChangeEvent[]>());
  readonly onDidChangeFile = this.changes.event;
  /** Documents that a replay waits for. */
  private readonly waiting = new Map<string, (text: string | undefined) => void>();
  private made = 0;

  constructor() {
    const options = { isCaseSensitive: true };
    this.store.add(vscode.workspace.registerFileSystemProvider(answerScheme, this, options));
    this.store.add(
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
        for (const { input } of closed) {
          if (input instanceof vscode.TabInputText) this.answer(input.uri, undefined);
        }
      }),
    );
  }

  /** Opens an answer to be edited; gives it as it is when the person starts, undefined if the person does not. */
  async edit(name: string, text: string): Promise<string | undefined> {
    const t = vscode.l10n.t;
    const path = `/${++this.made}/${safeName(name)}.answer.json`;
    const uri = vscode.Uri.from({ scheme: answerScheme, path });
    this.files.set(path, { bytes: new TextEncoder().encode(text), mtime: Date.now() });
    const given = new Promise<string | undefined>(resolve => {
      this.waiting.set(uri.toString(), resolve);
    });
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: false });
    say('info', t('Edit the answer that “{0}” gets, then start the replay.', name), [
      { title: t('Start Replay'), act: () => this.start(uri) },
    ]);
    try {
      return await given;
    } finally {
      this.files.delete(path);
    }
  }

  /** Starts the replay that waits for a document, by default for the one in front. */
  async start(uri = vscode.window.activeTextEditor?.document.uri): Promise<void> {
    const key = uri?.toString();
    if (!uri || key === undefined || !this.waiting.has(key)) {
      return showInfo(vscode.l10n.t('No replay waits for this document. Start with Replay Run.'));
    }
    const document = await vscode.workspace.openTextDocument(uri);
    const text = document.getText();
    const answer = editedAnswer(text);
    if (isProblem(answer)) return say('error', answer.problem, []);
    await document.save();
    this.answer(uri, text);
  }

  private answer(uri: vscode.Uri, text: string | undefined): void {
    const key = uri.toString();
    this.waiting.get(key)?.(text);
    this.waiting.delete(key);
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const { bytes, mtime } = this.file(uri);
    return { type: vscode.FileType.File, ctime: 0, mtime, size: bytes.length };
  }

  readFile(uri: vscode.Uri): Uint8Array {
    return this.file(uri).bytes;
  }

  writeFile(uri: vscode.Uri, bytes: Uint8Array): void {
    this.file(uri);
    this.files.set(uri.path, { bytes, mtime: Date.now() });
    this.changes.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  private file(uri: vscode.Uri): { readonly bytes: Uint8Array; readonly mtime: number } {
    const known = this.files.get(uri.path);
    if (known) return known;
    throw vscode.FileSystemError.FileNotFound(uri);
  }

  /** All documents were there from the beginning, and only we change them. */
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  createDirectory(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  delete(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  rename(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  dispose(): void {
    for (const resolve of this.waiting.values()) resolve(undefined);
    this.store.dispose();
  }
}
