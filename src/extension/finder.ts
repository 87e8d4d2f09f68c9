import * as vscode from 'vscode';
import { DisposableStore } from './disposables.ts';
import { setContext } from './ids.ts';
import { onSettingChange, readSetting } from './settings.ts';

export interface FoundListener {
  found(uri: vscode.Uri): void;
  changed(uri: vscode.Uri): void;
  deleted(uri: vscode.Uri): void;
}

/** Finds trace files in the workspace by the globs of the settings, and hears of new ones. */
export class Finder implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private watchers = new DisposableStore();
  private searching: Promise<void> | undefined;
  private readonly listener: FoundListener;

  constructor(listener: FoundListener) {
    this.listener = listener;
    const again = () => void this.search(true);
    this.store.add(onSettingChange('agentTraces.files.include', again));
    this.store.add(onSettingChange('agentTraces.files.maximumFound', again));
    this.store.add(vscode.workspace.onDidChangeWorkspaceFolders(again));
  }

  /** Ends once the workspace was looked through; looks only once unless `again`. */
  search(again = false): Promise<void> {
    if (!this.searching || again) this.searching = this.start();
    return this.searching;
  }

  private async start(): Promise<void> {
    this.watchers.dispose();
    this.watchers = new DisposableStore();
    const patterns = (vscode.workspace.workspaceFolders ?? []).flatMap(folder =>
      readSetting('agentTraces.files.include', folder.uri).map(
        glob => new vscode.RelativePattern(folder, glob),
      ),
    );
    for (const pattern of patterns) this.watch(pattern);
    const limit = Math.max(1, readSetting('agentTraces.files.maximumFound'));
    const found = await Promise.all(
      patterns.map(pattern => vscode.workspace.findFiles(pattern, '**/node_modules/**', limit)),
    );
    const uris = found.flat().sort((a, b) => (a.path < b.path ? -1 : 1));
    for (const uri of uris.slice(0, limit)) this.listener.found(uri);
    void setContext('agentTraces.searched', true);
  }

  private watch(pattern: vscode.GlobPattern): void {
    const watcher = this.watchers.add(vscode.workspace.createFileSystemWatcher(pattern));
    const outside = (uri: vscode.Uri) => !uri.path.includes('/node_modules/');
    watcher.onDidCreate(uri => outside(uri) && this.listener.found(uri));
    watcher.onDidChange(uri => this.listener.changed(uri));
    watcher.onDidDelete(uri => this.listener.deleted(uri));
  }

  dispose(): void {
    this.watchers.dispose();
    this.store.dispose();
  }
}
