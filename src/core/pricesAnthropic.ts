import { type Price, rates } from './price.ts';

const source = 'anthropic';
const longFlat = Date.UTC(2026, 2, 13);
const sonnet55From = Date.UTC(2026, 9, 7);

/** Anthropic's list prices. A cache read is not always a tenth of the input: looked up, never derived. */
export const anthropicPrices: readonly Price[] = [
  { model: 'claude-haiku-4-5', rates: rates(1, 1.25, 2, 0.1, 5), source },
  {
    model: 'claude-haiku-5-5',
    rates: rates(0.1, 0.125, 0.2, 0.01, 0.5),
    longPrompt: { above: 100_000, rates: rates(0.5, 0.625, 1, 0.05, 2.5) },
    source,
  },
  {
    model: 'claude-sonnet-4-5',
    rates: rates(3, 3.75, 6, 0.3, 15),
    longPrompt: { above: 200_000, rates: rates(6, 7.5, 12, 0.6, 22.5) },
    source,
  },
  {
    model: 'claude-sonnet-4-6',
    until: longFlat,
    rates: rates(3, 3.75, 6, 0.3, 15),
    longPrompt: { above: 200_000, rates: rates(6, 7.5, 12, 0.6, 22.5) },
    source: 'genai-prices',
  },
  { model: 'claude-sonnet-4-6', from: longFlat, rates: rates(3, 3.75, 6, 0.3, 15), source },
  { model: 'claude-sonnet-5', rates: rates(2, 2.5, 4, 0.2, 10), source },
  { model: 'claude-sonnet-5-5', until: sonnet55From, rates: rates(2, 2.5, 4, 0.2, 10), source },
  { model: 'claude-sonnet-5-5', from: sonnet55From, rates: rates(2, 2.5, 4, 0.1, 10), source },
  { model: 'claude-opus-4-5', rates: rates(5, 6.25, 10, 0.5, 25), source },
  {
    model: 'claude-opus-4-6',
    until: longFlat,
    rates: rates(5, 6.25, 10, 0.5, 25),
    longPrompt: { above: 200_000, rates: rates(10, 12.5, 20, 1, 37.5) },
    source: 'genai-prices',
  },
  { model: 'claude-opus-4-6', from: longFlat, rates: rates(5, 6.25, 10, 0.5, 25), source },
  { model: 'claude-opus-4-7', rates: rates(5, 6.25, 10, 0.5, 25), source },
  { model: 'claude-opus-4-8', rates: rates(5, 6.25, 10, 0.5, 25), source },
  { model: 'claude-opus-5', rates: rates(5, 6.25, 10, 0.5, 25), source },
  { model: 'claude-opus-5-5', rates: rates(4, 5, 8, 0.2, 20), source },
  { model: 'claude-opus-4-1', rates: rates(15, 18.75, 30, 1.5, 75), source },
  {
    model: 'claude-opus-4',
    aliases: ['claude-opus-4-0'],
    rates: rates(15, 18.75, 30, 1.5, 75),
    source,
  },
  {
    model: 'claude-sonnet-4',
    aliases: ['claude-sonnet-4-0'],
    rates: rates(3, 3.75, 6, 0.3, 15),
    source,
  },
  { model: 'claude-fable-5', rates: rates(10, 12.5, 20, 1, 50), source },
  { model: 'claude-fable-5-1', rates: rates(10, 12.5, 20, 0.25, 50), source },
  { model: 'claude-mythos-5-1', rates: rates(10, 12.5, 20, 0.25, 50), source },
  { model: 'claude-mythos-5', rates: rates(10, 12.5, 20, 1, 50), source },
  {
    model: 'claude-3-5-haiku',
    aliases: ['claude-3-5-haiku-latest'],
    rates: rates(0.8, 1, 1.6, 0.08, 4),
    source,
  },
  {
    model: 'claude-3-7-sonnet',
    aliases: ['claude-3-7-sonnet-latest'],
    rates: rates(3, 3.75, 6, 0.3, 15),
    source,
  },
  { model: 'claude-3-5-sonnet', rates: rates(3, 3.75, 6, 0.3, 15), source: 'genai-prices' },
  {
    model: 'claude-3-opus',
    aliases: ['claude-3-opus-latest'],
    rates: rates(15, 18.75, 30, 1.5, 75),
    source: 'genai-prices',
  },
  { model: 'claude-3-haiku', rates: rates(0.25, 0.3, 0.5, 0.03, 1.25), source },
];
