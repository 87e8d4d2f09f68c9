import { type Answer, answerKey } from './answer.ts';

/** How far several answers to one request agree. */
export interface Agreement {
  /** Answers that came whole. */
  readonly answers: number;
  readonly failed: number;
  /** Groups of answers that are the same, the largest first; positions among all that were asked for, from 0. */
  readonly groups: readonly { readonly positions: readonly number[]; readonly answer: Answer }[];
  /** The share of the largest group, from 0 to 1; undefined where no answer came. */
  readonly share: number | undefined;
  /** How many are as recorded; undefined where no answer was. */
  readonly asRecorded: number | undefined;
}

/** @param answers in the order in which they were asked for; undefined for one that did not come whole */
export function agreement(
  answers: readonly (Answer | undefined)[],
  recorded: Answer | undefined,
): Agreement {
  const groups = new Map<string, { readonly positions: number[]; readonly answer: Answer }>();
  for (const [position, answer] of answers.entries()) {
    if (!answer) continue;
    const key = answerKey(answer);
    const group = groups.get(key) ?? { positions: [], answer };
    group.positions.push(position);
    groups.set(key, group);
  }
  const whole = answers.filter(one => one !== undefined).length;
  const sorted = [...groups.values()].sort((a, b) => b.positions.length - a.positions.length);
  const [largest] = sorted;
  return {
    answers: whole,
    failed: answers.length - whole,
    groups: sorted,
    share: largest && largest.positions.length / whole,
    asRecorded: recorded && (groups.get(answerKey(recorded))?.positions.length ?? 0),
  };
}
