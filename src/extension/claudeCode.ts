import * as vscode from 'vscode';
import { DisposableStore } from './disposables.ts';
import { type Log, logError } from './log.ts';
import type { MachineFile } from './machineFiles.ts';
import type { FollowedTranscripts, Importer } from './platform.ts';
import { onSettingChange, readSetting } from './settings.ts';
import type { ShownFiles } from './shownFiles.ts';

const enabled = 'agentTraces.claudeCode.enabled';
const most = 'agentTraces.claudeCode.transcripts';

/** Milliseconds after which it is seen whether somebody still looks: who comes back soon finds it followed. */
const usualRest = 10_000;

/** The transcripts of Claude Code as a trace file, which is kept while somebody looks at it. */
export class ClaudeTranscripts implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly importer: Importer;
  private readonly log: Log;
  private readonly uri: vscode.Uri;
  private readonly close: (uri: vscode.Uri) => Promise<void>;
  private readonly restMs: number;
  private shown: Pick<ShownFiles, 'isShown'> | undefined;
  private following: FollowedTranscripts | undefined;
  private removing: Promise<void> | undefined;
  /** It was unfolded once: from then on it is followed again when somebody looks. */
  private wasAsked = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param changed whether it is to be listed
   * @param close ends once its reader has closed the file
   */
  constructor(
    importer: Importer,
    storage: vscode.Uri,
    log: Log,
    on: { changed(): void; close(uri: vscode.Uri): Promise<void> },
    restMs = usualRest,
  ) {
    this.importer = importer;
    this.log = log;
    this.close = on.close;
    this.restMs = restMs;
    this.uri = vscode.Uri.joinPath(storage, 'transcripts', 'claude-code.agent-traces.db');
    this.store.add(
      onSettingChange(enabled, () => {
        if (readSetting(enabled)) return on.changed();
        this.removing = this.remove().finally(on.changed);
      }),
    );
    // It follows so many again when it is next asked for.
    this.store.add(onSettingChange(most, () => void this.stop()));
  }

  /** Listed where a folder of transcripts is there. */
  files(): readonly MachineFile[] {
    if (!readSetting(enabled)) return [];
    const label = vscode.l10n.t('Claude Code');
    const there = this.importer.transcripts.map(folder => vscode.Uri.file(folder));
    return [{ uri: this.uri, label, there }];
  }

  /** From now on it is followed only while somebody looks at it. */
  followWhile(shown: Pick<ShownFiles, 'isShown' | 'onDidLook'>): void {
    this.shown = shown;
    this.store.add(
      shown.onDidLook(file => {
        if (file === this.uri.toString() && this.wasAsked && readSetting(enabled)) this.follow();
      }),
    );
  }

  /** Before a file is read; ends once there is something in it. */
  async prepare(uri: vscode.Uri): Promise<void> {
    if (uri.toString() !== this.uri.toString() || !readSetting(enabled)) return;
    await this.removing;
    this.wasAsked = true;
    await this.follow().ready;
  }

  private follow(): FollowedTranscripts {
    if (!this.following) {
      const count = Math.min(1000, Math.max(1, readSetting(most)));
      const following = this.importer.follow(this.uri.fsPath, count, () => {
        if (this.following === following) this.following = undefined;
      });
      this.following = following;
      // What it is waited for with is told to whoever waits.
      following.ready.then(
        () => this.rest(),
        () => undefined,
      );
    } else this.rest();
    return this.following;
  }

  private rest(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (!this.following) return;
      if (this.shown?.isShown(this.uri.toString())) this.rest();
      else void this.stop();
    }, this.restMs);
  }

  /** Ends once the process has let go of its files. */
  private async stop(): Promise<void> {
    clearTimeout(this.timer);
    const { following } = this;
    this.following = undefined;
    await following?.stop();
  }

  /** What was copied of the transcripts does not stay behind. Not every system removes a file that is open. */
  private async remove(): Promise<void> {
    this.wasAsked = false;
    await this.stop();
    try {
      await this.close(this.uri);
      const folder = vscode.Uri.joinPath(this.uri, '..');
      await vscode.workspace.fs.delete(folder, { recursive: true });
    } catch (error) {
      if (!(error instanceof vscode.FileSystemError && error.code === 'FileNotFound')) {
        logError(this.log, 'remove what was read of transcripts', error);
      }
    }
  }

  dispose(): void {
    void this.stop();
    this.store.dispose();
  }
}
