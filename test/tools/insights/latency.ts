import { type Agent, use } from './agent.ts';
import { type Label, no, yes } from './label.ts';
import { after, usual } from './usual.ts';
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

const type = 'latency-outlier';
const slow = (ms: number) => ({ ms, mark: 'it' });

const positives: readonly Label[] = [
  yes(
    type,
    'a lookup that waits for a lock',
    'it',
    file => void after(file, support, 12, { first: slow(9400) }),
  ),
  yes(
    type,
    'a search that takes 40 seconds',
    'it',
    file => void after(file, research, 10, { first: slow(41_000) }),
  ),
  yes(
    type,
    'a query of five minutes',
    'it',
    file => void after(file, analyst, 14, { second: slow(312_000) }),
  ),
  yes(
    type,
    'a model call that hangs',
    'it',
    file => void after(file, invoices, 12, { last: slow(74_000) }),
  ),
  yes(
    type,
    'a call of another provider',
    'it',
    file => void after(file, travel, 12, { last: slow(58_000) }),
  ),
  yes(
    type,
    'tests that take six times as long',
    'it',
    file => void after(file, coder, 11, { second: slow(34_000) }),
  ),
  yes(
    type,
    'one of three branches',
    'it',
    file => {
      const branches = (ms: number) => (agent: Agent) =>
        void agent.turn(
          'I look at three at once.',
          ...[0, 1, 2].map(i =>
            use(
              'get_logs',
              { service: `ledger-${i}`, lines: 10 },
              '14:20:01 INFO fine',
              i === 1 ? slow(ms) : { ms: 300 },
            ),
          ),
        );
      file.history(8, (index, before) =>
        usual(file, devops, index, { before, more: branches(320) }),
      );
      usual(file, devops, 9, { more: branches(26_000) });
    },
    { may: ['silent-tool-failure', 'reasoning-drift'] },
  ),
  yes(
    type,
    'a tool recorded in columns',
    'it',
    file => void after(file, weather, 12, { first: slow(12_500) }),
  ),
  yes(
    type,
    'a page that comes at a drip',
    'it',
    file => void after(file, crawler, 12, { first: slow(19_000) }),
  ),
  yes(type, 'a retrieval inside a sub-agent', 'it', file => {
    const tell = (ms: number) => (index: number, before?: number) => {
      const agent = file.run(
        {
          name: 'lawyer',
          model: 'claude-opus-4-5',
          ask: 'Who is liable?',
          tools: { delegate: ['task'] },
        },
        before,
      );
      const options = {
        name: 'reader',
        model: 'claude-haiku-4-5',
        ask: 'Find the clause.',
        tools: { find_clauses: ['topic'] },
      };
      agent.turn(
        'I delegate.',
        use('delegate', { task: 'Find the clause.' }, 'Clause 4.', {
          sub: {
            options,
            tell: sub => {
              sub.turn(
                'I search.',
                use('find_clauses', { topic: 'clause' }, [{ document: `K-${index}`, score: 0.8 }], {
                  kind: 'retrieval',
                  ...(ms ? slow(ms) : { ms: 240 + index * 9 }),
                }),
              );
              sub.done('Clause 4.');
            },
          },
        }),
      );
      agent.done('The carrier is.');
    };
    file.history(9, tell(0));
    tell(17_000)(10);
  }),
  yes(
    type,
    'a document that took ten times as long',
    'it',
    file => void after(file, legal, 16, { second: slow(4200) }),
  ),
];

const negatives: readonly Label[] = [
  no(type, 'slow, and slow as usual', file => {
    after(file, analyst, 10, { second: { ms: 62_000 } }, i => ({
      second: { ms: 48_000 + i * 2200 },
    }));
  }),
  no(
    type,
    'half as long again as the slowest',
    file => void after(file, coder, 12, { second: { ms: 7300 } }),
  ),
  no(type, 'cold starts come now and then', file => {
    after(file, crawler, 16, { first: { ms: 24_000 } }, i =>
      i % 5 === 3 ? { first: { ms: 21_000 + i * 100 } } : {},
    );
  }),
  no(type, 'one of seven took as long', file => {
    after(file, invoices, 7, { second: { ms: 9400 } }, i =>
      i === 2 ? { second: { ms: 8100 } } : {},
    );
  }),
  no(
    type,
    'too few calls before it',
    file => void after(file, support, 3, { first: { ms: 9000 } }),
  ),
  no(type, 'milliseconds in place of one', file => {
    after(file, coder, 12, { first: { ms: 9 } }, i => ({ first: { ms: 1 + i * 0.1 } }));
  }),
  no(type, 'a person was asked, who takes their time', file => {
    const minutes = [2, 9, 1, 14, 4, 6, 11, 3, 8];
    const ask = (index: number, before?: number): void => {
      const agent = file.run(
        { name: 'booker', ask: 'Book it.', tools: { ask_user: ['question'] } },
        before,
      );
      agent.turn(
        'I ask.',
        use('ask_user', { question: 'Window or aisle?' }, 'window', {
          ms: (minutes[index] ?? 5) * 60_000,
        }),
      );
      agent.done('Booked at the window.');
    };
    file.history(9, ask);
    minutes.push(17);
    ask(9);
  }),
  no(type, 'faster than ever', file => void after(file, research, 12, { first: { ms: 40 } })),
  no(
    type,
    'a model that is new under this name',
    file => {
      after(file, invoices, 10, { last: { model: 'claude-opus-4-1', ms: 7000, cost: 0.001 } });
    },
    { may: ['cost-spike'] },
  ),
  no(type, 'still open, for a moment', file => {
    after(file, devops, 10, { before: 6000, second: { open: true, ms: 0 } });
  }),
  no(type, 'another tool of the run is the slow one, always', file => {
    after(file, travel, 12, { second: { ms: 30_500 } }, i => ({
      second: { ms: 26_000 + i * 300 },
    }));
  }),
  no(
    type,
    'two more quick calls in a row',
    file => {
      after(file, legal, 10, {
        more: agent => {
          for (let i = 0; i < 2; i++)
            agent.turn(
              'Next.',
              use(
                'find_clauses',
                { topic: `loss ${i}`, contract: 'K-310' },
                [{ document: `K-310/${i}`, score: 0.5, text: 'The carrier.' }],
                { kind: 'retrieval', ms: 300 },
              ),
            );
        },
      });
    },
    { may: ['cost-spike', 'reasoning-drift', 'token-spike', 'silent-tool-failure'] },
  ),
];

export const latencyCases: readonly Label[] = [...positives, ...negatives];
