import * as vscode from 'vscode';
import { isolated, oneLine } from '../../core/describe.ts';
import { formatCost } from '../../core/format.ts';
import { priceOf } from '../../core/prices.ts';
import type { CallPlan } from '../../core/replay/callPlan.ts';
import { modelIds } from '../../core/replay/requestSchema.ts';
import { sendParts } from '../../core/replay/sendLine.ts';
import { type Choice, choose, group } from '../choose.ts';
import { ownPrices } from '../ownPrices.ts';
import { localCallWords } from '../words.ts';
import { languageModels } from './languageModels.ts';
import { allPrices } from './recordedCall.ts';

/** How a request is sent. */
export interface How {
  /** In place of the document's own. */
  readonly model: string | undefined;
  readonly times: number;
  /** In place of the Messages API. */
  readonly languageModel: vscode.LanguageModelChat | undefined;
}

export interface HowQuestion {
  readonly name: string;
  /** Of the Messages API. */
  readonly host: string;
  readonly plan: CallPlan;
  readonly how: How;
  readonly notes: readonly string[];
}

type Step = 'send' | 'times' | 'model' | 'languageModel' | 'note';

/**
 * Says what will be sent where, and what that takes; nothing is sent before it was chosen here.
 *
 * @returns `send`, or another way of sending, of which is asked again; undefined where nothing is to be sent
 */
export async function askHow(asked: HowQuestion): Promise<'send' | How | undefined> {
  for (;;) {
    const step = await askStep(asked);
    if (step === 'send' || step === undefined) return step;
    const how = step === 'note' ? undefined : await changed(asked, step);
    if (how) return how;
  }
}

async function askStep({ name, host, plan, how, notes }: HowQuestion): Promise<Step | undefined> {
  const t = vscode.l10n.t;
  const { languageModel } = how;
  const { to, takes } = languageModel
    ? {
        to: t('to {0}, a language model of VS Code', languageModel.name),
        takes: t('approximate, and unpriced'),
      }
    : sendParts(plan.estimate, host, localCallWords());
  const others = await languageModels();
  const choices: Choice<Step>[] = [
    {
      label: how.times > 1 ? t('Send {0} Times', how.times) : t('Send'),
      description: to,
      detail: takes,
      value: 'send',
    },
    {
      label: t('Send Several Times…'),
      description: t('how far the answers agree'),
      value: 'times',
    },
    { label: t('With Another Model…'), value: 'model' },
  ];
  if (others.length > 0) {
    choices.push({ label: t('With a Language Model of VS Code…'), value: 'languageModel' });
  }
  const said = notes.map(
    (note): Choice<Step> => ({ label: isolated(oneLine(note, 300)), value: 'note' }),
  );
  const chosen = await choose<Step>({
    title: t('Replay “{0}”', name),
    placeholder: t('Nothing is sent before you choose'),
    none: '',
    back: false,
    load: async () => [...choices, ...group(t('Before it is sent'), said)],
  });
  return chosen === 'back' ? undefined : chosen;
}

async function changed(asked: HowQuestion, step: Step): Promise<How | undefined> {
  const { how, plan } = asked;
  switch (step) {
    case 'times': {
      const times = await askTimes(how.times);
      return times === undefined ? undefined : { ...how, times };
    }
    case 'model': {
      const model = await askModel(asked.name, plan.estimate.model);
      return model === undefined ? undefined : { ...how, model, languageModel: undefined };
    }
    default: {
      const languageModel = await askLanguageModel(asked.name);
      return languageModel && { ...how, model: undefined, languageModel };
    }
  }
}

const mostTimes = 100;

export async function askTimes(now: number): Promise<number | undefined> {
  const t = vscode.l10n.t;
  const given = await vscode.window.showInputBox({
    title: t('Send Several Times'),
    prompt: t('How often, from 2 to {0}. Each is kept as a run of its own.', mostTimes),
    value: String(now > 1 ? now : 10),
    validateInput: text =>
      isTimes(text) ? undefined : t('A whole number from 2 to {0}', mostTimes),
  });
  return given !== undefined && isTimes(given) ? Number(given) : undefined;
}

const isTimes = (text: string): boolean =>
  /^\s*\d{1,3}\s*$/.test(text) && Number(text) >= 2 && Number(text) <= mostTimes;

/** One of those that have a price, or any other by its id. */
export async function askModel(name: string, now: string): Promise<string | undefined> {
  const t = vscode.l10n.t;
  const other = '';
  const load = async (): Promise<Choice<string>[]> => [
    ...modelIds(ownPrices())
      .filter(model => model !== now)
      .map(model => ({ label: model, description: priceWords(model), value: model })),
    { label: t('Another Model…'), description: t('by its id'), value: other },
  ];
  const title = t('Model for “{0}”', name);
  const chosen = await choose({ title, placeholder: t('Model'), none: '', back: false, load });
  if (chosen !== other) return chosen === 'back' ? undefined : chosen;
  const given = await vscode.window.showInputBox({
    title,
    prompt: t('The id of a model, as the API names it'),
    value: now,
    validateInput: text => (text.trim() === '' ? t('The id of a model') : undefined),
  });
  return given?.trim() || undefined;
}

function priceWords(model: string): string {
  const price = priceOf(model, Date.now(), allPrices());
  return price
    ? vscode.l10n.t(
        '{0} in, {1} out, for a million tokens',
        formatCost(price.rates.input),
        formatCost(price.rates.output),
      )
    : '';
}

async function askLanguageModel(name: string): Promise<vscode.LanguageModelChat | undefined> {
  const t = vscode.l10n.t;
  const chosen = await choose({
    title: t('Language Model for “{0}”', name),
    placeholder: t('Models that are offered in VS Code'),
    none: t('No language model is offered in VS Code. Send it to the API instead.'),
    back: false,
    load: async () =>
      (await languageModels()).map(model => ({
        label: model.name,
        description: `${model.vendor} · ${model.family}`,
        value: model,
      })),
  });
  return chosen === 'back' ? undefined : chosen;
}
