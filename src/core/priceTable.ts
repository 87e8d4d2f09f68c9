import type { UnixMs } from './model.ts';
import type { Price, PriceSource } from './price.ts';
import { anthropicPrices } from './pricesAnthropic.ts';
import { googlePrices } from './pricesGoogle.ts';
import { openAiPrices } from './pricesOpenAi.ts';

/** Changes with the prices; kept beside a cost, it says which table the cost rests on. */
export const priceTableVersion = '2026-11-25';

/** When the table was last compared with its sources. */
export const priceTableChecked: UnixMs = Date.parse(`${priceTableVersion}T00:00:00Z`);

/** Where the prices were read, and when. */
export const priceSources: Readonly<
  Record<Exclude<PriceSource, 'user'>, { readonly url: string; readonly read: string }>
> = {
  anthropic: {
    url: 'https://platform.claude.com/docs/en/about-claude/pricing',
    read: '2026-09 and 2026-10',
  },
  'genai-prices': {
    url: 'https://www.npmjs.com/package/@pydantic/genai-prices/v/0.1.8',
    read: '2026-11-25',
  },
};

/** Standard list prices: no other service tiers, no tools that a provider bills by use. */
export const priceTable: readonly Price[] = [...anthropicPrices, ...openAiPrices, ...googlePrices];
