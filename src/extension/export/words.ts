import * as vscode from 'vscode';
import { integer } from '../../core/format.ts';
import type { RunSummary } from '../../core/model.ts';
import type { Leaving, Noticed } from '../../formats/runSpans.ts';
import type { Sent } from '../../net/sendTraces.ts';
import { nameOf } from '../treeItems.ts';

export const spansWords = (count: number): string =>
  count === 1 ? vscode.l10n.t('1 span') : vscode.l10n.t('{0} spans', integer(count));

export const spansIn = (runs: readonly RunSummary[]): number =>
  runs.reduce((sum, run) => sum + run.spans, 0);

/** What is exported: it stands above each question. */
export function titleOf(runs: readonly RunSummary[]): string {
  const [first] = runs;
  return first && runs.length === 1
    ? vscode.l10n.t('Export “{0}”', nameOf(first.name))
    : vscode.l10n.t('Export {0} Runs', integer(runs.length));
}

/** What would be sent where. */
export function sentenceOf(spans: number, { content, redaction }: Leaving, host: string): string {
  const t = vscode.l10n.t;
  const what = spansWords(spans);
  if (!content) return t('{0} without content, to {1}', what, host);
  return redaction === false
    ? t('{0} as recorded, to {1}', what, host)
    : t('{0} with content, redacted, to {1}', what, host);
}

/** What was noticed on the way. */
export function noticedWords(noticed: Noticed): readonly string[] {
  const t = vscode.l10n.t;
  const { open, timeless = 0, leftOut, events = 0 } = noticed;
  const words: string[] = [];
  if (open > 0) {
    words.push(t('Left out, as not ended yet: {0}.', spansWords(open)));
  }
  if (timeless > 0) {
    words.push(t('Left out, as OTLP cannot hold their times: {0}.', spansWords(timeless)));
  }
  if (leftOut > 0) {
    words.push(t('Without metadata, which are too large: {0}.', spansWords(leftOut)));
  }
  if (events > 0) {
    words.push(t('Events left out, as too many or too large: {0}.', integer(events)));
  }
  return words;
}

/** What is known besides of an export that ended. */
export interface Around {
  readonly total: number;
  /** Spans of which nobody knows whether they arrived. */
  readonly doubtful: number;
  /** The next export leaves out what was sent. */
  readonly remembered: boolean;
}

/** What came of sending, but for why it ended early. */
export function sentWords(sent: Sent, noticed: Noticed, host: string, around: Around): string {
  const t = vscode.l10n.t;
  const words =
    sent.error === undefined
      ? [t('Sent {0} to {1}.', spansWords(sent.spans), host)]
      : endedEarly(sent, around);
  const say = (count: number, text: (spans: string) => string): void => {
    if (count > 0) words.push(text(spansWords(count)));
  };
  if (!sent.error) say(sent.already, spans => t('Sent before, and left out: {0}.', spans));
  say(sent.again, spans =>
    t('May be there twice, as the answer to the first time was lost: {0}.', spans),
  );
  say(sent.unsure, spans => t('Left out, as it may have arrived before: {0}.', spans));
  say(sent.misfit, spans => t('Left out, as it has no place for their kind: {0}.', spans));
  say(sent.rejected, spans => t('Not taken: {0}. Only Send All Again sends them again.', spans));
  say(sent.tooLarge, spans => t('Left out, as too large for it: {0}.', spans));
  for (const message of sent.messages) words.push(t('It says: {0}', message));
  return [...words, ...noticedWords(noticed)].join(' ');
}

function endedEarly(
  { error, spans, already }: Sent,
  { total, doubtful, remembered }: Around,
): string[] {
  const t = vscode.l10n.t;
  const there = integer(spans + already);
  if (error?.code !== 'cancelled') {
    // What comes next is said by the error.
    return spans + already > 0
      ? [t('Sent before that: {0} of {1}.', there, spansWords(total))]
      : [];
  }
  const words = [t('Stopped. Sent so far: {0} of {1}.', there, spansWords(total))];
  if (doubtful > 0) words.push(t('May have arrived, or not: {0}.', spansWords(doubtful)));
  words.push(
    remembered
      ? t('The next export sends the rest.')
      : t('The next export sends all of them again.'),
  );
  return words;
}
