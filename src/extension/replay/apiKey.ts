import * as vscode from 'vscode';
import { showInfo } from '../errors.ts';
import type { Replayer } from '../platform.ts';

const secretName = 'agentTraces.anthropicApiKey';

/** The key that requests are sent with. It is handed to what sends, and to nothing else. */
export class ApiKey {
  private readonly secrets: vscode.SecretStorage;
  private readonly replayer: Pick<Replayer, 'env'> | undefined;

  constructor(secrets: vscode.SecretStorage, replayer: Pick<Replayer, 'env'> | undefined) {
    this.secrets = secrets;
    this.replayer = replayer;
  }

  /** The one that was set here; else that of the environment. */
  async get(): Promise<string | undefined> {
    const own = await this.secrets.get(secretName);
    return own || this.replayer?.env.ANTHROPIC_API_KEY?.trim() || undefined;
  }

  /** Asks for one, and stores it where VS Code keeps secrets. False where none was given. */
  async ask(): Promise<boolean> {
    const t = vscode.l10n.t;
    const given = await vscode.window.showInputBox({
      title: t('Set API Key'),
      prompt: t(
        'The key for the Messages API. It is kept in the secret storage of VS Code, and sent only to the address of the setting agentTraces.replay.baseUrl.',
      ),
      password: true,
      ignoreFocusOut: true,
      validateInput: text =>
        text === '' || isKey(text.trim())
          ? undefined
          : t('A key has no spaces and no special characters. Copy it again.'),
    });
    const key = given?.trim() ?? '';
    if (!isKey(key)) return false;
    await this.secrets.store(secretName, key);
    vscode.window.setStatusBarMessage(t('$(check) The API key is stored'), 4000);
    return true;
  }

  async delete(): Promise<void> {
    const t = vscode.l10n.t;
    const had = (await this.secrets.get(secretName)) !== undefined;
    await this.secrets.delete(secretName);
    const left = this.replayer?.env.ANTHROPIC_API_KEY?.trim();
    if (left) {
      showInfo(t('No API key is stored here. That of the environment is used from now on.'));
    } else showInfo(had ? t('The API key is deleted.') : t('No API key was stored here.'));
  }
}

const isKey = (text: string): boolean => /^[\x21-\x7e]+$/.test(text);
