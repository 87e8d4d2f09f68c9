import * as vscode from 'vscode';
import { type RecipeId, receiverVariables, variableLines } from '../../core/receiverRecipes.ts';
import type { Receiving } from '../receiving.ts';
import type { CommandContext } from './context.ts';

/** Starts the receiver, and says where programs are to send. */
export function startReceiver({ receiving }: CommandContext) {
  return async (): Promise<void> => receiving?.startAndSay();
}

export function stopReceiver({ receiving }: CommandContext) {
  return async (): Promise<void> => {
    await receiving?.stop();
    const words = vscode.l10n.t('The receiver has ended. What it has received stays listed.');
    vscode.window.setStatusBarMessage(words, 5000);
  };
}

/** Asks for whom, and puts what they need in their environment on the clipboard. */
export function copyReceiverVariables({ receiving }: CommandContext) {
  return async (): Promise<void> => {
    const t = vscode.l10n.t;
    if (!receiving || !(await receiving.start())) return;
    const recipe = await pickRecipe();
    if (!recipe || receiving.url === undefined) return;
    await copyVariables(receiving, recipe);
    vscode.window.setStatusBarMessage(t('The environment variables were copied.'), 5000);
  };
}

async function copyVariables({ url = '', token }: Receiving, recipe: RecipeId): Promise<void> {
  await vscode.env.clipboard.writeText(variableLines(receiverVariables(recipe, url, token)));
}

async function pickRecipe(): Promise<RecipeId | undefined> {
  const t = vscode.l10n.t;
  const items: (vscode.QuickPickItem & { readonly recipe: RecipeId })[] = [
    {
      recipe: 'any',
      label: t('Any program with OpenTelemetry'),
      detail: t('Vercel AI SDK, OpenInference, pydantic-ai and others'),
    },
    {
      recipe: 'claudeCode',
      label: t('Claude Code'),
      detail: t('With prompts, answers and what its tools are called with'),
    },
    {
      recipe: 'anthropicSdk',
      label: t('Anthropic SDK'),
      detail: t('With prompts and answers; the program needs a tracer provider'),
    },
    {
      recipe: 'traceloop',
      label: t('Traceloop (OpenLLMetry)'),
      detail: t('With prompts and answers; its SDK has variables of its own'),
    },
  ];
  const title = t('Copy Environment Variables');
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder: t('For whom?') });
  return picked?.recipe;
}
