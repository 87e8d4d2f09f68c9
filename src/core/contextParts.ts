import { type Fields, fieldsOf } from './fields.ts';
import { imageOf } from './images.ts';
import type { Usage } from './model.ts';
import { inputTokens } from './usage.ts';

/** What a prompt was made of. Tokens of the parts are estimated by their length; their sum is as recorded. */
export interface ContextParts {
  readonly tokens: number;
  readonly parts: readonly { readonly name: ContextPart; readonly tokens: number }[];
  /** As recorded, where the cache was told from the rest. */
  readonly cache: readonly { readonly name: CachePart; readonly tokens: number }[];
}

export const contextPartNames = ['system', 'tools', 'history', 'results', 'fresh'] as const;
export type ContextPart = (typeof contextPartNames)[number];
export type CachePart = 'cacheRead' | 'cacheWrite' | 'uncached';

/**
 * @param known messages that an earlier call had already; all others are new
 * @param added tokens of the new ones, where both calls' counts say it
 */
export function contextParts(
  request: unknown,
  usage: Usage,
  known: number | undefined,
  added: number | undefined,
): ContextParts | undefined {
  const tokens = inputTokens(usage);
  const body = fieldsOf(request);
  const messages: unknown = Array.isArray(request) ? request : body.messages;
  if (!tokens || !Array.isArray(messages)) return undefined;
  const chars: Record<ContextPart, number> = {
    system: charsOf(body.system),
    tools: charsOf(body.tools),
    history: 0,
    results: 0,
    fresh: 0,
  };
  for (const [index, message] of messages.entries()) {
    const all = charsOf(message);
    if (known !== undefined && index >= known) chars.fresh += all;
    else {
      const results = resultChars(message);
      chars.results += results;
      chars.history += all - results;
    }
  }
  const sum = contextPartNames.reduce((total, name) => total + chars[name], 0);
  if (sum === 0 || hasImages(messages)) return undefined;
  const cache = cacheParts(usage);
  if (added === undefined || added >= tokens)
    return { tokens, parts: shares(chars, tokens), cache };
  const parts = [
    ...shares({ ...chars, fresh: 0 }, tokens - added),
    { name: 'fresh', tokens: added } as const,
  ];
  return { tokens, parts, cache };
}

/** Rounded so that the parts add up to the whole. */
function shares(
  chars: Readonly<Record<ContextPart, number>>,
  tokens: number,
): ContextParts['parts'] {
  const sum = contextPartNames.reduce((total, name) => total + chars[name], 0);
  let [before, given] = [0, 0];
  return contextPartNames.flatMap(name => {
    before += chars[name];
    const upTo = Math.round((tokens * before) / sum);
    const own = upTo - given;
    given = upTo;
    return chars[name] === 0 ? [] : [{ name, tokens: own }];
  });
}

function cacheParts(usage: Usage): ContextParts['cache'] {
  const write = (usage.cacheWrite5m ?? 0) + (usage.cacheWrite1h ?? 0);
  if (!usage.cacheRead && !write) return [];
  const all = [
    { name: 'cacheRead', tokens: usage.cacheRead ?? 0 },
    { name: 'cacheWrite', tokens: write },
    { name: 'uncached', tokens: usage.input ?? 0 },
  ] as const;
  return all.filter(one => one.tokens > 0);
}

function resultChars(message: unknown): number {
  const it = fieldsOf(message);
  if (it.role === 'tool') return charsOf(message);
  const content = it.content ?? it.parts;
  if (!Array.isArray(content)) return 0;
  const results: readonly unknown[] = ['tool_result', 'tool_call_response'];
  return content
    .filter(one => results.includes(fieldsOf(one).type))
    .reduce<number>((total, one) => total + charsOf(one), 0);
}

/** Letters of a value: its texts and the names of its fields. */
function charsOf(value: unknown, depth = 0): number {
  if (typeof value === 'string') return value.length;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value).length;
  if (typeof value !== 'object' || value === null || depth > 40) return 0;
  let sum = 0;
  for (const [key, one] of Object.entries(value)) {
    // Marks for the cache and signatures are no words of the prompt.
    if (key === 'cache_control' || key === 'signature') continue;
    sum += (Array.isArray(value) ? 0 : key.length) + charsOf(one, depth + 1);
  }
  return sum;
}

/** A picture costs tokens by its size in pixels: beside it, lengths say nothing. */
function hasImages(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null || depth > 12) return false;
  if (imageOf(value as Fields)) return true;
  return Object.values(value).some(one => hasImages(one, depth + 1));
}
