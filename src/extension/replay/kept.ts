import * as vscode from 'vscode';
import type { RunId } from '../../core/model.ts';
import type { SpanRef } from '../../protocol/panel.ts';
import type { FileId } from '../../protocol/reader.ts';
import type { ReplaySummary } from '../../protocol/replay.ts';
import { DisposableStore } from '../disposables.ts';
import { type Log, logError } from '../log.ts';
import type { Replayer } from '../platform.ts';
import { clock, readSetting } from '../settings.ts';
import { baseName, exists } from '../sources.ts';
import type { TraceFiles } from '../traceFiles.ts';

/**
 * The replays that were kept, here or by the command line. Their file is read like any other one, but not
 * listed among those of the user.
 */
export class KeptReplays implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changes = this.store.add(new vscode.EventEmitter<void>());
  readonly onDidChange = this.changes.event;
  private all: readonly ReplaySummary[] = [];
  private readonly files: TraceFiles;
  private readonly log: Log;
  /** Where they are kept; of another path nothing is known before the window is opened again. */
  readonly path: string;
  readonly file: FileId;
  private loading: Promise<void> | undefined;

  constructor(files: TraceFiles, replayer: Replayer | undefined, log: Log) {
    this.files = files;
    this.log = log;
    this.path = readSetting('agentTraces.replay.file').trim() || (replayer?.defaultFile ?? '');
    const uri = vscode.Uri.file(this.path);
    this.file = uri.toString();
    if (!replayer) return;
    files.addUnlisted(uri);
    this.store.add(
      files.onDidChange(event => {
        if (event.kind === 'file' && event.file === this.file) this.reload();
      }),
    );
  }

  /** Reads the file where there is one; later only when it changes. */
  load(): Promise<void> {
    this.loading ??= this.loadFirst();
    return this.loading;
  }

  private async loadFirst(): Promise<void> {
    if (this.path !== '' && (await exists(vscode.Uri.parse(this.file)))) await this.read();
    // It may come later, by the command line.
    else this.loading = undefined;
  }

  /** Something was kept or removed by us. */
  async changed(): Promise<void> {
    if (this.files.get(this.file)?.state === 'listed') return this.load();
    await this.files.refresh(this.file);
    await this.read();
  }

  private reload(): void {
    this.read().catch(error => logError(this.log, 'replays', error));
  }

  private async read(): Promise<void> {
    try {
      this.all = await this.files.use(this.file, reader => reader.replays(this.file, clock()));
    } catch (error) {
      // A file that is gone, or of another program, holds no replays of ours.
      logError(this.log, 'replays', error);
      this.all = [];
    }
    this.changes.fire();
  }

  list(): readonly ReplaySummary[] {
    return this.all;
  }

  /** Of one run. A file that was moved keeps its replays, so that its name has to do. */
  of(file: FileId, runId: RunId): readonly ReplaySummary[] {
    const name = baseName(vscode.Uri.parse(file));
    return this.all.filter(
      ({ ofRun, ofFile }) => ofRun === runId && (ofFile === undefined || nameIn(ofFile) === name),
    );
  }

  at(ref: SpanRef): ReplaySummary | undefined {
    if (ref.file !== this.file) return undefined;
    return this.all.find(
      ({ callId, run }) => callId === ref.spanId || run.rootSpanId === ref.spanId,
    );
  }

  dispose(): void {
    this.store.dispose();
  }
}

/** A uri has its name encoded, and a path of another system its own separators. */
const nameIn = (file: string): string | undefined =>
  /^[a-z][\w+.-]+:\//i.test(file) ? baseName(vscode.Uri.parse(file)) : file.split(/[/\\]/).at(-1);

/** The file that a replay was made from, as a uri. */
export function uriOfFile(file: string): vscode.Uri {
  return /^[a-z][\w+.-]+:\//i.test(file) ? vscode.Uri.parse(file) : vscode.Uri.file(file);
}
