import { fillIn } from '../errors.ts';
import { type Fields, fieldsOf, textOf } from '../fields.ts';
import { formatCost, integer } from '../format.ts';
import type { UnixMs, Usage, Usd } from '../model.ts';
import type { Price } from '../price.ts';
import { costParts, priceOf } from '../prices.ts';
import { charsPerToken } from '../tokens.ts';
import { inputTokens } from '../usage.ts';
import type { CallWords } from './callWords.ts';
import { jsonDifferences } from './jsonDifference.ts';

/** What sending a request will take, before it is sent. */
export interface CallEstimate {
  readonly model: string;
  readonly inputTokens: number;
  /** `recorded`: the same texts were counted; `scaled`: by their length; `length`: by length alone. */
  readonly how: 'recorded' | 'scaled' | 'length';
  /** `max_tokens`. */
  readonly mostOutputTokens: number | undefined;
  readonly times: number;
  /** For all times, with as much output as recorded; undefined where that or the price is not known. */
  readonly cost: Usd | undefined;
  /** For all times, with an answer of `max_tokens`. Undefined where the price is not known. */
  readonly mostCost: Usd | undefined;
  /** The request has marks for the cache, of which nothing is taken to be there any more. */
  readonly cacheWrites: boolean;
}

export interface EstimateContext {
  /** The request as recorded, and what was counted of it. */
  readonly recorded: { readonly request: unknown; readonly usage: Usage } | undefined;
  readonly times: number;
  readonly now: UnixMs;
  readonly prices?: readonly Price[] | undefined;
}

/** A picture of the largest size that the API does not make smaller (1,568 pixels at its longer side). */
const imageTokens = 1600;

/**
 * Tokens and cost of a request. Where the recorded call was counted, its count by the length of the texts;
 * else a token for four characters and 1,600 for a picture. What has marks for the cache is counted as
 * written to it anew, since it will rarely be there any more.
 */
export function estimateCall(request: Fields, context: EstimateContext): CallEstimate {
  const { recorded, times, now, prices } = context;
  const model = textOf(request.model) ?? '';
  const size = sizeOf(request);
  const counted = recorded && inputTokens(recorded.usage);
  const before = fieldsOf(recorded?.request);
  // Models count in their own ways, so that only the same one's count says something.
  const comparable = counted !== undefined && counted > 0 && before.model === request.model;
  const sizeBefore = comparable ? sizeOf(before) : undefined;
  const how = !comparable ? 'length' : sameInput(before, request) ? 'recorded' : 'scaled';
  const tokens =
    how === 'length' || !sizeBefore
      ? Math.ceil(size.chars / charsPerToken) + size.images * imageTokens
      : scaled(counted ?? 0, size, sizeBefore);
  const most =
    typeof request.max_tokens === 'number' && request.max_tokens >= 0
      ? request.max_tokens
      : undefined;
  const price = priceOf(model, now, prices);
  const cost = (output: number | undefined): Usd | undefined =>
    price && output !== undefined
      ? times * costOf(price, { ...inputParts(tokens, size), output })
      : undefined;
  const output = how === 'length' ? undefined : recorded?.usage.output;
  return {
    model,
    inputTokens: tokens,
    how,
    mostOutputTokens: most,
    times,
    cost: cost(output),
    mostCost: cost(most),
    cacheWrites: size.mark !== undefined,
  };
}

const costOf = (price: Price, usage: Usage): Usd =>
  Object.values(costParts(usage, price)).reduce((a, b) => a + b, 0);

const inputParts = (tokens: number, { mark }: Size): Usage =>
  mark === undefined
    ? { input: tokens }
    : mark === '1h'
      ? { cacheWrite1h: tokens }
      : { cacheWrite5m: tokens };

function scaled(counted: number, now: Size, before: Size): number {
  const pictures = (now.images - before.images) * imageTokens;
  const texts = Math.max(0, counted - Math.min(counted / 2, before.images * imageTokens));
  return Math.max(
    1,
    Math.round(counted + pictures + texts * (now.chars / Math.max(1, before.chars) - 1)),
  );
}

interface Size {
  readonly chars: number;
  readonly images: number;
  /** The longest that a mark asks the cache to keep; undefined where there is no mark. */
  readonly mark: '5m' | '1h' | undefined;
}

const inputOf = ({ system, tools, messages, thinking, tool_choice }: Fields): unknown[] => [
  system,
  tools,
  messages,
  thinking,
  tool_choice,
];
const sameInput = (a: Fields, b: Fields): boolean =>
  jsonDifferences(inputOf(a), inputOf(b), 1).length === 0;

/** How much text the model is given, and how many pictures. No recursion: requests may nest. */
function sizeOf({ system, tools, messages, cache_control }: Fields): Size {
  let [chars, images] = [0, 0];
  let mark: Size['mark'];
  const waiting: unknown[] = [system, tools, messages, { cache_control }];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === 'string') chars += value.length;
    else if (typeof value === 'number' || typeof value === 'boolean') chars += 4;
    else if (Array.isArray(value)) for (const one of value) waiting.push(one);
    else if (typeof value === 'object' && value !== null) {
      const { cache_control: marked, type, source, ...fields } = value as Fields;
      const { type: kind, ttl } = fieldsOf(marked);
      if (kind !== undefined) mark = mark === '1h' || ttl === '1h' ? '1h' : '5m';
      if (type === 'image') images++;
      else waiting.push(source);
      for (const [name, part] of Object.entries(fields)) {
        // The signature of thinking is not among what is counted.
        if (name === 'signature') continue;
        chars += name.length;
        waiting.push(part);
      }
    }
  }
  return { chars, images, mark };
}

/** The estimate as sentences. */
export function estimateWords(estimate: CallEstimate, words: CallWords): string {
  const { model, inputTokens: tokens, how, mostOutputTokens, times, cost, mostCost } = estimate;
  const because = {
    recorded: words.estimateRecorded,
    scaled: words.estimateScaled,
    length: fillIn(words.estimateLength, [integer(imageTokens)]),
  }[how];
  const facts =
    mostOutputTokens === undefined
      ? fillIn(words.estimateNoMost, [model, integer(tokens), because])
      : fillIn(words.estimateModel, [model, integer(tokens), because, integer(mostOutputTokens)]);
  const money =
    mostCost === undefined
      ? fillIn(words.estimateUnpriced, [model])
      : cost === undefined || cost > mostCost
        ? fillIn(words.estimateMostCost, [formatCost(mostCost)])
        : fillIn(words.estimateCost, [formatCost(cost), formatCost(mostCost)]);
  const said = [facts];
  if (times > 1) said.push(fillIn(words.estimateTimes, [times]));
  said.push(money);
  if (estimate.cacheWrites && mostCost !== undefined) said.push(words.estimateCacheWrites);
  return said.join(' ');
}
