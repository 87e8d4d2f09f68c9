import { integer } from '../format.ts';
import { dialoguesOf, isSystem, type ModelCall } from './dialogues.ts';
import type { RunEvidence } from './evidence.ts';
import type { Insight } from './insight.ts';
import { quoted, say } from './say.ts';

const mostFound = 5;
/** Shorter ones, such as "go on", are asked again and again and mean something else each time. */
const leastQuestion = 60;

/** Answers to the same question, one after the other, of which one says yes and the other no, or another number. */
export function answerDrift(evidence: RunEvidence): readonly Insight[] {
  const found: Insight[] = [];
  const asked = new Map<string, ModelCall>();
  for (const turn of dialoguesOf(evidence).flat()) {
    const question = questionOf(turn);
    if (question === undefined || !isFinal(turn)) continue;
    const before = asked.get(question);
    if (before && contradicts(before, turn)) {
      if (found.length < mostFound) found.push(insightOf(evidence, before, turn));
    }
    asked.set(question, turn);
  }
  return found;
}

/** The user's last words, together with the instructions and all other words of the user before them. */
function questionOf({ facts, messages }: ModelCall): string | undefined {
  const prompt = facts?.prompt ?? [];
  // Of a longer one, not all parts are kept.
  if (prompt.some((one, index) => one.at !== index)) return undefined;
  const users = messages.filter(one => one.role === 'user' && one.resultChars === 0);
  const last = users.at(-1);
  if (!last || last !== messages.at(-1) || last.chars < leastQuestion) return undefined;
  const different = [...new Set(users.map(one => one.hash))];
  const results = messages.filter(one => one.resultChars > 0).map(one => one.hash);
  return [...prompt.filter(isSystem).map(one => one.hash), ...different, ...results].join(' ');
}

const isFinal = ({ facts }: ModelCall): boolean =>
  facts !== undefined && facts.toolUses.length === 0;

/** Answers that were asked for at the same time are a vote. */
function contradicts(before: ModelCall, turn: ModelCall): boolean {
  if ((before.span.end ?? Number.POSITIVE_INFINITY) > (turn.span.start ?? 0) + 1) return false;
  const answers = [before, turn].map(({ facts }) => facts?.answer ?? '');
  const [a, b] = answers.map(verdictOf);
  if (a && b && a.of === b.of) return a.value !== b.value;
  const [one = '', other = ''] = answers.map(text => text.slice(0, 200).replace(lead, ''));
  return opposites.some(
    ([yes, no]) => (yes?.test(one) && no?.test(other)) || (no?.test(one) && yes?.test(other)),
  );
}

const yesOrNo = /^[\s"'*_(]*(?:(?:the )?answer(?: is)?[:\s]*)?(yes|no|true|false)\b/i;
const soleNumber =
  /^[\s"'*_(]*(?:(?:the )?(?:final )?answer(?: is)?[:\s]*)?[$€£]?\s?(-?\d[\d,]*(?:\.\d+)?)\s?%?[\s"'*_).]*$/i;

/** Of each pair, whichever an answer begins with, in one of its forms, and says no more of, or a reason. */
const opposites = [
  ['approve[sd]?', 'reject(?:s|ed)?|den(?:y|ied)|decline[sd]?'],
  ['accept(?:s|ed)?', 'reject(?:s|ed)?|refuse[sd]?|decline[sd]?'],
  [
    'allow(?:s|ed)?|permit(?:s|ted)?',
    'block(?:s|ed)?|den(?:y|ied)|forbid(?:s|den)?|disallow(?:s|ed)?',
  ],
  ['pass(?:es|ed)?', 'fail(?:s|ed)?'],
  ['safe', 'unsafe'],
  ['valid', 'invalid'],
  ['correct|right', 'incorrect|wrong'],
  ['eligible', 'ineligible|not eligible'],
  ['positive', 'negative'],
].map(pair =>
  pair.map(
    words =>
      new RegExp(
        `^(?:${words})(?:[\\s"*_)}\\]]*$|[\\s"*_]*[.,:;!(–—-]|\\s+(?:because|since|as)\\b)`,
        'i',
      ),
  ),
);
/** What an answer may say before its verdict: `**Decision:**`, `{"verdict": "`. */
const lead =
  /^[\s"'*_({[]*(?:(?:(?:the|my) )?(?:final )?(?:answer|decision|verdict|result|outcome|conclusion)["'*_]*(?:\s*:|\s+is:?)["'*_\s]*)?/i;

function verdictOf(answer: string): { readonly of: string; readonly value: string } | undefined {
  const [, word] = yesOrNo.exec(answer) ?? [];
  if (word !== undefined) {
    return { of: 'verdict', value: /yes|true/i.test(word) ? 'yes' : 'no' };
  }
  const [, number] = answer.length < 60 ? (soleNumber.exec(answer) ?? []) : [];
  return number === undefined
    ? undefined
    : { of: 'number', value: String(Number(number.replace(/,/g, ''))) };
}

const insightOf = ({ run }: RunEvidence, before: ModelCall, turn: ModelCall): Insight => ({
  type: 'reasoning-drift',
  severity: 'info',
  runId: run.runId,
  spanIds: [turn.span.spanId, before.span.spanId],
  said: say(
    'insightDriftFlip',
    integer(before.number),
    quoted(before.facts?.answer ?? '', 80),
    integer(turn.number),
    quoted(turn.facts?.answer ?? '', 80),
  ),
  evidence: [],
});
