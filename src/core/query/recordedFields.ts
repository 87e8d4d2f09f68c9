import { type Fields, textOf } from '../fields.ts';

const providerKeys = [
  'provider',
  'gen_ai.provider.name',
  'gen_ai.system',
  'llm.provider',
  'llm.system',
  'ai.model.provider',
] as const;
const tagKeys = ['tags', 'tag.tags', 'langfuse.trace.tags', 'langsmith.span.tags'] as const;

const byModel: readonly (readonly [pattern: RegExp, provider: string])[] = [
  [/claude/i, 'anthropic'],
  [/^(gpt|chatgpt|o\d|text-embedding)/i, 'openai'],
  [/gemini/i, 'google'],
  [/mistral|codestral/i, 'mistral'],
];

/** Who ran a span's model: as recorded, else what the model's name tells. */
export function providerOf(fields: Fields, model: string | undefined): string | undefined {
  for (const key of providerKeys) {
    const recorded = textOf(fields[key]);
    if (recorded) return recorded;
  }
  return byModel.find(([pattern]) => model !== undefined && pattern.test(model))?.[1];
}

/** The tags of a span, as a list or as the text of one. */
export function tagsOf(fields: Fields): readonly string[] {
  for (const key of tagKeys) {
    const value = listOf(fields[key]);
    if (Array.isArray(value)) return value.filter(one => typeof one === 'string');
    if (typeof value === 'string') return value.split(',').map(one => one.trim());
  }
  return [];
}

function listOf(value: unknown): unknown {
  if (typeof value !== 'string' || !value.startsWith('[')) return value;
  try {
    return JSON.parse(value);
  } catch {
    // No JSON after all; it is a tag as it stands.
    return value;
  }
}
