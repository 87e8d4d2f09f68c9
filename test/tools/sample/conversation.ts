import type { Random } from './random.ts';

export type Json = Readonly<Record<string, unknown>>;

export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly input_schema: Json;
}

/** A tool's definition whose every parameter is required. */
export function tool(name: string, description: string, properties: Json = {}): Tool {
  const required = Object.keys(properties);
  return { name, description, input_schema: { type: 'object', properties, required } };
}

export interface ToolUse {
  readonly type: 'tool_use';
  readonly id: string;
  readonly name: string;
  readonly input: Json;
}

export type Content = Json | ToolUse;

export interface Call {
  readonly request: Json;
  readonly response: Json;
  readonly usage: Usage;
}

/** The Messages API's usage object. */
export interface Usage {
  readonly input_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly cache_creation: {
    readonly ephemeral_5m_input_tokens: number;
    readonly ephemeral_1h_input_tokens: number;
  };
  readonly output_tokens: number;
  readonly output_tokens_details?: { readonly thinking_tokens: number };
  readonly service_tier: 'standard';
}

export interface Parameters {
  readonly model: string;
  readonly maxTokens: number;
  readonly system: string;
  readonly tools?: readonly Tool[];
  readonly thinkingBudget?: number;
  /** Marks the system prompt and the newest message for the cache, as agents that loop do. */
  readonly cached?: boolean;
}

// Shorter prompts are not cached at all.
const smallestCached = 1024;

/** Counts tokens the way a person estimates them; close enough to read as a real bill. */
export const tokensOf = (value: unknown): number =>
  Math.ceil((typeof value === 'string' ? value : JSON.stringify(value)).length / 3.7);

/** One conversation with the model: makes the exact body of each request and of each answer. */
export class Conversation {
  readonly model: string;
  readonly #parameters: Parameters;
  readonly #random: Random;
  readonly #messages: { role: string; content: unknown[] }[] = [];
  #cachedTokens = 0;

  constructor(random: Random, parameters: Parameters) {
    this.#random = random;
    this.#parameters = parameters;
    this.model = parameters.model;
  }

  user(text: string): this {
    this.#messages.push({ role: 'user', content: [{ type: 'text', text }] });
    return this;
  }

  /** Hands the model the results of the tools that its last answer asked for. */
  results(...results: readonly { use: ToolUse; content: unknown; failed?: boolean }[]): this {
    const content = results.map(({ use, content, failed }) => ({
      type: 'tool_result',
      tool_use_id: use.id,
      content: typeof content === 'string' ? content : JSON.stringify(content),
      ...(failed ? { is_error: true } : {}),
    }));
    this.#messages.push({ role: 'user', content });
    return this;
  }

  thinking(thinking: string): Json {
    return { type: 'thinking', thinking, signature: this.#random.signature() };
  }

  use(name: string, input: Json): ToolUse {
    return { type: 'tool_use', id: this.#random.apiId('toolu'), name, input };
  }

  /** The body of the request as it stands now. */
  request(): Json {
    const { model, maxTokens, system, tools, thinkingBudget, cached } = this.#parameters;
    const mark = cached ? { cache_control: { type: 'ephemeral' } } : {};
    const last = this.#messages.length - 1;
    const messages = this.#messages.map(({ role, content }, index) => ({
      role,
      content: content.map((block, at) =>
        index === last && at === content.length - 1 ? { ...(block as Json), ...mark } : block,
      ),
    }));
    return {
      model,
      max_tokens: maxTokens,
      ...(thinkingBudget ? { thinking: { type: 'enabled', budget_tokens: thinkingBudget } } : {}),
      system: cached ? [{ type: 'text', text: system, ...mark }] : system,
      ...(tools ? { tools } : {}),
      messages,
    };
  }

  /** The model answers: the answer joins the conversation. A text alone ends the turn. */
  answer(...parts: readonly (string | Content)[]): Call {
    const request = this.request();
    const content = parts.map(part =>
      typeof part === 'string' ? { type: 'text', text: part } : part,
    );
    const usage = this.#count(content);
    this.#messages.push({ role: 'assistant', content });
    const asks = content.some(block => (block as Json).type === 'tool_use');
    const response = {
      id: this.#random.apiId('msg'),
      type: 'message',
      role: 'assistant',
      model: this.model,
      content,
      stop_reason: asks ? 'tool_use' : 'end_turn',
      stop_sequence: null,
      usage,
    };
    return { request, response, usage };
  }

  #count(content: readonly unknown[]): Usage {
    const { system, tools, cached } = this.#parameters;
    // Tool definitions come with instructions of the provider's own.
    const prefix = tokensOf(system) + (tools ? 346 + tokensOf(tools) : 0);
    const all = prefix + tokensOf(this.#messages.map(message => message.content));
    const caches = cached === true && all - 4 >= smallestCached;
    // Another run has warmed the system prompt and the tools before this one's first call.
    const warm = prefix >= smallestCached ? prefix : 0;
    const read = caches ? this.#cachedTokens || warm : 0;
    const written = caches ? all - 4 - read : 0;
    this.#cachedTokens = read + written;
    const thoughts = content.filter(block => (block as Json).type === 'thinking');
    const thinking = thoughts.reduce<number>((sum, it) => sum + tokensOf((it as Json).thinking), 0);
    const rest = content.filter(block => (block as Json).type !== 'thinking');
    return {
      input_tokens: caches ? 4 : all,
      cache_creation_input_tokens: written,
      cache_read_input_tokens: read,
      cache_creation: { ephemeral_5m_input_tokens: written, ephemeral_1h_input_tokens: 0 },
      output_tokens: thinking + tokensOf(rest),
      ...(thinking ? { output_tokens_details: { thinking_tokens: thinking } } : {}),
      service_tier: 'standard',
    };
  }
}
