// Checked on 2026-11-28.

/** How many tokens, those of the answer included, a model takes. */
interface ContextWindow {
  readonly models: readonly string[];
  readonly tokens: number;
  /** What it takes where more was asked for, by a header of the request. */
  readonly extended?: number;
}

// Claude: https://platform.claude.com/docs/en/about-claude/models/overview and the pages of the models, read
// 2026-11-28. The others, and older ones of Claude: `context_window` in @pydantic/genai-prices 0.1.8,
// https://www.npmjs.com/package/@pydantic/genai-prices/v/0.1.8; GPT-6 also
// https://docs.litellm.ai/blog/gpt_6_sol_luna, both read 2026-11-28.
const windows: readonly ContextWindow[] = [
  {
    models: [
      'claude-fable-5',
      'claude-fable-5-1',
      'claude-haiku-5-5',
      'claude-mythos-5',
      'claude-mythos-5-1',
      'claude-opus-4-6',
      'claude-opus-4-7',
      'claude-opus-4-8',
      'claude-opus-5',
      'claude-opus-5-5',
      'claude-sonnet-4-6',
      'claude-sonnet-5',
      'claude-sonnet-5-5',
    ],
    tokens: 1_000_000,
  },
  {
    models: ['claude-sonnet-4', 'claude-sonnet-4-0', 'claude-sonnet-4-5'],
    tokens: 200_000,
    extended: 1_000_000,
  },
  {
    models: [
      'claude-3-haiku',
      'claude-3-opus',
      'claude-3-sonnet',
      'claude-3-5-haiku',
      'claude-3-5-sonnet',
      'claude-3-7-sonnet',
      'claude-haiku-4-5',
      'claude-opus-4',
      'claude-opus-4-0',
      'claude-opus-4-1',
      'claude-opus-4-5',
    ],
    tokens: 200_000,
  },
  { models: ['gpt-3.5-turbo'], tokens: 16_385 },
  { models: ['gpt-4'], tokens: 8192 },
  { models: ['gpt-4-turbo', 'gpt-4o', 'gpt-4o-mini', 'o1-mini', 'gpt-5.3-chat'], tokens: 128_000 },
  { models: ['gpt-4.1', 'gpt-4.1-mini', 'gpt-4.1-nano'], tokens: 1_000_000 },
  { models: ['o1', 'o1-pro', 'o3', 'o3-mini', 'o3-pro', 'o4-mini'], tokens: 200_000 },
  {
    models: [
      'gpt-5',
      'gpt-5-codex',
      'gpt-5-mini',
      'gpt-5-nano',
      'gpt-5-pro',
      'gpt-5.1',
      'gpt-5.1-codex',
      'gpt-5.1-codex-max',
      'gpt-5.1-codex-mini',
      'gpt-5.2',
      'gpt-5.2-codex',
      'gpt-5.2-pro',
      'gpt-5.3-codex',
      'gpt-5.4-mini',
      'gpt-5.4-nano',
    ],
    tokens: 400_000,
  },
  { models: ['gpt-5.5', 'gpt-5.5-codex', 'gpt-5.5-pro'], tokens: 1_000_000 },
  {
    models: [
      'gpt-5.4',
      'gpt-5.4-pro',
      'gpt-5.6',
      'gpt-5.6-luna',
      'gpt-5.6-sol',
      'gpt-5.6-terra',
      'gpt-6-astra',
      'gpt-6-luna',
      'gpt-6-sol',
    ],
    tokens: 1_050_000,
  },
  { models: ['gemini-2.5-flash', 'gemini-2.5-pro'], tokens: 1_048_576 },
  {
    models: [
      'gemini-1.5-flash',
      'gemini-2.0-flash',
      'gemini-2.0-flash-lite',
      'gemini-2.5-flash-lite',
      'gemini-3-flash',
      'gemini-3.1-flash-lite',
      'gemini-3.5-flash',
      'gemini-3.5-flash-lite',
      'gemini-3.6-flash',
      'gemini-3.7-flash',
      'gemini-3.8-flash',
    ],
    tokens: 1_000_000,
  },
];

const byModel: ReadonlyMap<string, ContextWindow> = new Map(
  windows.flatMap(window => window.models.map(model => [model, window] as const)),
);

/**
 * How many tokens a model takes; undefined for one that is not known. An id may go on after the model's with a
 * date or version of the same model, and may come after the name of whoever serves it. Nothing else may follow:
 * `gpt-5.7` is another model than `gpt-5`.
 *
 * @param seen tokens that one of its calls held: more than its window means that a larger one was asked for
 */
export function contextWindow(model: string, seen: number): number | undefined {
  const id = model
    .slice(0, 200)
    .toLowerCase()
    .replace(/^.*[/.](?=(?:claude|gpt|gemini|o\d)-?)/, '');
  const base = id.replace(
    /(?:\[1m\]|[-@:](?:latest|preview|exp|v\d+(?::\d+)?|\d{8}|\d{4}-\d\d-\d\d|\d\d-\d{4}|\d\d-\d\d|00\d))+$/,
    '',
  );
  const window = byModel.get(id) ?? byModel.get(base);
  if (!window) return undefined;
  const { tokens, extended } = window;
  if (extended !== undefined && (seen > tokens || id.includes('[1m]'))) return extended;
  return seen > tokens ? undefined : tokens;
}
