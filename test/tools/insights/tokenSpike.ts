import { use } from './agent.ts';
import { type Label, no, yes } from './label.ts';
import { after } from './usual.ts';
import {
  analyst,
  coder,
  crawler,
  devops,
  invoices,
  legal,
  research,
  support,
  travel,
  type World,
} from './worlds.ts';

const type = 'token-spike';
// Other results may leave the next step without what it takes its arguments from.
const may = ['cost-spike', 'reasoning-drift'] as const;

const rows = (count: number): readonly object[] =>
  Array.from({ length: count }, (_, at) => ({
    month: `2026-${String((at % 12) + 1).padStart(2, '0')}`,
    sum: at * 3.5,
  }));
const logs = (lines: number): string =>
  '14:20:04 ledger-8 INFO request served in 34 ms\n'.repeat(lines);
const prose = (chars: number): string =>
  'Heat pumps replace gas where the grid allows it. '.repeat(chars / 49);

/** A tool's result that is many times what the tool usually gives, and goes into the next call. */
const large: readonly (readonly [
  name: string,
  world: World,
  step: 'first' | 'second',
  result: unknown,
])[] = [
  ['the whole page in place of an excerpt', research, 'second', prose(40_000)],
  ['a query without a limit', analyst, 'second', rows(900)],
  ['all logs of a day', devops, 'second', logs(1400)],
  [
    'a generated file of 2,000 lines',
    coder,
    'first',
    'export const table = [1, 2, 3, 4, 5, 6, 7, 8];\n'.repeat(900),
  ],
  [
    'every contract in place of one',
    legal,
    'second',
    'The carrier is liable for loss of the goods between taking over and delivery. '.repeat(900),
  ],
  [
    'all flights of a month',
    travel,
    'first',
    Array.from({ length: 300 }, (_, at) => ({
      flight: `XQ${at}`,
      departs: '06:40',
      price: 120 + at,
    })),
  ],
  [
    'hundreds of orders of one customer',
    support,
    'second',
    {
      orders: Array.from({ length: 400 }, (_, at) => ({
        order: `SO-${at}`,
        state: 'delivered',
        carrier: 'north',
      })),
    },
  ],
  [
    'a listing without pages',
    crawler,
    'first',
    {
      shop: 'holzwerk-nord',
      page: 9,
      rows: Array.from({ length: 700 }, (_, at) => `HW-${at} | Hobel | 40,00 €`),
    },
  ],
  [
    'the raw text of a scan beside its fields',
    invoices,
    'first',
    {
      invoice: 'R-7709',
      amount: 213.5,
      currency: 'EUR',
      supplier: 'Harrow Print',
      text: prose(30_000),
    },
  ],
  [
    'thirty hits in place of three',
    research,
    'first',
    {
      hits: Array.from({ length: 60 }, (_, at) => ({
        title: `Heating, part ${at}`,
        url: `https://example.org/heat-${at}`,
        excerpt: prose(400),
      })),
    },
  ],
  [
    'tests that print all they do',
    coder,
    'second',
    'round9: case 1 of 4000 passed in 3 ms\n'.repeat(700),
  ],
];

const spikes = large.map(([name, world, step, result], at) =>
  yes(
    type,
    name,
    'it',
    file => void after(file, world, 7 + (at % 4), { [step]: { result, mark: 'it' } }),
    { may },
  ),
);

const negatives: readonly Label[] = [
  no(type, 'large, and as large as usual', file => {
    after(file, research, 8, { second: { result: prose(41_000) } }, i => ({
      second: { result: prose(36_000 + i * 900) },
    }));
  }),
  no(type, 'twice as large as usual', file => {
    after(file, devops, 8, { second: { result: logs(76) } });
  }),
  no(type, 'sizes that are spread wide', file => {
    after(file, analyst, 12, { second: { result: rows(420) } }, i => ({
      second: { result: rows([4, 300, 12, 480, 40, 150][i % 6] ?? 4) },
    }));
  }),
  no(type, 'large at its first call', file => {
    after(file, legal, 2, { second: { result: prose(30_000) } });
  }),
  no(type, 'three times as large as some words', file => {
    after(file, invoices, 8, {
      second: {
        result: {
          posted: true,
          entry: 'E-51008',
          period: '2026-11',
          account: '4400 goods',
          by: 'agent',
          note: 'first of the month, see R-7708',
        },
      },
    });
  }),
  no(
    type,
    'cut by the agent before the model sees it',
    file => {
      after(file, coder, 8, {
        first: {
          result: 'export const a = 1;\n'.repeat(4000),
          told: `${'export const a = 1;\n'.repeat(40)}… cut`,
        },
      });
    },
    { may: ['truncation'] },
  ),
  no(type, 'the last thing that a run does', file => {
    after(file, crawler, 8, {
      end: agent => {
        agent.turn(
          'I export.',
          use(
            'fetch_listing',
            { shop: 'holzwerk-nord', page: 9 },
            { rows: Array.from({ length: 900 }, (_, at) => `HW-${at}`) },
          ),
        );
        agent.messages.pop();
        agent.end('exported');
      },
    });
  }),
  no(type, 'another tool gives much, and always did', file => {
    after(file, legal, 9, {});
  }),
  no(type, 'smaller than ever', file => {
    after(file, devops, 8, { second: { result: logs(12) } });
  }),
  no(type, 'many results of usual size', file => {
    after(file, support, 8, {
      more: agent =>
        void agent.turn(
          'I look at the others as well.',
          ...[1, 2, 3, 4, 5].map(i =>
            use(
              'lookup_customer',
              { email: `kim.${i}@example.com` },
              { customer: `C-${4100 + i}`, name: 'Kim Okafor', plan: 'plus' },
              { ms: 150 },
            ),
          ),
        ),
      agent: {
        ask: `Ticket from kim.8@example.com, for ${[1, 2, 3, 4, 5].map(i => `kim.${i}@example.com`).join(', ')}: where are our orders?`,
      },
    });
  }),
  no(
    type,
    'a long question, with results as usual',
    file => {
      after(file, travel, 8, {
        agent: {
          ask: `I need to be in Brno on 2026-12-18, from Hamburg. ${'Please mind that I travel with tools. '.repeat(300)}`,
        },
      });
    },
    { may: ['cost-spike'] },
  ),
];

export const tokenSpikeCases: readonly Label[] = [...spikes, ...negatives];
