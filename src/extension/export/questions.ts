import * as vscode from 'vscode';
import { type FileFormat, fileFormats } from '../../formats/exportFormats.ts';
import type { Leaving } from '../../formats/runSpans.ts';
import { destinations } from '../../net/destinations/all.ts';
import { custom } from '../../net/destinations/custom.ts';
import type { Destination } from '../../net/destinations/destination.ts';
import { type Choice, choose, group } from '../choose.ts';
import { showInfo } from '../errors.ts';

export type Goal =
  | { readonly kind: 'file'; readonly format: FileFormat }
  | { readonly kind: 'engine'; readonly destination: Destination };

/** Where it goes. Undefined: nowhere. */
export async function askGoal(title: string): Promise<Goal | undefined> {
  const t = vscode.l10n.t;
  const words: Readonly<Record<FileFormat, string>> = {
    html: t('HTML Page'),
    markdown: t('Markdown'),
    csv: t('CSV of Spans'),
    json: t('JSON'),
    otlp: t('OTLP JSON Lines'),
  };
  const order: readonly FileFormat[] = ['html', 'markdown', 'csv', 'json', 'otlp'];
  const files = order
    .filter(format => fileFormats.includes(format))
    .map(
      (format): Choice<Goal | 'other'> => ({
        label: words[format],
        value: { kind: 'file', format },
      }),
    );
  // What a workspace wrote must not send anything anywhere before it is trusted.
  const engines = vscode.workspace.isTrusted
    ? [
        ...destinations.map(
          (destination): Choice<Goal | 'other'> => ({
            label: destination.label,
            description: hostOf(destination),
            value: { kind: 'engine', destination },
          }),
        ),
        { label: t('Other Address…'), value: 'other' as const },
      ]
    : [];
  const chosen = await choose<Goal | 'other'>({
    title,
    placeholder: t('Where to'),
    none: '',
    back: false,
    load: async () => [...group(t('File'), files), ...group(t('OpenTelemetry'), engines)],
  });
  if (chosen === 'other') return askAddress(title);
  return chosen === 'back' ? undefined : chosen;
}

const hostOf = (destination: Destination): string => {
  const url = destination.url({});
  return URL.canParse(url) ? new URL(url).host : '';
};

async function askAddress(title: string): Promise<Goal | undefined> {
  const t = vscode.l10n.t;
  const url = await vscode.window.showInputBox({
    title,
    prompt: t(
      'The whole address that OTLP over HTTP goes to, such as http://localhost:4318/v1/traces',
    ),
    ignoreFocusOut: true,
    validateInput: text =>
      text === '' || (/^https?:\/\//i.test(text.trim()) && URL.canParse(text.trim()))
        ? undefined
        : t('It begins with https:// or http://.'),
  });
  const given = url?.trim() ?? '';
  return URL.canParse(given) ? { kind: 'engine', destination: custom(given) } : undefined;
}

/** What may leave. Undefined: nothing. */
export async function askLeaving(title: string): Promise<Leaving | undefined> {
  const t = vscode.l10n.t;
  const chosen = await choose<Leaving>({
    title,
    placeholder: t('What may leave the trace file'),
    none: '',
    back: false,
    load: async () => [
      {
        label: t('Without Content'),
        detail: t('No prompts, answers, inputs and results of tools; secrets are taken out'),
        value: { content: false },
      },
      {
        label: t('With Content, Redacted'),
        detail: t('Secrets and personal data that are found are taken out'),
        value: { content: true },
      },
      {
        label: t('Everything as Recorded'),
        detail: t('Nothing is taken out'),
        value: { content: true, redaction: false },
      },
    ],
  });
  return chosen === 'back' ? undefined : chosen;
}

/** The last word before anything is sent. */
export async function confirmed(title: string, sentence: string): Promise<boolean> {
  const t = vscode.l10n.t;
  const chosen = await choose<boolean>({
    title,
    placeholder: sentence,
    none: '',
    back: false,
    load: async () => [
      { label: t('Send'), value: true },
      { label: t('Cancel'), value: false },
    ],
  });
  return chosen === true;
}

const secretOf = (name: string): string => `agentTraces.export.${name}`;

/** What a destination needs: from the secret storage, else the environment, else the user. Undefined: not given. */
export async function valuesOf(
  destination: Destination,
  secrets: vscode.SecretStorage,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Readonly<Record<string, string | undefined>> | undefined> {
  const values: Record<string, string | undefined> = {};
  for (const { name, required, secret } of destination.variables) {
    const known = (await secrets.get(secretOf(name))) || env[name];
    if (known || !required) {
      values[name] = known;
      continue;
    }
    const t = vscode.l10n.t;
    const given = await vscode.window.showInputBox({
      title: destination.label,
      prompt: t(
        '{0}, which {1} needs. It is kept in the secret storage of VS Code.',
        name,
        destination.label,
      ),
      password: secret,
      ignoreFocusOut: true,
    });
    if (!given?.trim()) return undefined;
    values[name] = given.trim();
    await secrets.store(secretOf(name), given.trim());
  }
  return values;
}

/** A key that was refused is asked for again the next time. */
export async function forget(
  destination: Destination,
  secrets: vscode.SecretStorage,
): Promise<void> {
  for (const { name, secret } of destination.variables) {
    if (secret) await secrets.delete(secretOf(name));
  }
  showInfo(
    vscode.l10n.t('The key of {0} is asked for again at the next export.', destination.label),
  );
}
