import { type Price, rates } from './price.ts';

const source = 'genai-prices';

/**
 * Google's list prices of Gemini for text; storage of the cache by the hour is left out. What is written to
 * the cache costs what other input does.
 */
export const googlePrices: readonly Price[] = [
  {
    model: 'gemini-2.5-flash',
    aliases: ['gemini-2.5-flash-latest', 'gemini-2.5-flash-preview-09-2025'],
    rates: rates(0.3, 0.3, 0.3, 0.03, 2.5),
    source,
  },
  { model: 'gemini-2.5-flash-lite', rates: rates(0.1, 0.1, 0.1, 0.01, 0.4), source },
  {
    model: 'gemini-2.5-pro',
    rates: rates(1.25, 1.25, 1.25, 0.125, 10),
    longPrompt: { above: 200_000, rates: rates(2.5, 2.5, 2.5, 0.25, 15) },
    source,
  },
  { model: 'gemini-3-flash-preview', rates: rates(0.5, 0.5, 0.5, 0.05, 3), source },
  {
    model: 'gemini-3-pro-preview',
    aliases: ['gemini-3-pro-text-preview'],
    rates: rates(2, 2, 2, 0.2, 12),
    longPrompt: { above: 200_000, rates: rates(4, 4, 4, 0.4, 18) },
    source,
  },
  { model: 'gemini-3.1-flash-lite', rates: rates(0.25, 0.25, 0.25, 0.025, 1.5), source },
  {
    model: 'gemini-3.1-pro-preview',
    rates: rates(2, 2, 2, 0.2, 12),
    longPrompt: { above: 200_000, rates: rates(4, 4, 4, 0.4, 18) },
    source,
  },
  { model: 'gemini-3.5-flash', rates: rates(1.5, 1.5, 1.5, 0.15, 9), source },
  { model: 'gemini-3.5-flash-lite', rates: rates(0.3, 0.3, 0.3, 0.03, 2.5), source },
  {
    model: 'gemini-3.6-flash',
    until: Date.UTC(2027, 0, 1),
    rates: rates(0.75, 0.75, 0.75, 0.075, 3.75),
    source,
  },
  {
    model: 'gemini-3.6-flash',
    from: Date.UTC(2027, 0, 1),
    rates: rates(1.5, 1.5, 1.5, 0.15, 7.5),
    source,
  },
  {
    model: 'gemini-3.7-flash',
    until: Date.UTC(2027, 0, 1),
    rates: rates(0.75, 0.75, 0.75, 0.075, 3.75),
    source,
  },
  {
    model: 'gemini-3.7-flash',
    from: Date.UTC(2027, 0, 1),
    rates: rates(1.5, 1.5, 1.5, 0.15, 7.5),
    source,
  },
  {
    model: 'gemini-3.8-flash',
    until: Date.UTC(2027, 0, 1),
    rates: rates(0.75, 0.75, 0.75, 0.075, 3.75),
    source,
  },
  {
    model: 'gemini-3.8-flash',
    from: Date.UTC(2027, 0, 1),
    rates: rates(1.5, 1.5, 1.5, 0.15, 7.5),
    source,
  },
];
