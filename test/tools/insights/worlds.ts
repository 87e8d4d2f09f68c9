import type { Json } from '../sample/conversation.ts';
import type { Random } from '../sample/random.ts';
import type { AgentOptions } from './agent.ts';
import type { Style } from './fields.ts';

interface Step {
  readonly tool: string;
  readonly kind?: 'tool' | 'retrieval';
  readonly input: (index: number) => Json;
  readonly result: (index: number, random: Random) => unknown;
  /** Milliseconds it usually takes, from and to. */
  readonly ms: readonly [number, number];
}

/** A kind of agent with what it usually does: two tools, one after the other, then an answer. */
export interface World {
  readonly agent: Omit<AgentOptions, 'ask'> & { readonly model: string; readonly style: Style };
  readonly ask: (index: number) => string;
  readonly first: Step;
  readonly second: Step;
  readonly answer: (index: number) => string;
}

const cities = ['Lübeck', 'Utrecht', 'Graz', 'Turku', 'Leiden', 'Brno', 'Bergen'];
const city = (index: number): string => cities[index % cities.length] ?? 'Lübeck';
const clause =
  'The carrier is liable for loss of the goods between taking over and delivery, save where it proves that the loss was not avoidable. ';

export const support: World = {
  agent: {
    name: 'support_triage',
    model: 'claude-haiku-4-5',
    style: 'messages',
    system: 'You sort support tickets. Look up the customer first, then answer in two sentences.',
    tools: { lookup_customer: ['email'], open_orders: ['customer'] },
  },
  ask: i => `Ticket from kim.${i}@example.com: where is my order?`,
  first: {
    tool: 'lookup_customer',
    input: i => ({ email: `kim.${i}@example.com` }),
    result: i => ({
      customer: `C-${4100 + i}`,
      name: 'Kim Okafor',
      plan: i % 2 ? 'basic' : 'plus',
    }),
    ms: [70, 190],
  },
  second: {
    tool: 'open_orders',
    input: i => ({ customer: `C-${4100 + i}` }),
    result: (i, random) => ({
      orders: Array.from({ length: 2 + (i % 3) }, () => ({
        order: `SO-${random.whole(10000, 99999)}`,
        state: random.pick(['packed', 'on its way', 'delivered']),
        carrier: random.pick(['north', 'express']),
      })),
    }),
    ms: [120, 380],
  },
  answer: () => 'Your order is on its way and should arrive within two days.',
};

export const research: World = {
  agent: {
    name: 'research_agent',
    model: 'claude-sonnet-4-5',
    style: 'steps',
    system: 'You answer questions from the web. Cite the address of each page that you rely on.',
    tools: { search_web: ['query', 'limit'], fetch_page: ['url'] },
  },
  ask: i => `How do people in ${city(i)} heat their homes?`,
  first: {
    tool: 'search_web',
    kind: 'retrieval',
    input: i => ({ query: `${city(i)} heat homes`, limit: 5 }),
    result: i => ({
      hits: Array.from({ length: 3 }, (_, at) => ({
        title: `Heating in ${city(i)}, part ${at + 1}`,
        url: `https://example.org/${city(i).toLowerCase()}/heat-${at + 1}`,
      })),
    }),
    ms: [280, 900],
  },
  second: {
    tool: 'fetch_page',
    kind: 'retrieval',
    input: i => ({ url: `https://example.org/${city(i).toLowerCase()}/heat-1` }),
    result: (i, random) =>
      `Heating in ${city(i)}. `.concat(
        'District heating serves most of the inner city; outside of it heat pumps replace gas. '.repeat(
          random.whole(14, 22),
        ),
      ),
    ms: [500, 1600],
  },
  answer: i =>
    `Most homes in ${city(i)} are on district heating; others change from gas to heat pumps. https://example.org/${city(i).toLowerCase()}/heat-1`,
};

export const coder: World = {
  agent: {
    name: 'fix_issue',
    model: 'claude-opus-4-5',
    style: 'messages',
    system:
      'You mend bugs. Read before you write, and run the tests before you say that you are done.',
    tools: {
      read_file: ['path'],
      run_tests: ['filter'],
      edit_file: ['path', 'old_text', 'new_text'],
    },
  },
  ask: i =>
    `Issue ${880 + i}: src/money/round${i}.ts rounds half to even. It should round half up.`,
  first: {
    tool: 'read_file',
    input: i => ({ path: `src/money/round${i}.ts` }),
    result: (i, random) =>
      `export function round${i}(value: number): number {\n  if (Number.isNaN(value)) throw new RangeError('not a number');\n`.concat(
        '  // The bank asks for this order of steps.\n  value = Math.fround(value);\n'.repeat(
          random.whole(12, 20),
        ),
        '}\n',
      ),
    ms: [4, 25],
  },
  second: {
    tool: 'run_tests',
    input: i => ({ filter: `round${i}` }),
    result: (i, random) =>
      `round${i}: ${random.whole(20, 40)} passed, 0 failed (${random.whole(300, 700)} ms)`,
    ms: [2500, 5200],
  },
  answer: i => `round${i} now rounds half up; its tests pass.`,
};

export const invoices: World = {
  agent: {
    name: 'book_invoice',
    model: 'claude-haiku-4-5',
    style: 'steps',
    system: 'You book invoices. Scan the file, post one entry, answer with its id.',
    tools: { scan_invoice: ['file'], post_entry: ['invoice', 'amount'] },
  },
  ask: i => `Book the invoice in inbox/scan-${230 + i}.pdf.`,
  first: {
    tool: 'scan_invoice',
    input: i => ({ file: `inbox/scan-${230 + i}.pdf` }),
    result: i => ({
      invoice: `R-${7700 + i}`,
      amount: 204.5 + i,
      currency: 'EUR',
      supplier: 'Harrow Print',
    }),
    ms: [900, 2100],
  },
  second: {
    tool: 'post_entry',
    input: i => ({ invoice: `R-${7700 + i}`, amount: 204.5 + i }),
    result: i => ({ posted: true, entry: `E-${51000 + i}` }),
    ms: [110, 240],
  },
  answer: i => `Booked R-${7700 + i} as entry E-${51000 + i}.`,
};

export const travel: World = {
  agent: {
    name: 'travel_desk',
    model: 'gpt-4o',
    style: 'genai',
    system: 'You book trips for employees. Never hold a seat above 400 EUR.',
    tools: { find_flights: ['from', 'to', 'date'], hold_seat: ['flight'] },
  },
  ask: i => `I need to be in ${city(i)} on 2026-12-${10 + (i % 9)}, from Hamburg.`,
  first: {
    tool: 'find_flights',
    input: i => ({ from: 'Hamburg', to: city(i), date: `2026-12-${10 + (i % 9)}` }),
    result: (i, random) =>
      Array.from({ length: 4 }, (_, at) => ({
        flight: `XQ${100 + i}${at}`,
        departs: `0${6 + at}:40`,
        price: random.whole(90, 380),
      })),
    ms: [700, 1900],
  },
  second: {
    tool: 'hold_seat',
    input: i => ({ flight: `XQ${100 + i}0` }),
    result: i => ({ held: true, until: '18:00', reference: `HJ${i}K2` }),
    ms: [300, 650],
  },
  answer: i => `I hold a seat on XQ${100 + i}0 for you until 18:00, reference HJ${i}K2.`,
};

export const devops: World = {
  agent: {
    name: 'oncall_helper',
    model: 'claude-sonnet-4-5',
    style: 'messages',
    system:
      'You help whoever is on call. State what you know, what you do not know, and one next step.',
    tools: { query_metrics: ['service', 'window'], get_logs: ['service', 'lines'] },
  },
  ask: i => `Why is ledger-${i} slow since 15m?`,
  first: {
    tool: 'query_metrics',
    input: i => ({ service: `ledger-${i}`, window: '15m' }),
    result: (_, random) => ({
      p50: random.whole(20, 60),
      p99: random.whole(400, 900),
      rps: random.whole(80, 120),
      errors: random.whole(0, 6),
    }),
    ms: [220, 700],
  },
  second: {
    tool: 'get_logs',
    input: i => ({ service: `ledger-${i}`, lines: 40 }),
    result: (i, random) =>
      Array.from(
        { length: 40 },
        () =>
          `14:${random.whole(10, 29)}:0${random.whole(0, 9)} ledger-${i} ${random.pick(['INFO request served', 'INFO request served', 'ERROR timeout to db-2, retried', 'WARN pool is full'])} in ${random.whole(8, 900)} ms`,
      ).join('\n'),
    ms: [180, 640],
  },
  answer: () =>
    'The pool of connections is full. Next step: raise its size or find what holds them.',
};

export const analyst: World = {
  agent: {
    name: 'sales_analyst',
    model: 'gemini-2.5-pro',
    style: 'genai',
    system: 'You answer questions about sales with SQL. Describe the table first.',
    tools: { describe_table: ['table'], run_query: ['sql'] },
  },
  ask: i => `What did we sell in ${city(i)}, by month? The table is sales_${i}.`,
  first: {
    tool: 'describe_table',
    input: i => ({ table: `sales_${i}` }),
    result: i => ({ table: `sales_${i}`, columns: ['month', 'city', 'amount'], rows: 1200 + i }),
    ms: [30, 90],
  },
  second: {
    tool: 'run_query',
    input: i => ({
      sql: `SELECT month, sum(amount) FROM sales_${i} WHERE city = '${city(i)}' GROUP BY month`,
    }),
    result: (i, random) =>
      Array.from({ length: 9 + (i % 4) }, (_, at) => ({
        month: `2026-${String(at + 1).padStart(2, '0')}`,
        sum: random.whole(12000, 90000) / 100,
      })),
    ms: [200, 900],
  },
  answer: i =>
    `Sales in ${city(i)} by month are in the table above; the best month was the last one.`,
};

export const weather: World = {
  agent: {
    name: 'weather_bot',
    model: 'claude-haiku-4-5',
    style: 'columns',
    system: 'You tell the weather.',
    tools: { get_weather: ['city'], get_warnings: ['city'] },
  },
  ask: i => `What is the weather in ${city(i)}?`,
  first: {
    tool: 'get_weather',
    input: i => ({ city: city(i) }),
    result: (_, random) => ({
      celsius: random.whole(-4, 22),
      sky: random.pick(['rain', 'clear', 'clouds']),
    }),
    ms: [150, 420],
  },
  second: {
    tool: 'get_warnings',
    input: i => ({ city: city(i) }),
    result: i => ({ warnings: i % 3 === 0 ? ['gale'] : ['frost', 'ice'] }),
    ms: [140, 330],
  },
  answer: i => `It is mild in ${city(i)}.`,
};

export const crawler: World = {
  agent: {
    name: 'crawl_catalogue',
    model: 'claude-haiku-5-5',
    style: 'steps',
    system: 'You normalise product listings and store them.',
    tools: { fetch_listing: ['shop', 'page'], store_products: ['products'] },
  },
  ask: i => `Crawl page ${1 + i} of holzwerk-nord.`,
  first: {
    tool: 'fetch_listing',
    input: i => ({ shop: 'holzwerk-nord', page: 1 + i }),
    result: (i, random) => ({
      shop: 'holzwerk-nord',
      page: 1 + i,
      rows: Array.from(
        { length: 8 },
        (_, at) => `HW-${i}${at} | Hobel ${at} | ${random.whole(20, 400)},00 €`,
      ),
    }),
    ms: [400, 1200],
  },
  second: {
    tool: 'store_products',
    input: i => ({ products: [{ sku: `HW-${i}0`, name: 'Hobel 0' }] }),
    result: () => ({ stored: 8, skipped: 0 }),
    ms: [90, 260],
  },
  answer: i => `Stored 8 products of page ${1 + i}.`,
};

export const legal: World = {
  agent: {
    name: 'contract_review',
    model: 'claude-opus-4-1',
    style: 'messages',
    system: 'You review contracts. Quote the clause before you judge it.',
    tools: { find_clauses: ['topic', 'contract'], get_document: ['document'] },
  },
  ask: i => `Who is liable for loss under contract K-${300 + i}?`,
  first: {
    tool: 'find_clauses',
    kind: 'retrieval',
    input: i => ({ topic: 'liable for loss', contract: `K-${300 + i}` }),
    result: i => [
      { document: `K-${300 + i}/4`, score: 0.81, text: clause },
      { document: `K-${300 + i}/9`, score: 0.64, text: clause },
    ],
    ms: [160, 480],
  },
  second: {
    tool: 'get_document',
    kind: 'retrieval',
    input: i => ({ document: `K-${300 + i}/4` }),
    result: (_, random) => clause.repeat(random.whole(38, 60)),
    ms: [90, 300],
  },
  answer: i =>
    `Under K-${300 + i} the carrier is liable for loss, save where it could not be avoided.`,
};
