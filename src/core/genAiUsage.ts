import type { Usage } from './model.ts';

/** Where a recorder puts the counts of a call: columns first, then the attributes of the conventions. */
export interface RecordedCounts {
  readonly input?: unknown;
  readonly output?: unknown;
  readonly cached?: unknown;
  readonly reasoning?: unknown;
}

/** Attributes that hold counts; the later names are older, or those of Claude Code. */
export const usageKeys = {
  input: ['gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens', 'input_tokens'],
  output: ['gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens', 'output_tokens'],
  cached: [
    'gen_ai.usage.cache_read.input_tokens',
    'gen_ai.usage.cache_read_input_tokens',
    'cache_read_tokens',
  ],
  written: [
    'gen_ai.usage.cache_write.input_tokens',
    'gen_ai.usage.cache_creation.input_tokens',
    'gen_ai.usage.cache_creation_input_tokens',
    'cache_creation_tokens',
  ],
  reasoning: ['gen_ai.usage.reasoning.output_tokens', 'gen_ai.usage.reasoning_tokens'],
} as const;

/**
 * Usage of a call in the conventions' counts, whose input holds the cached tokens as well. Recorders that
 * leave them out are told by counts that would not fit, and by Claude Code's own names.
 */
export function genAiUsage(
  columns: RecordedCounts,
  attributes: Readonly<Record<string, unknown>>,
): Usage {
  const read = (name: keyof typeof usageKeys, column?: unknown): number | undefined =>
    count(column) ??
    usageKeys[name].map(key => count(attributes[key])).find(one => one !== undefined);
  const input = read('input', columns.input);
  const cacheRead = read('cached', columns.cached);
  const cacheWrite = read('written');
  const cache = (cacheRead ?? 0) + (cacheWrite ?? 0);
  const leftOut =
    count(columns.input) === undefined &&
    usageKeys.input.slice(0, 2).every(key => count(attributes[key]) === undefined);
  const within = input !== undefined && cache <= input && !leftOut;
  const usage: Usage = {
    input: within ? input - cache : input,
    cacheRead,
    cacheWrite5m: cacheWrite,
    output: read('output', columns.output),
    reasoning: read('reasoning', columns.reasoning),
  };
  return Object.values(usage).every(one => one === undefined) ? {} : usage;
}

/** A count, also one that was recorded as a text. */
function count(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : undefined;
}
