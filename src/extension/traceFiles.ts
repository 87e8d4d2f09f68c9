import * as vscode from 'vscode';
import { TraceError } from '../core/errors.ts';
import type { FileId, FileTotals, ReaderApi, TraceFile } from '../protocol/reader.ts';
import { DisposableStore } from './disposables.ts';
import { type Log, logError } from './log.ts';
import { ownPrices } from './ownPrices.ts';
import type { Platform } from './platform.ts';
import { clock } from './settings.ts';
import { baseName, sourceOf, unreadBeside, versionOf } from './sources.ts';

/** A trace file that is listed. It is read when its rows are first asked for. */
export interface ListedFile {
  /** Its uri as text; also the reader's name for it. */
  readonly id: FileId;
  readonly uri: vscode.Uri;
  readonly name: string;
  /** Opened by a person; otherwise found in the workspace. */
  readonly pinned: boolean;
  /** Not one of the user’s: it is read for what it says of others. */
  readonly unlisted: boolean;
  /** Written by VS Code itself, outside of the workspace: it is not read before it is asked for. */
  readonly ofMachine: boolean;
  readonly state: 'listed' | 'reading' | 'read' | 'failed';
  readonly info: TraceFile | undefined;
  readonly totals: FileTotals | undefined;
  readonly error: TraceError | undefined;
  /** Of the file as it was when it was last read. */
  readonly version: string | undefined;
  /** Is read again when it changes. */
  readonly following: boolean;
  /** Has changed while it was not followed. */
  readonly behind: boolean;
}

export type FilesEvent =
  | { readonly kind: 'list' }
  /** It was read, or read again: what is shown of it may be another. */
  | { readonly kind: 'file'; readonly file: FileId; readonly why: 'read' }
  /** Time went by: what is recorded is the same, but which runs are running, and for how long, is not. */
  | { readonly kind: 'file'; readonly file: FileId; readonly why: 'judged' }
  /** It is followed or not, or falls behind: nothing else of it is shown otherwise. */
  | { readonly kind: 'followed'; readonly file: FileId };

const blank = {
  state: 'listed',
  info: undefined,
  totals: undefined,
  error: undefined,
  version: undefined,
  following: true,
  behind: false,
} as const;

/** The trace files that are listed, and the way to their content. */
export class TraceFiles implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly files = new Map<FileId, ListedFile>();
  private readonly reading = new Map<FileId, Promise<void>>();
  private readonly changes = this.store.add(new vscode.EventEmitter<FilesEvent>());
  readonly onDidChange = this.changes.event;
  private readonly platform: Platform;
  private readonly log: Log;
  private readonly prepare: (uri: vscode.Uri) => Promise<void>;

  /** @param prepare is waited for before a file is read */
  constructor(
    platform: Platform,
    log: Log,
    prepare: (uri: vscode.Uri) => Promise<void> = async () => undefined,
  ) {
    this.platform = platform;
    this.prepare = prepare;
    this.log = log;
  }

  /** Those of the machine come last, whenever they were found. */
  list(): readonly ListedFile[] {
    const all = this.watched().filter(file => !file.unlisted);
    return [...all.filter(file => !file.ofMachine), ...all.filter(file => file.ofMachine)];
  }

  /** Those that are not listed as well. */
  watched(): readonly ListedFile[] {
    return [...this.files.values()];
  }

  /** From now on a file can be asked about, without being listed. */
  addUnlisted(uri: vscode.Uri): void {
    const id = uri.toString();
    if (this.files.has(id)) return;
    const name = baseName(uri);
    const file = { ...blank, id, uri, name, pinned: false, unlisted: true, ofMachine: false };
    this.files.set(id, file);
    this.changes.fire({ kind: 'list' });
  }

  /** A person wants to see it among theirs. */
  enlist(file: FileId): void {
    if (!this.files.get(file)?.unlisted) return;
    this.set(file, { unlisted: false, pinned: true });
    this.changes.fire({ kind: 'list' });
  }

  get(file: FileId): ListedFile | undefined {
    return this.files.get(file);
  }

  /**
   * Lists a file; a listed one stays as it is, save that it is pinned or given its label.
   *
   * @param label names a file of the machine
   */
  add(uri: vscode.Uri, pinned: boolean, label?: string): ListedFile {
    const id = uri.toString();
    const known = this.files.get(id);
    if (known?.unlisted) return known;
    const newName = label !== undefined && known?.name !== label;
    if (known && !newName && (known.pinned || !pinned)) return known;
    const newlyPinned = known !== undefined && pinned && !known.pinned;
    const file: ListedFile = {
      ...blank,
      id,
      uri,
      ...known,
      name: label ?? known?.name ?? baseName(uri),
      unlisted: false,
      pinned: pinned || (known?.pinned ?? false),
      ofMachine: label !== undefined || (known?.ofMachine ?? false),
    };
    this.files.set(id, file);
    if (!known || newName || newlyPinned) this.changes.fire({ kind: 'list' });
    return file;
  }

  /**
   * Asks the reader about a file, which is read first where it is not yet.
   *
   * @param cancelled ends the question early, in the reader's queue as well
   */
  async use<T>(
    file: FileId,
    ask: (reader: ReaderApi) => Promise<T>,
    cancelled?: AbortSignal,
  ): Promise<T> {
    const question = () => cancellable(() => ask(this.platform.reader), cancelled);
    await this.open(file);
    try {
      return await question();
    } catch (thrown) {
      // The reader was replaced meanwhile, and the new one knows of no files.
      if (TraceError.from(thrown).code !== 'fileNotOpen') throw thrown;
      await this.read(file);
      return question();
    }
  }

  /** Rejects with why the file cannot be read. */
  async open(file: FileId): Promise<void> {
    const { state } = this.must(file);
    if (state === 'listed') await this.read(file);
    else await this.reading.get(file);
    const error = this.files.get(file)?.error;
    if (error) throw error;
  }

  /** Reads a file anew; one that is only listed stays so, and one that was closed meanwhile is let go. */
  async refresh(file: FileId): Promise<void> {
    const state = this.files.get(file)?.state;
    if (!state || state === 'listed') return;
    await this.reading.get(file);
    if (this.files.has(file)) await this.read(file);
  }

  /** Whether a run is running depends on the time and on settings, too. */
  async rejudge(file: FileId): Promise<void> {
    await this.recount(file, 'judged');
  }

  /** More of a file was read, or it is seen at another time. */
  async recount(file: FileId, why: 'read' | 'judged' = 'read'): Promise<void> {
    await this.reading.get(file);
    if (this.files.get(file)?.state !== 'read') return;
    const totals = await this.use(file, reader => reader.totals(file, clock()));
    this.set(file, { totals });
    this.changes.fire({ kind: 'file', file, why });
  }

  /** Follows a file again, with what it has become since; or leaves it as it is shown. */
  async follow(file: FileId, following: boolean): Promise<void> {
    this.must(file);
    this.set(file, { following, behind: false });
    this.changes.fire({ kind: 'followed', file });
    // Whatever was told of it meanwhile; where it is the same, that is all.
    if (following) await this.refresh(file);
  }

  /** A file that is not followed has changed. */
  fallBehind(file: FileId): void {
    if (this.files.get(file)?.behind !== false) return;
    this.set(file, { behind: true });
    this.changes.fire({ kind: 'followed', file });
  }

  /** What is said of the machine's files is no longer so. */
  redrawOfMachine(): void {
    for (const { id, ofMachine } of this.files.values()) {
      if (ofMachine) this.changes.fire({ kind: 'followed', file: id });
    }
  }

  async close(file: FileId): Promise<void> {
    const known = this.files.get(file);
    if (!known) return;
    this.files.delete(file);
    this.changes.fire({ kind: 'list' });
    if (known.state === 'listed') return;
    // The reader cannot close what it has not opened yet.
    await this.reading.get(file);
    // Opened again meanwhile.
    if (this.files.has(file)) return;
    await this.platform.reader
      .close(file)
      .catch(error => logError(this.log, `close ${known.name}`, error));
  }

  /** Lets go of files that were only found, and are not any more. */
  async keepFound(found: readonly vscode.Uri[]): Promise<void> {
    const kept = new Set(found.map(uri => uri.toString()));
    const gone = this.list().filter(({ id, pinned }) => !pinned && !kept.has(id));
    await Promise.all(gone.map(({ id }) => this.close(id)));
  }

  private read(file: FileId): Promise<void> {
    const running = this.reading.get(file);
    if (running) return running;
    const started = this.readNow(file).finally(() => this.reading.delete(file));
    this.reading.set(file, started);
    return started;
  }

  private async readNow(file: FileId): Promise<void> {
    const before = this.must(file);
    const { uri, name } = before;
    this.set(file, { state: 'reading', behind: false });
    const start = performance.now();
    let version: string | undefined;
    try {
      await this.prepare(uri);
      version = await versionOf(uri);
      const read = await sourceOf(uri, this.platform.readsPaths);
      const source = { ...read, prices: ownPrices() };
      const opened = await this.platform.reader.open(file, source);
      const beside = await unreadBeside(uri, this.platform.readsPaths);
      const info = beside ? { ...opened, staleness: beside } : opened;
      const isWhole = before.totals !== undefined && before.totals.share === undefined;
      if (before.state === 'read' && isWhole && isSame(info, before.info)) {
        this.set(file, { state: 'read', version });
        if (before.behind) this.changes.fire({ kind: 'followed', file });
        return;
      }
      if (!before.info) {
        this.log.info(`read ${name} in ${Math.round(performance.now() - start)} ms`);
      }
      const totals = await this.totals(file);
      this.set(file, { state: 'read', info, totals, error: undefined, version });
    } catch (thrown) {
      logError(this.log, `read ${name}`, thrown);
      const error = TraceError.from(thrown);
      this.set(file, { state: 'failed', info: undefined, totals: undefined, error, version });
    }
    this.changes.fire({ kind: 'file', file, why: 'read' });
  }

  private async totals(file: FileId): Promise<FileTotals | undefined> {
    try {
      return await this.platform.reader.totals(file, clock());
    } catch (error) {
      // The row does without its totals; what is wrong with the content is said where it is shown.
      logError(this.log, 'totals', error);
      return undefined;
    }
  }

  private set(file: FileId, change: Partial<ListedFile>): void {
    const known = this.files.get(file);
    if (known) this.files.set(file, { ...known, ...change });
  }

  private must(file: FileId): ListedFile {
    const known = this.files.get(file);
    if (!known) throw new TraceError('fileNotOpen');
    return known;
  }

  dispose(): void {
    this.store.dispose();
  }
}

/** What is recorded is the same, and as certain. */
function isSame(now: TraceFile, before: TraceFile | undefined): boolean {
  const { stamp, staleness } = now;
  const why = before?.staleness;
  return (
    stamp !== undefined &&
    stamp === before?.stamp &&
    staleness?.beside === why?.beside &&
    staleness?.why === why?.why
  );
}

/** The answers of a reader in a process of its own can be cancelled; of others nobody waits for the end. */
async function cancellable<T>(
  ask: () => Promise<T> & { cancel?(): void },
  cancelled: AbortSignal | undefined,
): Promise<T> {
  if (cancelled?.aborted) throw new TraceError('cancelled');
  const answer = ask();
  const cancel = (): void => answer.cancel?.();
  cancelled?.addEventListener('abort', cancel);
  try {
    return await answer;
  } finally {
    cancelled?.removeEventListener('abort', cancel);
  }
}
