import { cut } from '../content.ts';
import type { Ms, Usd } from '../model.ts';
import { inputTokens } from '../usage.ts';
import { type Answer, type AskedTool, answerKey, callKey } from './answer.ts';
import { jsonDifferences, pathText } from './jsonDifference.ts';

/** Both sides of a figure; undefined where it is not known. */
export interface Figure<T extends number = number> {
  readonly recorded: T | undefined;
  readonly replayed: T | undefined;
}

/** What became of a tool call of one side on the other. Positions count from 1. */
export type ToolChange =
  | { readonly kind: 'same'; readonly name: string }
  /** The same tool at the same turn with another input: its first difference. */
  | {
      readonly kind: 'input';
      readonly name: string;
      readonly path: string;
      readonly recorded: string;
      readonly replayed: string;
    }
  | { readonly kind: 'moved'; readonly name: string; readonly from: number; readonly to: number }
  | { readonly kind: 'removed' | 'added'; readonly name: string; readonly input: string };

export interface AnswerComparison {
  /** Text, tool calls and stop reason are the same. */
  readonly same: boolean;
  /** Where the texts part, and what stands there; undefined where they are the same. */
  readonly text:
    | { readonly at: number; readonly recorded: string; readonly replayed: string }
    | undefined;
  readonly tools: readonly ToolChange[];
  readonly toolsSame: boolean;
  readonly stopReason: { readonly recorded: string; readonly replayed: string } | undefined;
  readonly inputTokens: Figure;
  readonly outputTokens: Figure;
  readonly cost: Figure<Usd>;
  readonly duration: Figure<Ms>;
  readonly firstToken: Figure<Ms>;
}

/** What is not the same in two answers to one request, or to one and its edited form. */
export function compareAnswers(recorded: Answer, replayed: Answer): AnswerComparison {
  const tools = toolChanges(recorded.tools, replayed.tools);
  const figure = <T extends number>(of: (answer: Answer) => T | undefined): Figure<T> => ({
    recorded: of(recorded),
    replayed: of(replayed),
  });
  const stops = [recorded.stopReason, replayed.stopReason];
  return {
    same: answerKey(recorded) === answerKey(replayed),
    text: textDifference(recorded.text, replayed.text),
    tools,
    toolsSame: tools.every(one => one.kind === 'same'),
    stopReason:
      stops[0] === stops[1] ? undefined : { recorded: stops[0] ?? '', replayed: stops[1] ?? '' },
    inputTokens: figure(one => inputTokens(one.usage)),
    outputTokens: figure(one => one.usage.output),
    cost: figure(one => one.cost),
    duration: figure(one => one.duration),
    firstToken: figure(one => one.firstToken),
  };
}

const shown = 80;
const before = 20;

function textDifference(a: string, b: string): AnswerComparison['text'] {
  if (a === b) return undefined;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  // Not in the middle of a character.
  if (/[\uDC00-\uDFFF]/.test(a.charAt(at) + b.charAt(at)) && at > 0) at--;
  const from = Math.max(0, at - before);
  const part = (text: string): string => {
    const { text: kept, chars } = cut(text.slice(from).replace(/^[\uDC00-\uDFFF]/, ''), shown);
    return `${from > 0 ? '…' : ''}${kept}${kept.length < chars ? '…' : ''}`;
  };
  return { at: at + 1, recorded: part(a), replayed: part(b) };
}

/** Beyond what a model asks for in one answer: of more calls, those beyond are compared by position alone. */
const mostCompared = 1000;
const mostAligned = 200;

/**
 * The longest row of equal calls in the same order stays as it is. Of the others, equal calls have moved,
 * calls of the same tool have got another input, and what is left was removed or added.
 */
export function toolChanges(
  recorded: readonly AskedTool[],
  replayed: readonly AskedTool[],
): readonly ToolChange[] {
  const [a, b] = [recorded.map(callKey), replayed.map(callKey)];
  const pairs = pairedCalls(a, b);
  const taken = new Set(pairs.values());
  const pair = (fits: (i: number, j: number) => boolean): void => {
    for (let i = 0; i < Math.min(a.length, mostCompared); i++) {
      for (let j = 0; !pairs.has(i) && j < Math.min(b.length, mostCompared); j++) {
        if (taken.has(j) || !fits(i, j)) continue;
        pairs.set(i, j);
        taken.add(j);
      }
    }
  };
  const kept = new Set(pairs.keys());
  pair((i, j) => a[i] === b[j]);
  const moved = new Set([...pairs.keys()].filter(i => !kept.has(i)));
  pair((i, j) => recorded[i]?.name === replayed[j]?.name);
  for (let i = mostCompared; i < Math.min(a.length, b.length); i++) {
    if (pairs.has(i) || taken.has(i) || recorded[i]?.name !== replayed[i]?.name) continue;
    pairs.set(i, i);
    taken.add(i);
  }
  const changes: ToolChange[] = [];
  for (const [i, one] of recorded.entries()) {
    const j = pairs.get(i);
    const other = j === undefined ? undefined : replayed[j];
    if (j === undefined || !other) changes.push({ kind: 'removed', ...called(one) });
    else if (moved.has(i)) {
      changes.push({ kind: 'moved', name: one.name, from: i + 1, to: j + 1 });
    } else changes.push(inputChange(one, other));
  }
  for (const [j, other] of replayed.entries()) {
    if (!taken.has(j)) changes.push({ kind: 'added', ...called(other) });
  }
  return changes;
}

/** Equal calls that stand in the same order on both sides: those at both ends, and between them. */
function pairedCalls(a: readonly string[], b: readonly string[]): Map<number, number> {
  const pairs = new Map<number, number>();
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) pairs.set(start, start++);
  let end = 0;
  const most = Math.min(a.length, b.length) - start;
  while (end < most && a[a.length - 1 - end] === b[b.length - 1 - end]) {
    end++;
    pairs.set(a.length - end, b.length - end);
  }
  const middle = (keys: readonly string[]): readonly string[] =>
    keys.slice(start, Math.min(keys.length - end, start + mostAligned));
  for (const [i, j] of longestCommon(middle(a), middle(b))) pairs.set(start + i, start + j);
  return pairs;
}

const called = ({ name, input }: AskedTool) => ({ name, input: short(input) });

function inputChange(one: AskedTool, other: AskedTool): ToolChange {
  const [first] = jsonDifferences(one.input, other.input, 1);
  if (!first) return { kind: 'same', name: one.name };
  const path = pathText(first.path) || 'input';
  return {
    kind: 'input',
    name: one.name,
    path,
    recorded: short(first.before),
    replayed: short(first.after),
  };
}

/** `undefined` has no JSON, and stands for a field that is not there. */
const short = (value: unknown): string => {
  const json = JSON.stringify(value) ?? '–';
  const { text } = cut(json, shown);
  return text.length < json.length ? `${text}…` : text;
};

/** Positions in both lists, in order. */
function longestCommon(a: readonly string[], b: readonly string[]): readonly [number, number][] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = lengths[i];
      if (!row) continue;
      row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}
