import { fillIn } from '../errors.ts';
import type { CallRef, Mismatch, TurnDecision } from './decision.ts';
import type { MissingReason } from './exchange.ts';
import type { ReplayWords } from './replayWords.ts';

export const callWords = ({ call, name }: CallRef, words: ReplayWords): string =>
  fillIn(words.replayCallOf, [call, name]);

/** How a request is not as recorded, as a sentence. */
export function mismatchWords(mismatch: Mismatch, calls: number, words: ReplayWords): string {
  if (mismatch.kind === 'more') return fillIn(words.replayMore, [calls]);
  const from = callWords(mismatch.from, words);
  if (mismatch.kind === 'repeated') return fillIn(words.replayRepeated, [from]);
  const { path, recorded, now, tool } = mismatch.difference;
  const side = (text: string | undefined): string =>
    text === undefined ? words.replayNothing : `“${text}”`;
  const sentence = tool === undefined ? words.replayDiffers : words.replayDiffersInTool;
  return fillIn(sentence, [from, path, side(recorded), side(now), tool ?? '']);
}

const missing: Readonly<Record<MissingReason, keyof ReplayWords>> = {
  unrecorded: 'replayUnrecorded',
  foreign: 'replayForeign',
  'too-deep': 'replayTooDeep',
  running: 'replayRunning',
};

/** Why a request is answered with an error: a fact, then a next step. */
export function stopWords(decision: TurnDecision, calls: number, words: ReplayWords): string {
  const { why, call, exchange, mismatch } = decision;
  const said = (fact: string, next: string): string => fillIn(words.replayStopped, [fact, next]);
  if (why === 'mismatch' && mismatch) {
    return said(mismatchWords(mismatch, calls, words), words.replayNextDiffers);
  }
  if (why === 'unanswered' && call && exchange?.outcome.kind === 'missing') {
    const fact = fillIn(words[missing[exchange.outcome.why]], [callWords(call, words)]);
    return said(fact, words.replayNextUnanswered);
  }
  const fact = call
    ? fillIn(words.replayStopUntil, [callWords(call, words)])
    : words.replayStopUntilMore;
  return said(fact, words.replayNextUntil);
}
