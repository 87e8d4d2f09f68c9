import { fillIn } from '../errors.ts';
import { formatCost, integer } from '../format.ts';
import type { CallWords } from './callWords.ts';
import type { CallEstimate } from './estimate.ts';

/** What will be sent where, and what it takes, in one sentence. */
export function sendLine(
  { model, inputTokens, cost, mostCost, times }: CallEstimate,
  to: string,
  words: CallWords,
): string {
  const money =
    mostCost === undefined
      ? words.sendUnpriced
      : cost === undefined || cost > mostCost
        ? fillIn(words.sendMost, [formatCost(mostCost)])
        : fillIn(words.sendCost, [formatCost(cost), formatCost(mostCost)]);
  const sentence = times > 1 ? words.sendLineTimes : words.sendLine;
  return fillIn(sentence, [model, to, integer(inputTokens), money, times]);
}
