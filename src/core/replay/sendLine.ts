import { fillIn } from '../errors.ts';
import { formatCost, integer } from '../format.ts';
import type { CallWords } from './callWords.ts';
import type { CallEstimate } from './estimate.ts';

/** What will be sent where, and what it takes: the two halves of a sentence. */
export function sendParts(
  { model, inputTokens, cost, mostCost, times }: CallEstimate,
  to: string,
  words: CallWords,
): { readonly to: string; readonly takes: string } {
  const money =
    mostCost === undefined
      ? words.sendUnpriced
      : cost === undefined || cost > mostCost
        ? fillIn(words.sendMost, [formatCost(mostCost)])
        : fillIn(words.sendCost, [formatCost(cost), formatCost(mostCost)]);
  const several = times > 1;
  return {
    to: fillIn(several ? words.sendToTimes : words.sendTo, [model, to, times]),
    takes: fillIn(several ? words.sendTakesTimes : words.sendTakes, [integer(inputTokens), money]),
  };
}

/** The same as one sentence. */
export function sendLine(estimate: CallEstimate, host: string, words: CallWords): string {
  const { to, takes } = sendParts(estimate, host, words);
  return fillIn(words.sendLine, [to, takes]);
}
