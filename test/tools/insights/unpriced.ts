import { use } from './agent.ts';
import { type Label, no, yes } from './label.ts';
import { after, usual } from './usual.ts';
import {
  coder,
  crawler,
  devops,
  invoices,
  legal,
  research,
  support,
  travel,
  type World,
  weather,
} from './worlds.ts';

const type = 'unpriced';

/** Calls with tokens of a model that no price list knows, as tracers write them: no cost, or 0. */
const unknown: readonly (readonly [
  name: string,
  world: World,
  model: string,
  cost: number | null,
])[] = [
  ['a model of the house', support, 'acme-large-2', null],
  ['a model that a tracer wrote 0 for', research, 'acme-large-2', 0],
  ['a local model', devops, 'llama3.1:8b', 0],
  ['a model newer than the table', invoices, 'claude-haiku-9-1', null],
  ['a name that only begins like a known one', coder, 'claude-opus-4-5-thinking-xl', null],
  ['a fine-tuned model', travel, 'ft:gpt-4o:acme::9xQ2', null],
  ['a model recorded in columns', weather, 'mistral-huge-2', 0],
  ['a preview', crawler, 'gemini-9-pro-preview', null],
];

const positives: readonly Label[] = [
  ...unknown.map(([name, world, model, cost]) =>
    yes(
      type,
      name,
      'it',
      file => void usual(file, world, 3, { last: { model, cost, mark: 'it' } }),
    ),
  ),
  yes(type, 'all calls of a run', 'it', file => {
    usual(file, legal, 2, { agent: { model: 'acme-legal-1' }, calls: { mark: 'it' } });
  }),
  yes(type, 'a call of a sub-agent', 'it', file => {
    usual(file, support, 4, {
      agent: {
        tools: { lookup_customer: ['email'], open_orders: ['customer'], translate: ['text'] },
      },
      more: agent =>
        void agent.turn(
          'I have it translated.',
          use('translate', { text: 'where is my order?' }, 'wo ist meine Bestellung?', {
            sub: {
              options: {
                name: 'translator',
                model: 'acme-tiny',
                ask: 'Translate: where is my order?',
              },
              tell: sub => void sub.done({ text: 'wo ist meine Bestellung?', mark: 'it' }),
            },
          }),
        ),
    });
  }),
  yes(type, 'a run that is still going on', 'it', file => {
    usual(file, research, 1, {
      before: 20_000,
      calls: { model: 'acme-large-2', mark: 'it' },
      end: () => undefined,
    });
  }),
];

const known: readonly (readonly [name: string, world: World, model: string])[] = [
  ['a model with a date behind its name', support, 'claude-haiku-4-5-20251001'],
  ['a dated name of another provider', travel, 'gpt-4o-2024-08-06'],
  ['another name of a known model', legal, 'claude-opus-4-0'],
  ['a cheap model for the last call', coder, 'claude-haiku-4-5'],
];

const negatives: readonly Label[] = [
  ...known.map(([name, world, model]) =>
    no(type, name, file => void usual(file, world, 3, { last: { model } })),
  ),
  no(type, 'an unknown model with a price of its own', file => {
    usual(file, invoices, 3, { last: { model: 'acme-large-2', cost: 0.0042 } });
  }),
  no(type, 'a call of an unknown model that failed', file => {
    usual(file, research, 3, {
      end: agent => {
        agent.call({
          model: 'acme-large-2',
          error: '404 not_found_error: model: acme-large-2',
          metadata: { http_status: 404, error_type: 'not_found_error' },
        });
        agent.done('A colleague answered.');
      },
    });
  }),
  no(
    type,
    'columns of the article, which computes by its own table',
    file => void after(file, weather, 4),
  ),
  no(
    type,
    'cost 0 of a known model, which is computed',
    file => void usual(file, crawler, 3, { last: { cost: 0 } }),
  ),
  no(
    type,
    'no cost of a known model, which is computed',
    file => void usual(file, devops, 3, { last: { cost: null } }),
  ),
  no(type, 'a tool that names a model and counts no tokens', file => {
    usual(file, legal, 3, {
      more: agent => {
        const span = agent.span('vector_store', {
          kind: 'retrieval',
          'db.system': 'qdrant',
          tool_name: 'nearest',
        });
        span.model = 'acme-embed-1';
        span.end = agent.wait(90).at;
        span.status = 'ok';
      },
    });
  }),
  no(type, 'an agent that names its model', file => {
    usual(file, support, 3).top.metadata['gen_ai.request.model'] = 'acme-large-2';
  }),
  no(type, 'a call of no tokens at all', file => {
    usual(file, support, 5, {
      more: agent =>
        void agent.call({
          model: 'acme-guard',
          cost: null,
          out: 0,
          text: 'ok',
          usage: { input_tokens: 0 },
        }),
    });
  }),
];

export const unpricedCases: readonly Label[] = [...positives, ...negatives];
