import * as vscode from 'vscode';
import { DisposableStore } from './disposables.ts';
import { setContext } from './ids.ts';

const extensionId = 'github.copilot-chat';
const recordSetting = 'github.copilot.chat.otel.dbSpanExporter.enabled';

/** The settings of VS Code that make its agents keep traces, and keep prompts and answers in them. */
const settings = [
  recordSetting,
  'github.copilot.chat.otel.captureContent',
  'chat.agentHost.otel.dbSpanExporter.enabled',
  'chat.agentHost.otel.captureContent',
] as const;

/** A file is Copilot Chat's own, where it writes it. */
export const isCopilots = ({ path }: vscode.Uri): boolean => path.includes(`/${extensionId}/`);

/** Copilot Chat is here, and does not record its turns. */
export function copilotIsOff(): boolean {
  const configuration = vscode.workspace.getConfiguration();
  // It may run in another extension host than this one, so its setting tells whether it is here.
  const isHere = configuration.inspect(recordSetting)?.defaultValue !== undefined;
  return isHere && configuration.get<unknown>(recordSetting) !== true;
}

/**
 * Keeps the context key that offers the setting.
 *
 * @param changed the rows of the files say otherwise now
 */
export function watchCopilot(changed: () => void): vscode.Disposable {
  const store = new DisposableStore();
  const tell = (): void => {
    void setContext('agentTraces.copilotOff', copilotIsOff());
    changed();
  };
  store.add(vscode.extensions.onDidChange(tell));
  store.add(
    vscode.workspace.onDidChangeConfiguration(
      event => event.affectsConfiguration(recordSetting) && tell(),
    ),
  );
  tell();
  return store;
}

/** Shows the settings; whether they are switched on is up to the person. */
export function showCopilotSettings(): Thenable<unknown> {
  const query = settings.map(id => `@id:${id}`).join(' ');
  return vscode.commands.executeCommand('workbench.action.openSettings', query);
}
