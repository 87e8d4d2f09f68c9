import * as vscode from 'vscode';
import type { TraceError, TraceErrorCode } from '../../core/errors.ts';
import type { ScopedSpan } from '../../formats/otlpOfSpan.ts';
import { exportedSpans, type Noticed, otlpSpans, redactorOf } from '../../formats/runSpans.ts';
import type { Destination, Values } from '../../net/destinations/destination.ts';
import { type Sent, type SentLog, sendTraces, targetOf } from '../../net/sendTraces.ts';
import { sentCounts } from '../../net/sentCounts.ts';
import type { CommandContext } from '../commands/context.ts';
import { type Step, say, showError, showInfo } from '../errors.ts';
import { type Exported, pageOf, versionOf } from './exported.ts';
import { previewText } from './previewText.ts';
import { withProgress } from './progress.ts';
import { askSend, sayUntrusted } from './questions.ts';
import {
  askKeys,
  changeValue,
  changeWords,
  forgetKeys,
  type Known,
  knownValues,
  neededValues,
} from './values.ts';
import { sentenceOf, sentWords, spansIn, titleOf } from './words.ts';

export const knownTo = ({ extension, replayer }: CommandContext): Known => ({
  secrets: extension.secrets,
  env: replayer?.env ?? {},
});

/** Asks what is missing and whether it may, then sends. */
export async function sendTo(
  context: CommandContext,
  exported: Exported,
  destination: Destination,
): Promise<'back' | undefined> {
  // Said in code as well: a command can be called where its menu is not shown.
  if (!vscode.workspace.isTrusted) return void sayUntrusted();
  const known = knownTo(context);
  if (!(await neededValues(destination, known))) return undefined;
  for (;;) {
    const values = await knownValues(destination, known);
    const target = targetOrWords(context, exported, destination, values);
    if (!target) return undefined;
    const { url, unencrypted, log } = target;
    const spans = spansIn(exported.runs);
    const counts = countsOf(exported, log);
    const word = await askSend(titleOf(exported.runs), {
      sentence: sentenceOf(spans, exported.leaving, url.host),
      unencrypted,
      ...counts,
      change: changeWords(destination),
    });
    if (word === undefined || word === 'back') return word;
    if (word === 'change') await changeValue(destination, known);
    else if (word === 'show') {
      const { signal } = new AbortController();
      const text = await previewText(spansOf(context, exported, destination, signal), {
        ...{ destination, values, exported, version: versionOf(context) },
      });
      await context.previews.show(destination.label, text);
    } else {
      const used = word === 'all-again' && log ? { ...log, sent: () => new Set<string>() } : log;
      const skipUnsure = word === 'without-unsure';
      await send(context, exported, destination, { values, log: used, skipUnsure });
      return undefined;
    }
  }
}

/** Undefined where nothing can be sent with these values, which is said, with a way to others. */
function targetOrWords(
  context: CommandContext,
  exported: Exported,
  destination: Destination,
  values: Values,
) {
  try {
    const target = targetOf({ destination, values });
    return { ...target, log: context.sentLog?.(target) };
  } catch (error) {
    const title = changeWords(destination);
    const change = async () => {
      await changeValue(destination, knownTo(context));
      await sendTo(context, exported, destination);
    };
    const step = title === undefined ? undefined : stepOf(context, title, change);
    showError(context.log, 'export', error, { step });
    return undefined;
  }
}

const countsOf = ({ runs, leaving }: Exported, log: SentLog | undefined) =>
  sentCounts(runs, redactorOf(leaving), log);

async function* spansOf(
  context: CommandContext,
  { file, runs, leaving }: Exported,
  destination: Destination,
  signal: AbortSignal,
  noticed: Noticed = { open: 0, leftOut: 0 },
): AsyncGenerator<ScopedSpan> {
  const redactor = redactorOf(leaving);
  const page = pageOf(context, file, signal);
  for (const run of runs) {
    const own = exportedSpans(offset => page(run.runId, offset), redactor, noticed);
    const attributes: Destination['attributes'] = one => destination.attributes?.(one) ?? [];
    yield* otlpSpans(run, own, { attributes }, noticed);
  }
}

interface Way {
  readonly values: Values;
  readonly log: SentLog | undefined;
  readonly skipUnsure: boolean;
}

async function send(
  context: CommandContext,
  exported: Exported,
  destination: Destination,
  { values, log, skipUnsure }: Way,
): Promise<void> {
  const { host } = targetOf({ destination, values }).url;
  const noticed: Noticed = { open: 0, leftOut: 0 };
  const total = spansIn(exported.runs);
  const before = countsOf(exported, log);
  const title = vscode.l10n.t('Sending to {0}', destination.label);
  const left = total - before.already - (skipUnsure ? before.unsure : 0);
  const sent = await withProgress(title, left, (signal, progress) =>
    sendTraces(spansOf(context, exported, destination, signal, noticed), {
      ...{ destination, values, log, skipUnsure, signal, progress },
      service: undefined,
      version: versionOf(context),
    }),
  );
  const doubtful = countsOf(exported, log).unsure;
  const remembered = log !== undefined;
  const words = sentWords(sent, noticed, host, { total, doubtful, remembered });
  if (!sent.error) return showInfo(words);
  const known = knownTo(context);
  if (sent.error.code === 'exportKeyRefused') await forgetKeys(destination, known);
  sayFailed(context, sent.error, words, wayOn(context, exported, destination, sent));
}

function sayFailed(
  context: CommandContext,
  error: TraceError,
  words: string,
  step: Step | undefined,
): void {
  if (error.code === 'cancelled') say('info', words, step ? [step] : []);
  else showError(context.log, 'export', error, { words: [words], step });
}

const worthTrying: readonly TraceErrorCode[] = [
  'cancelled',
  'exportBusy',
  'exportAsksToWait',
  'exportServerFailed',
  'exportUnderWay',
  'exportNotRemembered',
  'exportNoConnection',
  'exportBrokeOff',
];

function wayOn(
  context: CommandContext,
  exported: Exported,
  destination: Destination,
  { error }: Sent,
): Step | undefined {
  const t = vscode.l10n.t;
  const again = () => sendTo(context, exported, destination);
  if (error?.code === 'exportKeyRefused' && destination.variables.some(one => one.secret)) {
    return stepOf(context, t('Enter Another Key…'), async () => {
      if (await askKeys(destination, knownTo(context))) await again();
    });
  }
  if (!error || !worthTrying.includes(error.code)) return undefined;
  return stepOf(context, t('Export Again…'), again);
}

/** Nobody waits for what a button does. */
const stepOf = ({ log }: CommandContext, title: string, act: () => Promise<unknown>): Step => ({
  title,
  act: () => act().catch(error => showError(log, 'export', error)),
});
