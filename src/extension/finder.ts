import * as vscode from 'vscode';
import { DisposableStore } from './disposables.ts';
import { setContext } from './ids.ts';
import type { MachineFile } from './machineFiles.ts';
import { onSettingChange, readSetting } from './settings.ts';
import { baseName, exists, folderOf, isFile } from './sources.ts';

export interface FoundListener {
  /** @param label of a file that VS Code itself writes, which lies outside of the workspace */
  found(uri: vscode.Uri, label?: string): void;
  changed(uri: vscode.Uri): void;
  deleted(uri: vscode.Uri): void;
  /** The workspace and the machine's own places were looked through, and this is all there is. */
  searched(found: readonly vscode.Uri[]): void;
}

/** As a person counts: svc2 before svc10. */
const order = new Intl.Collator('en', { numeric: true });

/** Finds trace files in the workspace by the globs of the settings, and hears of new ones. */
export class Finder implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private watchers = new DisposableStore();
  private searching: Promise<void> | undefined;
  private readonly listener: FoundListener;
  private readonly machine: () => readonly MachineFile[];

  /** @param machine files that are listed as well where they exist */
  constructor(listener: FoundListener, machine: () => readonly MachineFile[]) {
    this.listener = listener;
    this.machine = machine;
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
    const uris = found
      .flat()
      .sort((a, b) => order.compare(a.path, b.path))
      .slice(0, limit);
    for (const uri of uris) this.listener.found(uri);
    this.listener.searched([...uris, ...(await this.searchMachine())]);
    void setContext('agentTraces.searched', true);
  }

  private async searchMachine(): Promise<readonly vscode.Uri[]> {
    const machine = this.machine();
    const there = await Promise.all(machine.map(isThere));
    const found = machine.filter((_, index) => there[index]);
    for (const { uri, label } of found) this.listener.found(uri, label);
    for (const { uri, label } of machine.filter(one => !one.there)) {
      this.watch(new vscode.RelativePattern(folderOf(uri), baseName(uri)), label);
    }
    return found.map(({ uri }) => uri);
  }

  private watch(pattern: vscode.GlobPattern, label?: string): void {
    const watcher = this.watchers.add(vscode.workspace.createFileSystemWatcher(pattern));
    const created = async (uri: vscode.Uri): Promise<void> => {
      // A folder may have such a name too.
      if (!uri.path.includes('/node_modules/') && (await isFile(uri))) {
        this.listener.found(uri, label);
      }
    };
    watcher.onDidCreate(uri => void created(uri));
    watcher.onDidChange(uri => this.listener.changed(uri));
    watcher.onDidDelete(uri => this.listener.deleted(uri));
  }

  dispose(): void {
    this.watchers.dispose();
    this.store.dispose();
  }
}

async function isThere({ uri, there }: MachineFile): Promise<boolean> {
  if (!there) return isFile(uri);
  return (await Promise.all(there.map(exists))).includes(true);
}
