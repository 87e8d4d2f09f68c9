import type { Usage } from './model.ts';
import { messagesUsage } from './openAiUsage.ts';

const keys = ['input', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h', 'output', 'reasoning'] as const;

/** Adds up usages; a count that no call recorded stays undefined. */
export function addUsage(all: Iterable<Usage>): Usage {
  const sum: { -readonly [K in keyof Usage]: Usage[K] } = {};
  for (const one of all) {
    for (const key of keys) {
      const value = one[key];
      if (value !== undefined) sum[key] = (sum[key] ?? 0) + value;
    }
  }
  return sum;
}

/** Everything the model was given, the cached part included. */
export function inputTokens(usage: Usage): number | undefined {
  const { input, cacheRead, cacheWrite5m, cacheWrite1h } = usage;
  const parts = [input, cacheRead, cacheWrite5m, cacheWrite1h].filter(n => n !== undefined);
  return parts.length === 0 ? undefined : parts.reduce((a, b) => a + b, 0);
}

/** Input and output together, as lists show it. */
export function totalTokens(usage: Usage): number | undefined {
  const input = inputTokens(usage);
  if (input === undefined && usage.output === undefined) return undefined;
  return (input ?? 0) + (usage.output ?? 0);
}

const count = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/**
 * Usage from the native columns and the Messages API's `usage` object, whose `input_tokens` leaves the
 * cache out (Messages API reference), or one with OpenAI's names. The object wins: the columns have no room
 * for the cache.
 *
 * Both columns 0 without a usage object means that nothing was recorded: the tracers write 0 for every
 * span that made no call.
 */
export function nativeUsage(inputColumn: unknown, outputColumn: unknown, recorded: unknown): Usage {
  const usage = messagesUsage(record(recorded));
  const creation = record(usage.cache_creation);
  const write5m = count(creation.ephemeral_5m_input_tokens);
  const write1h = count(creation.ephemeral_1h_input_tokens);
  const written = count(usage.cache_creation_input_tokens);
  const input = count(usage.input_tokens) ?? count(inputColumn);
  const output = count(usage.output_tokens) ?? count(outputColumn);
  const details = record(usage.output_tokens_details);
  const full: Usage = {
    input,
    cacheRead: count(usage.cache_read_input_tokens),
    // What the split does not name is the default write, which lives for five minutes.
    cacheWrite5m:
      written === undefined ? write5m : Math.max(write5m ?? 0, written - (write1h ?? 0)),
    cacheWrite1h: write1h,
    output,
    reasoning: count(details.thinking_tokens),
  };
  if (keys.every(key => !full[key]) && Object.keys(usage).length === 0) return {};
  const beside = besideOf(usage.iterations);
  const billed = billedOf(usage);
  return {
    ...full,
    ...(beside.length > 0 && { beside }),
    ...(billed && { billed }),
  };
}

/** More of them only come from a file that is not what it seems. */
const mostIterations = 1000;

/** What of a call's iterations its counts leave out: the shortening of a context, and answers of an advisor. */
function besideOf(iterations: unknown): NonNullable<Usage['beside']> {
  if (!Array.isArray(iterations)) return [];
  return iterations.slice(0, mostIterations).flatMap(one => {
    const { type, model, iterations: _, ...counts } = record(one);
    if (type !== 'compaction' && type !== 'advisor_message') return [];
    const usage = nativeUsage(undefined, undefined, counts);
    return [{ model: typeof model === 'string' ? model : undefined, usage }];
  });
}

function billedOf({ service_tier, speed }: Readonly<Record<string, unknown>>): Usage['billed'] {
  // What was reserved is paid for by contract, and what is faster costs more.
  if (service_tier === 'priority' || speed === 'fast') return 'other';
  return service_tier === 'batch' ? 'batch' : undefined;
}
