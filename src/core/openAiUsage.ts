import { fieldsOf } from './fields.ts';

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;

/**
 * Usage under the names of the Messages API, where it was given under those of OpenAI's chat completions
 * (`prompt_tokens`) or responses (`input_tokens_details`). Theirs count what was read from the cache as
 * input as well.
 */
export function messagesUsage(
  usage: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const chat = usage.input_tokens === undefined && usage.output_tokens === undefined;
  const input = chat ? usage.prompt_tokens : usage.input_tokens;
  const output = chat ? usage.completion_tokens : usage.output_tokens;
  const inputDetails = chat ? usage.prompt_tokens_details : usage.input_tokens_details;
  if (!(chat ? isCount(input) || isCount(output) : inputDetails)) return usage;
  const cached = fieldsOf(inputDetails).cached_tokens;
  const { reasoning_tokens } = fieldsOf(
    chat ? usage.completion_tokens_details : usage.output_tokens_details,
  );
  return {
    ...(isCount(input) && { input_tokens: Math.max(0, input - (isCount(cached) ? cached : 0)) }),
    ...(isCount(output) && { output_tokens: output }),
    ...(isCount(cached) && { cache_read_input_tokens: cached }),
    ...(isCount(reasoning_tokens) && {
      output_tokens_details: { thinking_tokens: reasoning_tokens },
    }),
  };
}
