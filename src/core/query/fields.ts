import { spanKinds } from '../model.ts';

/**
 * What a field says something about. `either`: the run as a whole or one of its spans, whichever has it.
 */
export type Level = 'run' | 'span' | 'either';

export type ValueType = 'text' | 'word' | 'usd' | 'count' | 'duration' | 'time';

export interface Field {
  readonly level: Level;
  readonly type: ValueType;
  /** The values of a `word`, and other words for them. */
  readonly words?: readonly string[];
  readonly aliases?: Readonly<Record<string, string>>;
}

// Whatever a tracer may call it, and what our own views call it.
const statusAliases = { failed: 'error', failure: 'error', success: 'ok', completed: 'ok' };

export const queryFields = {
  status: {
    level: 'run',
    type: 'word',
    words: ['ok', 'error', 'running', 'stale'],
    aliases: statusAliases,
  },
  name: { level: 'either', type: 'text' },
  error: { level: 'either', type: 'text' },
  id: { level: 'either', type: 'text' },
  session: { level: 'run', type: 'text' },
  tool: { level: 'span', type: 'text' },
  kind: { level: 'span', type: 'word', words: spanKinds },
  model: { level: 'span', type: 'text' },
  provider: { level: 'span', type: 'text' },
  tag: { level: 'span', type: 'text' },
  cost: { level: 'run', type: 'usd' },
  duration: { level: 'run', type: 'duration' },
  tokens: { level: 'run', type: 'count' },
  input: { level: 'run', type: 'count' },
  output: { level: 'run', type: 'count' },
  spans: { level: 'run', type: 'count' },
  calls: { level: 'run', type: 'count' },
  after: { level: 'run', type: 'time' },
  before: { level: 'run', type: 'time' },
  'span.status': {
    level: 'span',
    type: 'word',
    words: ['ok', 'error', 'running', 'unknown'],
    aliases: statusAliases,
  },
  'span.cost': { level: 'span', type: 'usd' },
  'span.duration': { level: 'span', type: 'duration' },
  'span.tokens': { level: 'span', type: 'count' },
  'span.input': { level: 'span', type: 'count' },
  'span.output': { level: 'span', type: 'count' },
} as const satisfies Readonly<Record<string, Field>>;
export type FieldName = keyof typeof queryFields;

export const fieldNames = Object.keys(queryFields) as readonly FieldName[];

export const fieldOf = (name: FieldName): Field => queryFields[name];

export function fieldNamed(name: string): FieldName | undefined {
  const lower = name.toLowerCase();
  return fieldNames.find(one => one === lower);
}
