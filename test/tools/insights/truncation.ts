import { use } from './agent.ts';
import { type Label, no, yes } from './label.ts';
import { usual } from './usual.ts';
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
  weather,
} from './worlds.ts';

const type = 'truncation';
const cut = (out: number) => ({ stop: 'max_tokens', out, maxTokens: out, mark: 'it' });
const words = 'The carrier is liable for loss of the goods between taking over and';

const positives: readonly Label[] = [
  yes(
    type,
    'an answer that stops at max_tokens',
    'it',
    file => void usual(file, legal, 3, { last: { ...cut(1024), text: words } }),
  ),
  yes(type, 'an answer cut in the middle of a run', 'it', file => {
    usual(file, research, 3, {
      more: agent => {
        agent.call({ ...cut(400), text: 'Heat pumps replace' });
        agent.ask('Go on.');
      },
    });
  }),
  yes(type, 'arguments of a tool that were cut', 'it', file => {
    usual(file, crawler, 3, {
      more: agent => {
        agent.call({ ...cut(800), text: 'I store the products.' }, [
          {
            ...use('store_products', { products: [{ sku: 'HW-30' }] }, undefined),
            id: 'toolu_01cut',
          },
        ]);
        agent.ask('Your last answer was cut.');
      },
    });
  }),
  yes(
    type,
    'what OpenAI calls length',
    'it',
    file => void usual(file, travel, 3, { last: { ...cut(256), text: 'I hold a seat on' } }),
  ),
  yes(
    type,
    'a provider that says MAX_TOKENS',
    'it',
    file =>
      void usual(file, analyst, 3, {
        last: { ...cut(512), stop: 'MAX_TOKENS', text: 'Sales by month are' },
      }),
  ),
  yes(
    type,
    'a full context window',
    'it',
    file =>
      void usual(file, devops, 3, {
        last: { stop: 'model_context_window_exceeded', mark: 'it', text: 'The pool is' },
      }),
    { may: ['context-growth'] },
  ),
  yes(
    type,
    'a result that the agent cut, as an event says',
    'it',
    file => {
      usual(file, research, 3, {
        second: {
          mark: 'it',
          events: [
            [
              'context truncation',
              { reason: 'result larger than the limit', characters: 312_000, kept: 84_000 },
              300,
            ],
          ],
        },
      });
    },
    { may: ['token-spike'] },
  ),
  yes(type, 'messages left out of a call, as an event says', 'it', file => {
    usual(file, support, 3, {
      last: {
        mark: 'it',
        events: [['context_truncated', { dropped_messages: 14, kept_messages: 6 }]],
      },
    });
  }),
  yes(type, 'an event on the run', 'it', file => {
    const agent = usual(file, coder, 3);
    agent.top.events.push({
      time: agent.at - 100,
      name: 'context truncated',
      attributes: { before_tokens: 181_000, after_tokens: 60_000 },
    });
    file.mark('it', agent.top);
  }),
  yes(type, 'a sub-agent whose answer was cut', 'it', file => {
    usual(file, invoices, 3, {
      agent: {
        tools: {
          scan_invoice: ['file'],
          post_entry: ['invoice', 'amount'],
          summarise: ['invoice'],
        },
      },
      more: agent =>
        void agent.turn(
          'I sum up.',
          use('summarise', { invoice: 'R-7703' }, 'Paper and', {
            sub: {
              options: { name: 'summariser', ask: 'Sum up R-7703.' },
              tell: sub => void sub.done({ ...cut(64), text: 'Paper and' }),
            },
          }),
        ),
    });
  }),
  yes(
    type,
    'thoughts that used up all tokens',
    'it',
    file => void usual(file, coder, 5, { last: { ...cut(4096), text: '', ms: 48_000 } }),
  ),
];

const negatives: readonly Label[] = [
  no(
    type,
    'an answer as long as allowed, that ended by itself',
    file => void usual(file, legal, 4, { last: { out: 1023, maxTokens: 1024 } }),
  ),
  no(
    type,
    'a stop sequence',
    file => void usual(file, research, 4, { last: { stop: 'stop_sequence' } }),
  ),
  no(type, 'a paused turn', file => {
    usual(file, devops, 4, {
      more: agent => void agent.call({ stop: 'pause_turn', text: 'I search the web.' }),
    });
  }),
  no(
    type,
    'a refusal',
    file =>
      void usual(file, support, 4, { last: { stop: 'refusal', text: 'I cannot help with that.' } }),
  ),
  no(type, 'a page about max_tokens', file => {
    usual(file, research, 4, {
      second: {
        result:
          'stop_reason is max_tokens when the answer was cut; context truncated means that messages were left out. '.repeat(
            14,
          ),
      },
    });
  }),
  no(type, 'a stream that the caller aborted', file => {
    usual(file, coder, 4, {
      end: agent => {
        agent.call({ error: 'aborted by the caller', metadata: { incomplete: true } });
        agent.fail('aborted by the caller');
      },
    });
  }),
  no(type, 'a query with a limit', file => {
    usual(file, analyst, 4, {
      second: {
        result: [{ month: '2026-01', sum: 96.1 }],
        events: [['rows', { limit: 1, more: true }, 50]],
      },
    });
  }),
  no(
    type,
    'an answer that ends in dots',
    file => void usual(file, legal, 6, { last: { text: 'The rest is as in clause 4…' } }),
  ),
  no(type, 'columns without a stop reason', file => void usual(file, weather, 4)),
  no(type, 'a log that was rotated, as an event says', file => {
    usual(file, devops, 6, { second: { events: [['log rotated', { kept_lines: 40 }, 40]] } });
  }),
  no(type, 'a table that was truncated, as SQL means it', file => {
    usual(file, analyst, 6, {
      second: {
        input: { sql: 'TRUNCATE TABLE sales_6' },
        result: [{ truncated: 'sales_6', rows: 1206 }],
      },
    });
  }),
];

export const truncationCases: readonly Label[] = [...positives, ...negatives];
