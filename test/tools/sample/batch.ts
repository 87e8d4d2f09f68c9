import { Conversation, tool } from './conversation.ts';
import type { Random } from './random.ts';
import { Run } from './run.ts';

const digestSource = { file: 'agents/digest.py', line: 27, function: 'write_digest' };
const crawlSource = { file: 'agents/crawl.py', line: 66, function: 'crawl' };

const digestTools = [
  tool('list_changes', 'Lists the merged changes of a repository since a time.', {
    repository: { type: 'string' },
    since: { type: 'string', format: 'date-time' },
  }),
];
const digest = {
  model: 'claude-haiku-4-5',
  maxTokens: 1500,
  system:
    'You write the nightly digest for the engineering team: what was merged, what it means for others, what needs attention. Markdown, at most twelve lines, most important first. No praise.',
  tools: digestTools,
};

const repositories = [
  {
    name: 'ledger-service',
    changes: [
      {
        id: 1841,
        title: 'Refuse entries that do not balance (422 instead of 500)',
        by: 'kpetersen',
      },
      { id: 1843, title: 'Rate limit per client: 60 entries per minute', by: 'tvoss' },
    ],
    words:
      '- **Entries that do not balance** are refused with 422 and a `detail` (#1841). Callers that matched on 500 must change.\n- Clients may post 60 entries per minute, then 429 with `retry_after_ms` (#1843).',
  },
  {
    name: 'shop-frontend',
    changes: [{ id: 907, title: 'Checkout: move address validation to the server', by: 'mlind' }],
    words: '- Checkout validates addresses on the server (#907); the old module can go next week.',
  },
  {
    name: 'catalogue-import',
    changes: [
      { id: 412, title: 'スキーマ v3: 価格を文字列から数値に変更', by: 'ysato' },
      { id: 415, title: 'Skip products without an image', by: 'ysato' },
    ],
    words:
      '- Schema v3 turns prices from texts into numbers (#412). **Needs attention**: readers of `price` must accept both until Monday.\n- Products without an image are skipped (#415).',
  },
] as const;

function beginDigest(random: Random, start: number) {
  const since = new Date(start - 86_400_000).toISOString().slice(0, 19);
  const question = `Write the digest of ${repositories.map(one => one.name).join(', ')} since ${since}Z.`;
  const run = new Run(random, {
    name: 'nightly_digest',
    start,
    input: question,
    source: digestSource,
  });
  const talk = new Conversation(random, digest).user(question);
  const uses = repositories.map(one =>
    talk.use('list_changes', { repository: one.name, since: `${since}Z` }),
  );
  run.llm('llm_initial_call', talk, talk.answer(...uses), { source: digestSource });
  const results = repositories.map((one, at) => ({
    use: uses[at]!,
    content: { repository: one.name, changes: one.changes },
  }));
  // All three are asked for at once and overlap; the slowest one decides when the run goes on.
  results.forEach(({ use, content }, at) => {
    run.tool(use, content, { after: at * 2, ms: random.between(180, 640), beside: true });
  });
  run.wait(700);
  talk.results(...results);
  return { run, talk };
}

export function plainDigest(random: Random, start: number): Run {
  const { run, talk } = beginDigest(random, start);
  const words = repositories.map(one => `### ${one.name}\n${one.words}`).join('\n\n');
  run.llm('llm_continuation', talk, talk.answer(words), { source: digestSource });
  return run.finish(words);
}

/** The provider refuses: three attempts against the rate limit, a fourth against an overload, then the end. */
export function failingDigest(random: Random, start: number): Run {
  const { run, talk } = beginDigest(random, start);
  const limit =
    'Error code: 429 - {"type":"error","error":{"type":"rate_limit_error","message":"This request would exceed the rate limit for your organization of 50,000 input tokens per minute."}}';
  const waits = [2000, 6000, 18_000];
  waits.forEach((wait_ms, at) => {
    const span = run.refused('llm_continuation', talk, limit, { source: digestSource });
    span.metadata.attempt = at + 1;
    run.event(span, 'retry', { attempt: at + 1, status: 429, wait_ms }, span.end);
    run.wait(wait_ms);
  });
  const error =
    'Error code: 529 - {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}';
  const last = run.refused('llm_continuation', talk, error, { source: digestSource, ms: 9400 });
  last.metadata.attempt = 4;
  last.metadata.retries = waits.map((waited_ms, at) => ({
    attempt: at + 1,
    status: 429,
    waited_ms,
  }));
  return run.fail(error);
}

const crawlTools = [
  tool('fetch_listing', 'Fetches one page of a catalogue as rows.', {
    shop: { type: 'string' },
    page: { type: 'integer', minimum: 1 },
  }),
  tool('store_products', 'Stores normalised products.', {
    products: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          sku: { type: 'string' },
          name: { type: 'string' },
          price: { type: 'number' },
          currency: { type: 'string' },
        },
      },
    },
  }),
];
const crawl = {
  model: 'claude-haiku-5-5',
  maxTokens: 2048,
  system:
    'You normalise product listings. Fetch the pages you are told to, turn every row into {sku, name, price, currency}, and store them. Leave out rows without a price. Answer with the number of stored and skipped rows.',
  tools: crawlTools,
};

const listings = [
  {
    shop: 'holzwerk-nord',
    rows: [
      'HW-204 | Hobelbank Buche, 140 cm | 489,00 € | Lieferzeit 6 Tage',
      'HW-221 | Stechbeitel-Satz, 6-teilig | 74,50 € | sofort',
      'HW-230 | Zinkenlehre | auf Anfrage',
    ],
    products: [
      { sku: 'HW-204', name: 'Hobelbank Buche, 140 cm', price: 489, currency: 'EUR' },
      { sku: 'HW-221', name: 'Stechbeitel-Satz, 6-teilig', price: 74.5, currency: 'EUR' },
    ],
  },
  {
    shop: 'hoshino-kobo',
    rows: ['HK-08 | 手ぬぐい 藍染 | ¥1,980（税込）', 'HK-11 | 急須 常滑焼 270ml | ¥6,600（税込）'],
    products: [
      { sku: 'HK-08', name: '手ぬぐい 藍染', price: 1980, currency: 'JPY' },
      { sku: 'HK-11', name: '急須 常滑焼 270ml', price: 6600, currency: 'JPY' },
    ],
  },
] as const;

export function plainCrawl(random: Random, start: number, index: number): Run {
  const { shop, rows, products } = listings[index % listings.length]!;
  const page = 1 + (index % 4);
  const { run, talk, fetch } = beginCrawl(random, start, shop, page);
  run.tool(fetch, { shop, page, rows }, { source: crawlSource });
  talk.results({ use: fetch, content: { shop, page, rows } });
  const store = talk.use('store_products', { products });
  run.llm('llm_continuation', talk, talk.answer(store), { source: crawlSource });
  run.tool(store, { stored: products.length }, { source: crawlSource });
  talk.results({ use: store, content: { stored: products.length } });
  const words = `Stored ${products.length} products of ${shop}, page ${page}; skipped ${rows.length - products.length}.`;
  run.llm('llm_continuation', talk, talk.answer(words), { source: crawlSource });
  return run.finish(words);
}

/** The program died while it fetched: the tool's span and the root stay open for ever. */
export function staleCrawl(random: Random, start: number): Run {
  const { run, fetch } = beginCrawl(random, start, 'holzwerk-nord', 7);
  run.open('tool_execution', {
    kind: 'tool',
    tool_name: fetch.name,
    tool_input: fetch.input,
    tool_use_id: fetch.id,
    source: crawlSource,
  });
  return run;
}

function beginCrawl(random: Random, start: number, shop: string, page: number) {
  const input = `Crawl page ${page} of ${shop}.`;
  const run = new Run(random, { name: 'crawl_catalogue', start, input, source: crawlSource });
  const talk = new Conversation(random, crawl).user(input);
  const fetch = talk.use('fetch_listing', { shop, page });
  run.llm('llm_initial_call', talk, talk.answer(fetch), { source: crawlSource });
  return { run, talk, fetch };
}
