import type { Price } from '../price.ts';
import { priceTable } from '../priceTable.ts';

/** Models of the Messages API that have a price; the user's own come first. */
export function modelIds(own: readonly Price[] = []): readonly string[] {
  const listed = priceTable.filter(price => price.source === 'anthropic');
  return [...new Set([...own, ...listed].map(price => price.model))];
}

const text = { type: 'string' } as const;
const list = (items: object) => ({ type: 'array', items });
const object = (properties: object, required: readonly string[] = []) => ({
  type: 'object',
  properties,
  required,
});
/** One of the known texts is offered, and any other is taken: the API has new ones before we do. */
const oneOf = (known: readonly string[]) => ({ anyOf: [{ enum: known }, text] });
const textOr = (schema: object) => ({ anyOf: [text, schema] });

/**
 * A JSON schema of the body of a request, for the completions and hovers of an editor. It says less than
 * `checkDocument`, which has the words, and nothing against fields that are new.
 */
export function requestSchema(own: readonly Price[] = []): object {
  const cacheControl = object({
    type: { enum: ['ephemeral'] },
    ttl: { enum: ['5m', '1h'] },
  });
  const block = object(
    {
      type: oneOf([
        'text',
        'image',
        'document',
        'tool_use',
        'tool_result',
        'thinking',
        'redacted_thinking',
        'search_result',
      ]),
      text,
      cache_control: cacheControl,
      source: object({ type: oneOf(['base64', 'url', 'file']), media_type: text, data: text }),
      id: text,
      name: text,
      input: { type: 'object' },
      tool_use_id: text,
      content: {},
      is_error: { type: 'boolean' },
      thinking: text,
      signature: text,
    },
    ['type'],
  );
  const message = object(
    { role: { enum: ['user', 'assistant', 'system'] }, content: textOr(list(block)) },
    ['role', 'content'],
  );
  const tool = object({
    type: text,
    name: text,
    description: text,
    input_schema: { type: 'object' },
    cache_control: cacheControl,
  });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    ...object(
      {
        model: oneOf(modelIds(own)),
        max_tokens: { type: 'integer', minimum: 0 },
        messages: { ...list(message), minItems: 1 },
        system: textOr(list(block)),
        tools: list(tool),
        tool_choice: object({
          type: oneOf(['auto', 'any', 'tool', 'none']),
          name: text,
          disable_parallel_tool_use: { type: 'boolean' },
        }),
        thinking: object({
          type: oneOf(['enabled', 'disabled', 'adaptive']),
          budget_tokens: { type: 'integer', minimum: 0 },
        }),
        output_config: object({ effort: oneOf(['low', 'medium', 'high']), format: {} }),
        temperature: { type: 'number', minimum: 0, maximum: 1 },
        top_p: { type: 'number', minimum: 0, maximum: 1 },
        top_k: { type: 'integer', minimum: 0 },
        stop_sequences: list(text),
        stream: { type: 'boolean' },
        metadata: object({ user_id: text }),
        service_tier: oneOf(['auto', 'standard_only']),
      },
      ['model', 'max_tokens', 'messages'],
    ),
  };
}
