import { written } from './insights/jsonWriter.ts';
import { unwrapped } from './insights/resultFacts.ts';
import type { Metadata } from './metadata.ts';

/** How large a tool's result is; undefined where that was not recorded. */
export interface ResultSize {
  readonly chars: number | undefined;
  readonly tokens: number | undefined;
}

/** The size of a result as recorded: of its text, or of its JSON; else the length that was recorded in its place. */
export function resultSize({ toolResult, resultLength, fields }: Metadata): ResultSize {
  const tokens = tokenCount(fields.result_tokens);
  if (toolResult === undefined) return { chars: resultLength, tokens };
  const content = unwrapped(toolResult);
  const chars =
    typeof content === 'string' ? content.length : written(content, { sorted: false }).chars;
  return { chars, tokens };
}

export const tokenCount = (value: unknown): number | undefined =>
  typeof value === 'number' && value >= 0 && Number.isFinite(value) ? value : undefined;
