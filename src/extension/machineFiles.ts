import * as vscode from 'vscode';

/** A trace file of what agents of this machine write, outside of the workspace. */
export interface MachineFile {
  readonly uri: vscode.Uri;
  readonly label: string;
  /** Folders of which one has to be there for it to be listed; else the file itself. */
  readonly there?: readonly vscode.Uri[];
}

/**
 * Where this VS Code, of whatever flavour and platform, keeps the traces of its own agents: beside our
 * storage, and in the folder of user data above it. They need not exist.
 *
 * @param ownStorage our `globalStorageUri`
 */
export function machineFiles(ownStorage: vscode.Uri): readonly MachineFile[] {
  const above = /^(.*)\/User\/(?:profiles\/[^/]+\/)?globalStorage\/[^/]+\/?$/.exec(ownStorage.path);
  if (ownStorage.scheme !== 'file' || !above) return [];
  const storage = ownStorage.path.replace(/\/[^/]+\/?$/, '');
  const at = (path: string): vscode.Uri => ownStorage.with({ path });
  return [
    {
      uri: at(`${storage}/github.copilot-chat/agent-traces.db`),
      label: vscode.l10n.t('GitHub Copilot Chat'),
    },
    {
      uri: at(`${above[1]}/agent-host/otel/agent-host-traces.db`),
      label: vscode.l10n.t('VS Code Agent Host'),
    },
  ];
}
