// `npm run check-prices`: compares the price table with @pydantic/genai-prices and prints what differs.
// Exit code 1 where a price does; a model that they price as another one, or not at all, is no failure.
import { calcPrice, type Usage as GenAiUsage } from '@pydantic/genai-prices';
import type { Price } from '../../src/core/price.ts';
import { costParts } from '../../src/core/prices.ts';
import { priceTable, priceTableChecked, priceTableVersion } from '../../src/core/priceTable.ts';

const day = 86_400_000;
const providers = { claude: 'anthropic', gemini: 'google' } as const;
const kinds = ['input', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h', 'output'] as const;
type Kind = (typeof kinds)[number];

/** Their input count includes the cache, and their writes include those of an hour. */
function usageOf(kind: Kind, tokens: number): GenAiUsage {
  if (kind === 'output') return { output_tokens: tokens };
  const cached = {
    input: {},
    cacheRead: { cache_read_tokens: tokens },
    cacheWrite5m: { cache_write_tokens: tokens },
    cacheWrite1h: { cache_write_tokens: tokens, cache_write_1h_tokens: tokens },
  }[kind];
  return { input_tokens: tokens, ...cached };
}

const perMillion = (cost: number, tokens: number): number =>
  Number(((cost / tokens) * 1e6).toFixed(6));

function differences(price: Price): readonly string[] | undefined {
  const at = Math.min(price.until ?? Number.POSITIVE_INFINITY, priceTableChecked + day) - day;
  const time = Math.max(at, price.from ?? Number.NEGATIVE_INFINITY);
  const prefix = price.model.split('-')[0] as keyof typeof providers;
  const providerId = providers[prefix] ?? 'openai';
  const found: string[] = [];
  const sizes = price.longPrompt ? [1000, price.longPrompt.above + 1000] : [1000];
  for (const tokens of sizes) {
    for (const kind of kinds) {
      // Output alone is never a long prompt.
      const usage = { [kind]: tokens };
      const theirs = calcPrice(usageOf(kind, tokens), price.model, {
        providerId,
        timestamp: new Date(time),
      });
      if (!theirs) return undefined;
      const ours = perMillion(costParts(usage, price)[kind], tokens);
      const their = perMillion(theirs.total_price, tokens);
      if (ours === their) continue;
      // Some of their ids are prefixes, which hold for models that came later.
      const other = theirs.model.id.startsWith(price.model) ? '' : ` as ${theirs.model.id}`;
      if (other === '') process.exitCode = 1;
      found.push(`${kind} of ${tokens} tokens: ${ours}, there ${their}${other}`);
    }
  }
  return found;
}

let differing = 0;
const unknown: string[] = [];
console.log(`Price table of ${priceTableVersion}, dollars per million tokens:`);
for (const price of priceTable) {
  const found = differences(price);
  if (!found) unknown.push(price.model);
  else if (found.length > 0) {
    differing++;
    const date = new Date(price.from ?? price.until ?? priceTableChecked)
      .toISOString()
      .slice(0, 10);
    console.log(`${price.model} (${price.from ? 'from' : price.until ? 'until' : 'on'} ${date})`);
    for (const line of found) console.log(`  ${line}`);
  }
}
console.log(`${priceTable.length} prices, ${differing} differ.`);
if (unknown.length > 0)
  console.log(`Not in @pydantic/genai-prices: ${[...new Set(unknown)].join(', ')}.`);
