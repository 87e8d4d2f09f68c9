import { cut } from '../../core/content.ts';
import { oneLine } from '../../core/describe.ts';
import { formatCost, formatDuration, integer, none } from '../../core/format.ts';
import { agreement } from '../../core/replay/agreement.ts';
import type { Answer } from '../../core/replay/answer.ts';
import { compareAnswers } from '../../core/replay/compareAnswers.ts';
import {
  agreementWords,
  comparisonLines,
  figureRows,
} from '../../core/replay/compareAnswerWords.ts';
import type { SpanRef } from '../../protocol/panel.ts';
import type {
  AgreementView,
  AnswerGroup,
  AnswerView,
  ReplayedView,
} from '../../protocol/replay.ts';
import { localCallWords } from '../words.ts';

/** What came of one time. */
export interface Came {
  readonly answer: Answer | undefined;
  /** In words, why no whole answer came. */
  readonly error: string | undefined;
  readonly ref: SpanRef | undefined;
}

// A page stays quick, whatever was answered.
const mostChars = 20_000;
const mostTools = 50;
const mostLines = 200;

export function answerView({ model, text, tools }: Answer): AnswerView {
  return {
    model,
    text: cut(text, mostChars).text,
    chars: text.length,
    tools: tools.slice(0, mostTools).map(({ name, input }) => ({
      name: oneLine(name),
      input: cut(JSON.stringify(input, undefined, 2) ?? '', mostChars).text,
    })),
    moreTools: Math.max(0, tools.length - mostTools),
  };
}

export function replayedView(recorded: Answer | undefined, came: Came): ReplayedView {
  const { answer, error, ref } = came;
  const words = localCallWords();
  const comparison = answer && recorded ? compareAnswers(recorded, answer) : undefined;
  return {
    ref,
    error,
    answer: answer && answerView(answer),
    lines: comparison ? comparisonLines(comparison, words).slice(0, mostLines) : [],
    figures: comparison ? figureRows(comparison, words) : [],
  };
}

/** How far several answers agree; undefined where it was sent but once. */
export function agreementView(
  recorded: Answer | undefined,
  all: readonly Came[],
  times: number,
): AgreementView | undefined {
  if (times < 2) return undefined;
  const whole = all.map(one => (one.error === undefined ? one.answer : undefined));
  const agreed = agreement(whole, recorded);
  const letters = all.map(() => '');
  const groups = agreed.groups.map(({ positions, answer }, at): AnswerGroup => {
    const letter = letterOf(at);
    for (const position of positions) letters[position] = letter;
    const of = positions.flatMap(position => whole[position] ?? []);
    const middle = (figure: (one: Answer) => number | undefined, format: (n: number) => string) =>
      medianWords(of.map(figure), format);
    return {
      letter,
      gist: gistOf(recorded, answer),
      asRecorded: recorded !== undefined && compareAnswers(recorded, answer).same,
      times: positions.length,
      outputTokens: middle(one => one.usage.output, integer),
      duration: middle(one => one.duration, formatDuration),
      cost: middle(one => one.cost, formatCost),
      first: positions[0] ?? 0,
    };
  });
  return { words: agreementWords(agreed, localCallWords()), letters, groups };
}

/** A, B … Z, then numbers. */
const letterOf = (at: number): string => (at < 26 ? String.fromCharCode(65 + at) : String(at + 1));

function medianWords(
  values: readonly (number | undefined)[],
  format: (value: number) => string,
): string {
  const known = values.filter(value => value !== undefined).sort((a, b) => a - b);
  const middle = known[(known.length - 1) >> 1];
  return middle === undefined ? none : format(middle);
}

/** What tells it from the recorded answer, where that is an argument; else what it does first. */
function gistOf(recorded: Answer | undefined, answer: Answer): string {
  const { text, tools, stopReason } = answer;
  const [tool] = tools;
  const changes = recorded ? compareAnswers(recorded, answer).tools : [];
  const change = changes.find(one => one.kind === 'input');
  if (change) return oneLine(`${change.name} ${change.path} ${change.replayed}`, 160);
  if (!tool) return oneLine(text.trim() || stopReason || none, 160);
  const more = tools.length > 1 ? ` +${tools.length - 1}` : '';
  return oneLine(`${tool.name} ${JSON.stringify(tool.input) ?? ''}`, 160) + more;
}
