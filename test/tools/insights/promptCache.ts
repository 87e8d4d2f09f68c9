import { createHash } from 'node:crypto';
import type { Usage } from '../sample/conversation.ts';

// Shorter prompts are not cached at all.
const smallestCached = 1024;

/** Documents that a request names by an id weigh what they hold, not what their name is long. */
const weights = new Map<string, number>();

/** A document block of so many tokens. */
export function fileOf(id: string, tokens: number): Record<string, unknown> {
  weights.set(id, tokens);
  return { type: 'document', source: { type: 'file', file_id: id } };
}

/** About what a tokenizer counts. */
export function tokensOf(value: unknown): number {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  let heavy = 0;
  for (const [, id] of text.matchAll(/"file_id":"([^"]+)"/g)) heavy += weights.get(id ?? '') ?? 0;
  return Math.ceil(text.length / 3.7) + heavy;
}

export interface CachedPrompt {
  readonly model: string;
  readonly tools: unknown;
  readonly system: string | undefined;
  readonly messages: readonly unknown[];
  /** Undefined where nothing is to be cached. */
  readonly ttlMs: number | undefined;
}

/** The provider's side of prompt caching: what was sent before, by prefix, for as long as it is kept. */
export class PromptCache {
  readonly #kept = new Map<string, { from: number; until: number }>();

  /** What a call is billed for. Two calls that are under way at once find nothing of each other. */
  usage(prompt: CachedPrompt, start: number, end: number, output: number): Usage {
    const { model, tools, system, messages, ttlMs } = prompt;
    const parts = [tools ?? '', system ?? '', ...messages];
    // Tool definitions come with instructions of the provider's own.
    const tokens = parts.map((part, at) => tokensOf(part) + (at === 0 && tools ? 346 : 0));
    const all = tokens.reduce((sum, one) => sum + one, 0);
    let read = 0;
    const cached = ttlMs !== undefined && all - 4 >= smallestCached;
    if (cached) {
      let key = model;
      let sum = 0;
      parts.forEach((part, at) => {
        key = createHash('md5').update(key).update(JSON.stringify(part)).digest('base64');
        sum += tokens[at] ?? 0;
        if (sum < smallestCached) return;
        const known = this.#kept.get(key);
        if (known && known.from <= start && start <= known.until) read = sum;
        this.#kept.set(key, { from: Math.min(known?.from ?? end, end), until: end + ttlMs });
      });
      read = Math.min(read, all - 4);
    }
    const written = cached ? all - 4 - read : 0;
    const long = ttlMs !== undefined && ttlMs > 300_000;
    return {
      input_tokens: cached ? 4 : all,
      cache_creation_input_tokens: written,
      cache_read_input_tokens: read,
      cache_creation: {
        ephemeral_5m_input_tokens: long ? 0 : written,
        ephemeral_1h_input_tokens: long ? written : 0,
      },
      output_tokens: output,
      service_tier: 'standard',
    };
  }
}
