import { type Agent, type CallOptions, use } from './agent.ts';
import { type Label, no, yes } from './label.ts';
import { fileOf } from './promptCache.ts';
import type { Recording } from './recording.ts';
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

const type = 'cost-spike';
const big = (chars: number): string =>
  'Rows of the export follow; each has a date, an amount and a name. '.repeat(chars / 66);

/** Calls that are alike: none of them alone, and thus the run, is what was dear. */
const manyCalls = (agent: Agent, count: number, options: CallOptions): void => {
  for (let i = 0; i < count; i++) {
    agent.turn({ text: `Step ${i + 1} of the long way.`, mark: 'it', ...options });
    agent.ask(`Go on with step ${i + 2}.`);
  }
};

/** A system prompt of some 3,000 tokens. */
const handbook = (extra = ''): string =>
  `${extra}You help the desk. ${'Answer from the handbook, name the section, and ask when two sections disagree. '.repeat(140)}`;

const cachedDesk = (file: Recording, before: number | undefined, changing: boolean): void => {
  const agent = file.run(
    {
      name: 'desk',
      model: 'claude-opus-4-1',
      system: handbook(),
      cached: 5,
      ask: 'Which section is about leave?',
      tools: { find_section: ['topic'] },
    },
    before,
  );
  for (let i = 0; i < 6; i++) {
    if (changing) agent.system = handbook(`It is 14:0${i}. `);
    agent.turn(
      { text: 'I look.', mark: 'it', out: 30 },
      use('find_section', { topic: `leave ${i}` }, `Section ${i}: leave.`),
    );
  }
  agent.done({ text: 'Section 4.', mark: 'it', out: 30 });
  file.mark('it', agent.top);
};

const positives: readonly Label[] = [
  yes(
    type,
    'a whole export in place of some rows',
    'it',
    file => {
      after(file, analyst, 8, {
        second: { result: big(90_000), mark: 'it' },
        last: { mark: 'it' },
      });
    },
    { may: ['token-spike'] },
  ),
  yes(type, 'a dozen calls more than usual', 'it', file => {
    file.mark(
      'it',
      after(file, support, 9, { more: agent => manyCalls(agent, 12, { out: 200 }) }).top,
    );
  }),
  yes(
    type,
    'an answer of thousands of tokens',
    'it',
    file => {
      after(file, legal, 8, { last: { out: 9000, mark: 'it', ms: 62_000 } });
    },
    { may: ['latency-outlier'] },
  ),
  yes(type, 'the dearest model for one call', 'it', file => {
    after(file, invoices, 10, { last: { model: 'claude-opus-4-1', mark: 'it' } });
  }),
  yes(
    type,
    'a cache that never hits',
    'it',
    file => {
      file.history(7, (_, before) => cachedDesk(file, before, false));
      cachedDesk(file, undefined, true);
    },
    { may: ['cache-miss', 'reasoning-drift'] },
  ),
  yes(
    type,
    'a sub-agent that ran away',
    'it',
    file => {
      after(file, devops, 8, {
        more: agent => {
          agent.tools = [
            ...(agent.tools ?? []),
            { name: 'investigate', description: 'Asks a colleague.', input_schema: {} },
          ];
          const tell = (sub: Agent): void => {
            file.mark('it', sub.top);
            manyCalls(sub, 10, { out: 420 });
            sub.done({ text: 'It is the pool.', mark: 'it' });
          };
          const options = {
            name: 'investigator',
            model: 'claude-sonnet-4-5',
            ask: 'Look into the pool.',
          };
          agent.turn(
            'I ask for help.',
            use('investigate', { task: 'Look into the pool.' }, 'It is the pool.', {
              sub: { options, tell },
            }),
          );
        },
      });
    },
    { may: ['latency-outlier', 'cache-miss'] },
  ),
  yes(type, 'seen while the run is still going on', 'it', file => {
    const agent = after(file, travel, 8, {
      before: 90_000,
      more: agent => manyCalls(agent, 9, { usage: { input_tokens: 7000 } }),
      end: () => undefined,
    });
    file.mark('it', agent.top);
  }),
  yes(type, 'a run that failed after all that', 'it', file => {
    const agent = after(file, coder, 8, {
      more: agent => manyCalls(agent, 10, { out: 700 }),
      end: agent => agent.fail('MaxTurns: stopped after 12 turns'),
    });
    file.mark('it', agent.top);
  }),
  yes(
    type,
    'recorded in columns alone',
    'it',
    file => {
      after(file, weather, 9, { last: { mark: 'it', usage: { input_tokens: 21_000 } } });
    },
    { may: ['context-growth'] },
  ),
  yes(
    type,
    'scanned pages sent along as files',
    'it',
    file => {
      after(file, invoices, 8, {
        more: agent =>
          agent.ask([
            fileOf('file_01scan', 52_000),
            { type: 'text', text: 'Here are the pages themselves.' },
          ]),
        last: { mark: 'it' },
      });
    },
    { may: ['context-growth'] },
  ),
  yes(type, 'six branches in place of one', 'it', file => {
    const run = after(file, crawler, 8, {
      more: agent => {
        const begin = agent.at;
        let end = begin;
        for (let i = 0; i < 6; i++) {
          agent.at = begin + i;
          agent.call({ text: 'Normalised.', mark: 'it', usage: { input_tokens: 9000 } });
          end = Math.max(end, agent.at);
        }
        agent.at = end;
      },
    });
    file.mark('it', run.top);
  }),
];

const branched: readonly Label[] = [
  yes(
    type,
    'a chain of a dozen checks, none of them dear',
    'it',
    file => {
      after(file, legal, 9, {
        more: agent => {
          const chain = agent.span('check_all', { kind: 'chain' });
          file.mark('it', chain);
          for (let i = 0; i < 12; i++) {
            const call = agent.call({ text: `Check ${i + 1} is fine.`, out: 300 });
            (call as { parentSpanId: string }).parentSpanId = chain.spanId;
          }
          chain.end = agent.at;
          chain.status = 'ok';
        },
      });
    },
    { may: ['latency-outlier', 'reasoning-drift'] },
  ),
  no(type, 'less than a tenth of a cent more, however many times it is', file => {
    const cheap = { calls: { cost: 0.00002 }, last: { cost: 0.00002 } };
    after(file, support, 9, { ...cheap, last: { cost: 0.0008 } }, () => cheap);
  }),
];

/** What such a run costs is spread wide: the length of its text decides. */
const wide = (file: Recording, index: number, before: number | undefined, tokens: number): void => {
  usual(file, legal, index, { before, last: { usage: { input_tokens: tokens } } });
};

const negatives: readonly Label[] = [
  no(type, 'twice as dear, and others were as well', file => {
    [2000, 9000, 4000, 30_000, 3000, 22_000, 6000, 41_000].forEach((tokens, i) => {
      wide(file, i, 400_000_0 - i * 300_000, tokens);
    });
    wide(file, 9, undefined, 34_000);
  }),
  no(type, 'twice the usual', file => {
    file.history(8, (i, before) => wide(file, i, before, 3900 + i * 100));
    wide(file, 9, undefined, 9000);
  }),
  no(type, 'too few runs before it', file => {
    after(file, support, 3, { last: { out: 900 } });
  }),
  no(type, 'dear, and the first of its name', file => {
    file.history(8, (i, before) => usual(file, weather, i, { before }));
    usual(file, legal, 3, { last: { usage: { input_tokens: 40_000 } } });
  }),
  no(type, 'as dear as all others of its name', file => {
    file.history(9, (i, before) => wide(file, i, before, 38_000 + i * 900));
    wide(file, 10, undefined, 45_000);
  }),
  no(
    type,
    'a call of unknown price among the dear ones',
    file => {
      after(file, support, 8, { last: { model: 'acme-large-2', cost: null } });
    },
    { has: { unpriced: '' } },
  ),
  no(type, 'a cache that was cold once', file => {
    for (let i = 0; i < 7; i++) cachedDesk(file, (50 - i * 3) * 60_000, false);
    cachedDesk(file, 6 * 60_000, false);
  }),
  no(type, 'cheaper than ever', file => {
    after(file, analyst, 9, { end: agent => agent.fail('the table is locked') });
  }),
  no(type, 'slow, and no dearer', file => {
    after(file, travel, 8, { last: { ms: 3000 } });
  }),
  no(type, 'one run of five is that dear', file => {
    file.history(15, (i, before) => wide(file, i, before, i % 5 === 2 ? 60_000 : 4000));
    wide(file, 16, undefined, 61_000);
  }),
  no(type, 'one turn more than usual', file => {
    after(file, devops, 8, {
      more: agent =>
        void agent.turn(
          'I look once more.',
          use(
            'get_logs',
            { service: 'ledger-8', lines: 80 },
            '14:29:01 ledger-8 INFO request served in 20 ms\n'.repeat(42),
          ),
        ),
    });
  }),
  no(type, 'a run that has just begun', file => {
    after(file, research, 8, { before: 4000, end: () => undefined });
  }),
];

export const costSpikeCases: readonly Label[] = [...positives, ...branched, ...negatives];
