import type { Usage } from '../core/model.ts';
import type { Attributes } from './attributes.ts';

/**
 * Token counts of a call. The conventions count cached tokens as input too; some recorders do not: they are
 * known by their names, or by counts that would not fit.
 *
 * @param scope the library that recorded the span
 */
export function otelUsage(from: Attributes, scope: string): Usage {
  const spec = from.number(
    'gen_ai.usage.input_tokens',
    'gen_ai.usage.prompt_tokens',
    'llm.token_count.prompt',
  );
  const vercel = from.number('ai.usage.inputTokens', 'ai.usage.promptTokens');
  const claudeCode = from.number('input_tokens');
  const input = spec ?? vercel ?? claudeCode;
  const details = from.number('ai.usage.inputTokenDetails.cacheReadTokens');
  const cacheRead = from.number(
    'gen_ai.usage.cache_read.input_tokens',
    'gen_ai.usage.cache_read_input_tokens',
    // Of pydantic-ai: the API's own names, or those of its usage.
    'gen_ai.usage.details.cache_read_input_tokens',
    'gen_ai.usage.details.cache_read_tokens',
    'gen_ai.usage.details.cached_tokens',
    'llm.token_count.prompt_details.cache_read',
    'ai.usage.cachedInputTokens',
    'cache_read_tokens',
  );
  const write1h = from.number('anthropic.usage.cache_creation.ephemeral_1h_input_tokens');
  const write5m = from.number('anthropic.usage.cache_creation.ephemeral_5m_input_tokens');
  const written = from.number(
    'gen_ai.usage.cache_write.input_tokens',
    'gen_ai.usage.cache_creation.input_tokens',
    'gen_ai.usage.cache_creation_input_tokens',
    'gen_ai.usage.details.cache_creation_input_tokens',
    'gen_ai.usage.details.cache_write_tokens',
    'llm.token_count.prompt_details.cache_write',
    'ai.usage.inputTokenDetails.cacheWriteTokens',
    'cache_creation_tokens',
  );
  const read = cacheRead ?? details;
  const cached = (read ?? 0) + (written ?? 0);
  const leavesOut =
    (spec === undefined && vercel === undefined) ||
    /traceloop.*anthropic/.test(scope) ||
    // Version 5 of the AI SDK gives Anthropic's own count, later ones give details beside a sum.
    (spec === undefined && details === undefined && isAnthropic(from));
  const within = input !== undefined && cached <= input && !leavesOut;
  return {
    input: within ? input - cached : input,
    cacheRead: read,
    // What the split does not name is the default write, which lives for five minutes.
    cacheWrite5m:
      written === undefined ? write5m : Math.max(write5m ?? 0, written - (write1h ?? 0)),
    cacheWrite1h: write1h,
    output: from.number(
      'gen_ai.usage.output_tokens',
      'gen_ai.usage.completion_tokens',
      'llm.token_count.completion',
      'ai.usage.outputTokens',
      'ai.usage.completionTokens',
      'output_tokens',
    ),
    reasoning: from.number(
      'gen_ai.usage.reasoning.output_tokens',
      'gen_ai.usage.reasoning_tokens',
      'gen_ai.usage.details.reasoning_tokens',
      'llm.token_count.completion_details.reasoning',
      'ai.usage.outputTokenDetails.reasoningTokens',
      'ai.usage.reasoningTokens',
    ),
  };
}

const isAnthropic = (from: Attributes): boolean =>
  /anthropic/.test(from.text('ai.model.provider') ?? '');

/** Usage as the Messages API says it, which is how trace files hold it. */
export function messagesUsage(usage: Usage): Record<string, unknown> {
  const { input, cacheRead, cacheWrite5m, cacheWrite1h, output, reasoning } = usage;
  const written =
    cacheWrite5m === undefined && cacheWrite1h === undefined
      ? undefined
      : (cacheWrite5m ?? 0) + (cacheWrite1h ?? 0);
  return {
    ...(input !== undefined && { input_tokens: input }),
    ...(cacheRead !== undefined && { cache_read_input_tokens: cacheRead }),
    ...(written !== undefined && { cache_creation_input_tokens: written }),
    ...(cacheWrite1h !== undefined && {
      cache_creation: {
        ephemeral_5m_input_tokens: cacheWrite5m ?? 0,
        ephemeral_1h_input_tokens: cacheWrite1h,
      },
    }),
    ...(output !== undefined && { output_tokens: output }),
    ...(reasoning !== undefined && { output_tokens_details: { thinking_tokens: reasoning } }),
  };
}
