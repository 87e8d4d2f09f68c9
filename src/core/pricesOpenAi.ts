import { type Price, rates } from './price.ts';

const source = 'genai-prices';

/**
 * OpenAI's list prices. Its dated ids (`gpt-4o-2024-05-13`) are written out: one has a price of its own. Where
 * no price of the cache is listed, what was read from it or written to it costs what other input does.
 */
export const openAiPrices: readonly Price[] = [
  { model: 'gpt-4.1', aliases: ['gpt-4.1-2025-04-14'], rates: rates(2, 2, 2, 0.5, 8), source },
  {
    model: 'gpt-4.1-mini',
    aliases: ['gpt-4.1-mini-2025-04-14'],
    rates: rates(0.4, 0.4, 0.4, 0.1, 1.6),
    source,
  },
  {
    model: 'gpt-4.1-nano',
    aliases: ['gpt-4.1-nano-2025-04-14'],
    rates: rates(0.1, 0.1, 0.1, 0.025, 0.4),
    source,
  },
  {
    model: 'gpt-4o',
    aliases: ['gpt-4o-2024-08-06', 'gpt-4o-2024-11-20'],
    rates: rates(2.5, 2.5, 2.5, 1.25, 10),
    source,
  },
  { model: 'gpt-4o-2024-05-13', rates: rates(5, 5, 5, 5, 15), source },
  {
    model: 'gpt-4o-mini',
    aliases: ['gpt-4o-mini-2024-07-18'],
    rates: rates(0.15, 0.15, 0.15, 0.075, 0.6),
    source,
  },
  {
    model: 'gpt-5',
    aliases: ['gpt-5-2025-08-07', 'gpt-5-chat', 'gpt-5-chat-latest', 'gpt-5-codex'],
    rates: rates(1.25, 1.25, 1.25, 0.125, 10),
    source,
  },
  {
    model: 'gpt-5-mini',
    aliases: ['gpt-5-mini-2025-08-07'],
    rates: rates(0.25, 0.25, 0.25, 0.025, 2),
    source,
  },
  {
    model: 'gpt-5-pro',
    aliases: ['gpt-5-pro-2025-10-06'],
    rates: rates(15, 15, 15, 15, 120),
    source,
  },
  {
    model: 'gpt-5.1',
    aliases: [
      'gpt-5.1-2025-11-13',
      'gpt-5.1-codex',
      'gpt-5.1-codex-max',
      'gpt-5.1-chat',
      'gpt-5.1-chat-latest',
    ],
    rates: rates(1.25, 1.25, 1.25, 0.125, 10),
    source,
  },
  {
    model: 'gpt-5.2',
    aliases: ['gpt-5.2-2025-12-11', 'gpt-5.2-chat', 'gpt-5.2-chat-latest', 'gpt-5.2-codex'],
    rates: rates(1.75, 1.75, 1.75, 0.175, 14),
    source,
  },
  {
    model: 'gpt-5.3',
    aliases: ['gpt-5.3-chat', 'gpt-5.3-chat-latest'],
    rates: rates(1.75, 1.75, 1.75, 0.175, 14),
    source,
  },
  {
    model: 'gpt-5.4',
    aliases: ['gpt-5.4-2026-03-05'],
    rates: rates(2.5, 2.5, 2.5, 0.25, 15),
    longPrompt: { above: 271_999, rates: rates(5, 5, 5, 0.5, 22.5) },
    source,
  },
  {
    model: 'gpt-5.4-mini',
    aliases: ['gpt-5.4-mini-2026-03-17'],
    rates: rates(0.75, 0.75, 0.75, 0.075, 4.5),
    source,
  },
  {
    model: 'gpt-5.4-nano',
    aliases: ['gpt-5.4-nano-2026-03-17'],
    rates: rates(0.2, 0.2, 0.2, 0.02, 1.25),
    source,
  },
  {
    model: 'gpt-5.5',
    aliases: [
      'gpt-5.5-2026-04-23',
      'gpt-5.5-2026-04-24',
      'gpt-5.5-chat',
      'gpt-5.5-chat-latest',
      'gpt-5.5-codex',
    ],
    rates: rates(5, 5, 5, 0.5, 30),
    longPrompt: { above: 271_999, rates: rates(10, 10, 10, 1, 45) },
    source,
  },
  {
    model: 'gpt-5.5-pro',
    aliases: ['gpt-5.5-pro-2026-04-23'],
    rates: rates(30, 30, 30, 30, 180),
    longPrompt: { above: 271_999, rates: rates(60, 60, 60, 60, 270) },
    source,
  },
  {
    model: 'gpt-5.6-luna',
    until: Date.UTC(2026, 6, 30),
    rates: rates(1, 1.25, 1.25, 0.1, 6),
    longPrompt: { above: 271_999, rates: rates(2, 2.5, 2.5, 0.2, 9) },
    source,
  },
  {
    model: 'gpt-5.6-luna',
    from: Date.UTC(2026, 6, 30),
    rates: rates(0.2, 0.25, 0.25, 0.02, 1.2),
    longPrompt: { above: 271_999, rates: rates(0.4, 0.5, 0.5, 0.04, 1.8) },
    source,
  },
  {
    model: 'gpt-5.6-sol',
    aliases: ['gpt-5.6'],
    until: Date.UTC(2026, 7, 21),
    rates: rates(5, 6.25, 6.25, 0.5, 30),
    longPrompt: { above: 271_999, rates: rates(10, 12.5, 12.5, 1, 45) },
    source,
  },
  {
    model: 'gpt-5.6-sol',
    aliases: ['gpt-5.6'],
    from: Date.UTC(2026, 7, 21),
    rates: rates(4, 5, 5, 0.4, 20),
    longPrompt: { above: 271_999, rates: rates(8, 10, 10, 0.8, 30) },
    source,
  },
  {
    model: 'gpt-5.6-terra',
    until: Date.UTC(2026, 6, 30),
    rates: rates(2.5, 3.125, 3.125, 0.25, 15),
    longPrompt: { above: 271_999, rates: rates(5, 6.25, 6.25, 0.5, 22.5) },
    source,
  },
  {
    model: 'gpt-5.6-terra',
    from: Date.UTC(2026, 6, 30),
    rates: rates(2, 2.5, 2.5, 0.2, 12),
    longPrompt: { above: 271_999, rates: rates(4, 5, 5, 0.4, 18) },
    source,
  },
  {
    model: 'gpt-6-astra',
    rates: rates(10, 12.5, 12.5, 1, 50),
    longPrompt: { above: 271_999, rates: rates(20, 25, 25, 2, 75) },
    source,
  },
  {
    model: 'gpt-6-luna',
    rates: rates(0.1, 0.125, 0.125, 0.01, 0.5),
    longPrompt: { above: 272_000, rates: rates(0.2, 0.25, 0.25, 0.02, 0.75) },
    source,
  },
  {
    model: 'gpt-6-sol',
    rates: rates(2, 2.5, 2.5, 0.2, 10),
    longPrompt: { above: 272_000, rates: rates(4, 5, 5, 0.4, 15) },
    source,
  },
  { model: 'o1', aliases: ['o1-2024-12-17'], rates: rates(15, 15, 15, 7.5, 60), source },
  {
    model: 'o3',
    aliases: ['o3-2025-04-16'],
    from: Date.UTC(2025, 5, 10),
    rates: rates(2, 2, 2, 0.5, 8),
    source,
  },
  {
    model: 'o3-mini',
    aliases: ['o3-mini-2025-01-31', 'o3-mini-high'],
    rates: rates(1.1, 1.1, 1.1, 0.55, 4.4),
    source,
  },
  {
    model: 'o4-mini',
    aliases: ['o4-mini-2025-04-16', 'o4-mini-high'],
    rates: rates(1.1, 1.1, 1.1, 0.275, 4.4),
    source,
  },
];
