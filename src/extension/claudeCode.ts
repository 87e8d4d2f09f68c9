import * as vscode from 'vscode';
import { DisposableStore } from './disposables.ts';
import { type Log, logError } from './log.ts';
import type { MachineFile } from './machineFiles.ts';
import type { FollowedTranscripts, Importer } from './platform.ts';
import { onSettingChange, readSetting } from './settings.ts';

const enabled = 'agentTraces.claudeCode.enabled';
const most = 'agentTraces.claudeCode.transcripts';

/** The transcripts of Claude Code as a trace file, which is kept from when its row is first unfolded. */
export class ClaudeTranscripts implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly importer: Importer;
  private readonly log: Log;
  private readonly uri: vscode.Uri;
  private following: FollowedTranscripts | undefined;

  /** @param changed whether it is to be listed */
  constructor(importer: Importer, storage: vscode.Uri, log: Log, changed: () => void) {
    this.importer = importer;
    this.log = log;
    this.uri = vscode.Uri.joinPath(storage, 'transcripts', 'claude-code.agent-traces.db');
    this.store.add(
      onSettingChange(enabled, () => {
        if (!readSetting(enabled)) void this.remove();
        changed();
      }),
    );
    // It follows so many again when it is next asked for.
    this.store.add(onSettingChange(most, () => this.stop()));
  }

  /** Listed where a folder of transcripts is there. */
  files(): readonly MachineFile[] {
    if (!readSetting(enabled)) return [];
    const label = vscode.l10n.t('Claude Code');
    const there = this.importer.transcripts.map(folder => vscode.Uri.file(folder));
    return [{ uri: this.uri, label, there }];
  }

  /** Before a file is read; ends once there is something in it. */
  async prepare(uri: vscode.Uri): Promise<void> {
    if (uri.toString() !== this.uri.toString() || !readSetting(enabled)) return;
    const count = Math.min(1000, Math.max(1, readSetting(most)));
    this.following ??= this.importer.follow(this.uri.fsPath, count, () => {
      this.following = undefined;
    });
    await this.following.ready;
  }

  private stop(): void {
    this.following?.stop();
    this.following = undefined;
  }

  /** What was copied of the transcripts does not stay behind. */
  private async remove(): Promise<void> {
    this.stop();
    try {
      const folder = vscode.Uri.joinPath(this.uri, '..');
      await vscode.workspace.fs.delete(folder, { recursive: true });
    } catch (error) {
      if (!(error instanceof vscode.FileSystemError && error.code === 'FileNotFound')) {
        logError(this.log, 'remove what was read of transcripts', error);
      }
    }
  }

  dispose(): void {
    this.stop();
    this.store.dispose();
  }
}
