import * as vscode from 'vscode';
import { endingOf, type FileFormat } from '../../formats/exportFormats.ts';
import type { Leaving } from '../../formats/runSpans.ts';
import { destinations } from '../../net/destinations/all.ts';
import { custom } from '../../net/destinations/custom.ts';
import type { Destination } from '../../net/destinations/destination.ts';
import { type Choice, choose, group } from '../choose.ts';
import { showInfo } from '../errors.ts';
import { type Known, knownValues } from './values.ts';
import { spansWords } from './words.ts';

export type Goal =
  | { readonly kind: 'file'; readonly format: FileFormat }
  | { readonly kind: 'engine'; readonly destination: Destination };

type Offered = Goal | 'address' | 'untrusted';

/** What a file of each format is for, in the order in which they are offered. */
export function fileWords(): readonly (readonly [FileFormat, label: string, use: string])[] {
  const t = vscode.l10n.t;
  return [
    ['html', t('HTML Page'), t('to share; opens without a network')],
    ['markdown', t('Markdown'), t('for an issue, or for a model')],
    ['csv', t('CSV of Spans'), t('for a table')],
    ['json', t('JSON'), t('for programs')],
    ['otlp', t('OTLP JSON Lines'), t('for collectors, and to be opened here again')],
  ];
}

/** Where it goes. Undefined: nowhere. */
export async function askGoal(title: string, known: Known): Promise<Goal | undefined> {
  const t = vscode.l10n.t;
  const files = fileWords().map(
    ([format, label, use]): Choice<Offered> => ({
      label,
      description: `.${endingOf[format]} · ${use}`,
      value: { kind: 'file', format },
    }),
  );
  for (;;) {
    const chosen = await choose<Offered>({
      title,
      placeholder: t('Where to'),
      none: '',
      back: false,
      load: async () => [
        ...group(t('File'), files),
        ...group(t('OpenTelemetry'), await engines(known)),
      ],
    });
    if (chosen === 'untrusted') sayUntrusted();
    if (chosen === undefined || chosen === 'back' || chosen === 'untrusted') return undefined;
    const goal = chosen === 'address' ? await askAddress(title) : chosen;
    if (goal) return goal;
  }
}

async function engines(known: Known): Promise<readonly Choice<Offered>[]> {
  const t = vscode.l10n.t;
  // What a workspace wrote must not send anything anywhere before it is trusted.
  if (!vscode.workspace.isTrusted) {
    const description = t('only from a workspace that you trust');
    return [{ label: t('Send to an Engine…'), description, value: 'untrusted' }];
  }
  const all = destinations.map(
    async (destination): Promise<Choice<Offered>> => ({
      label: destination.label,
      description: hostOf(destination.url(await knownValues(destination, known))),
      value: { kind: 'engine', destination },
    }),
  );
  return [...(await Promise.all(all)), { label: t('Other Address…'), value: 'address' }];
}

export function sayUntrusted(): void {
  const t = vscode.l10n.t;
  showInfo(
    t('Nothing is sent from a workspace that is not trusted. Trust it first, or export to a file.'),
    t('Manage Workspace Trust'),
    () => vscode.commands.executeCommand('workbench.trust.manage'),
  );
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : '');

async function askAddress(title: string): Promise<Goal | undefined> {
  const t = vscode.l10n.t;
  const url = await vscode.window.showInputBox({
    title,
    prompt: t('The whole address that OTLP over HTTP goes to'),
    placeHolder: t('Such as {0}', 'http://localhost:4318/v1/traces'),
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
export async function askLeaving(title: string): Promise<Leaving | 'back' | undefined> {
  const t = vscode.l10n.t;
  return choose<Leaving>({
    title,
    placeholder: t('What may leave the trace file'),
    none: '',
    back: true,
    load: async () => [
      {
        label: t('Without Content'),
        detail: t(
          'Names, models, figures, errors; no prompts, answers or data of tools. Without secrets.',
        ),
        value: { content: false },
      },
      {
        label: t('With Content, Redacted'),
        detail: t('Prompts and answers too, without the secrets and personal data that are found.'),
        value: { content: true },
      },
      {
        label: t('Everything as Recorded'),
        detail: t('Nothing is taken out: secrets and personal data leave as well.'),
        value: { content: true, redaction: false },
      },
    ],
  });
}

export type Word = 'send' | 'without-unsure' | 'all-again' | 'show' | 'change';

/** What is said of an export before it starts. */
export interface Before {
  readonly sentence: string;
  readonly unencrypted: boolean;
  /** Spans that arrived before. */
  readonly already: number;
  /** Spans that may have arrived before. */
  readonly unsure: number;
  /** What can be changed of what the destination is told, in words. */
  readonly change: string | undefined;
}

/** The last word before anything is sent. */
export async function askSend(
  title: string,
  { sentence, unencrypted, already, unsure, change }: Before,
): Promise<Word | 'back' | undefined> {
  const t = vscode.l10n.t;
  const facts: string[] = [];
  if (already > 0) facts.push(t('Left out, as sent before: {0}.', spansWords(already)));
  if (unsure > 0) facts.push(t('May arrive twice: {0}.', spansWords(unsure)));
  const send: Choice<Word> = {
    label: t('Send'),
    description: unencrypted ? t('{0}, not encrypted', sentence) : sentence,
    ...(facts.length > 0 && { detail: facts.join(' ') }),
    value: 'send',
  };
  const withoutUnsure: Choice<Word> = {
    label: t('Send Without What May Have Arrived'),
    detail: t('Left out, as its answer was lost: {0}.', spansWords(unsure)),
    value: 'without-unsure',
  };
  const again: Choice<Word> = {
    label: t('Send All Again'),
    detail: t('Also what was sent before, such as to add content: {0}.', spansWords(already)),
    value: 'all-again',
  };
  return choose<Word>({
    title,
    placeholder: t('Nothing has been sent yet'),
    none: '',
    back: true,
    stays: true,
    load: async () => [
      send,
      ...(unsure > 0 ? [withoutUnsure] : []),
      ...(already > 0 ? [again] : []),
      {
        label: t('Show What Would Be Sent'),
        description: t('opens it, and sends nothing'),
        value: 'show' as const,
      },
      ...(change === undefined ? [] : [{ label: change, value: 'change' as const }]),
    ],
  });
}
