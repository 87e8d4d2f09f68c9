import * as vscode from 'vscode';
import { oneLine } from '../../core/describe.ts';
import { hashOf } from '../../core/insights/hash.ts';
import type { SpanRef } from '../../protocol/panel.ts';
import { DisposableStore } from '../disposables.ts';
import { callScheme } from '../ids.ts';
import { isSpanRef } from '../pageArguments.ts';
import type { TraceFiles } from '../traceFiles.ts';
import { type LoadedCall, recordedCall } from './recordedCall.ts';

interface Held {
  readonly call: LoadedCall;
  readonly recorded: Uint8Array;
  /** What was saved of it; undefined while it is as recorded. */
  edited: Uint8Array | undefined;
  changed: number;
}

/**
 * The recorded requests as documents that can be edited. What is saved of them is kept in the extension's
 * storage, and nothing in the workspace; it is there when the document is opened again.
 */
export class RequestDocuments implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changes = this.store.add(new vscode.EventEmitter<vscode.FileChangeEvent[]>());
  readonly onDidChangeFile = this.changes.event;
  private readonly held = new Map<string, Promise<Held>>();
  private readonly files: TraceFiles;
  private readonly storage: vscode.Uri;

  constructor(files: TraceFiles, storage: vscode.Uri) {
    this.files = files;
    this.storage = vscode.Uri.joinPath(storage, 'requests');
    const options = { isCaseSensitive: true };
    this.store.add(vscode.workspace.registerFileSystemProvider(callScheme, this, options));
    // A request with pictures has megabytes. What was saved of it is in the storage, the rest in the trace file.
    this.store.add(
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.held.delete(uri.toString())),
    );
  }

  /** @throws TraceError where the span has no request that can be sent */
  async uriOf(ref: SpanRef): Promise<vscode.Uri> {
    const call = await recordedCall(this.files, ref);
    const name = oneLine(call.origin.name, 60).replace(/[/\\:*?"<>|]/g, '_') || 'span';
    const uri = vscode.Uri.from({
      scheme: callScheme,
      path: `/${hashOf(`${ref.file} ${ref.spanId}`)}/${name}.agent-replay.json`,
      query: JSON.stringify([ref.file, ref.spanId]),
    });
    const key = uri.toString();
    if (!this.held.has(key)) this.held.set(key, this.hold(uri, call));
    return uri;
  }

  async callOf(uri: vscode.Uri): Promise<LoadedCall> {
    return (await this.get(uri)).call;
  }

  async isEdited(uri: vscode.Uri): Promise<boolean> {
    return (await this.get(uri)).edited !== undefined;
  }

  async recordedText(uri: vscode.Uri): Promise<string> {
    return new TextDecoder().decode((await this.get(uri)).recorded);
  }

  private get(uri: vscode.Uri): Promise<Held> {
    const key = uri.toString();
    const known = this.held.get(key) ?? this.load(uri);
    this.held.set(key, known);
    // What could not be read may be read later.
    known.catch(() => this.held.get(key) === known && this.held.delete(key));
    return known;
  }

  private async load(uri: vscode.Uri): Promise<Held> {
    const ref = refIn(uri);
    if (!ref) throw vscode.FileSystemError.FileNotFound(uri);
    // After a restart VS Code opens documents before anything else names their files.
    this.files.add(vscode.Uri.parse(ref.file), true);
    return this.hold(uri, await recordedCall(this.files, ref));
  }

  private async hold(uri: vscode.Uri, call: LoadedCall): Promise<Held> {
    const recorded = new TextEncoder().encode(call.source.text);
    const edited = await vscode.workspace.fs
      .readFile(this.placeOf(uri))
      .then(undefined, () => undefined);
    return { call, recorded, edited, changed: Date.now() };
  }

  private placeOf(uri: vscode.Uri): vscode.Uri {
    return vscode.Uri.joinPath(this.storage, `${uri.path.split('/')[1]}.json`);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { recorded, edited, changed } = await this.get(uri);
    const size = (edited ?? recorded).length;
    return { type: vscode.FileType.File, ctime: 0, mtime: changed, size };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const { recorded, edited } = await this.get(uri);
    return edited ?? recorded;
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const held = await this.get(uri);
    const same = isSame(content, held.recorded);
    if (same) await this.forget(uri);
    else await vscode.workspace.fs.writeFile(this.placeOf(uri), content);
    held.edited = same ? undefined : content;
    held.changed = Date.now();
    this.changes.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  private async forget(uri: vscode.Uri): Promise<void> {
    // There is nothing to forget where nothing was saved.
    await vscode.workspace.fs.delete(this.placeOf(uri)).then(undefined, () => undefined);
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }
  readDirectory(): [string, vscode.FileType][] {
    return [];
  }
  createDirectory(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
  delete(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
  rename(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.store.dispose();
  }
}

function refIn(uri: vscode.Uri): SpanRef | undefined {
  try {
    const [file, spanId]: unknown[] = JSON.parse(uri.query);
    const ref = { file, spanId };
    return isSpanRef(ref) ? ref : undefined;
  } catch {
    // A link that someone wrote by hand names no span.
    return undefined;
  }
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at]);
