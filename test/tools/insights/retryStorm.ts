import { type Agent, type CallOptions, type Use, use } from './agent.ts';
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

const type = 'retry-storm';
const overloaded: CallOptions = {
  error: '529 overloaded_error: Overloaded',
  ms: 240,
  metadata: { http_status: 529, error_type: 'overloaded_error' },
};
const limited: CallOptions = {
  error: '429 rate_limit_error: slow down',
  ms: 190,
  metadata: { http_status: 429, error_type: 'rate_limit_error' },
};

const refusedCalls = (agent: Agent, count: number, options: CallOptions, waitMs = 2000): void => {
  for (let i = 0; i < count; i++) {
    agent.call({ ...options, mark: 'it' });
    agent.wait(waitMs * (i + 1));
  }
};
const failing = (agent: Agent, count: number, name: string, input: object, error: string): void => {
  for (let i = 0; i < count; i++)
    agent.turn(`I try again, ${i}.`, use(name, input, undefined, { error, mark: 'it' }));
};

const positives: readonly Label[] = [
  yes(
    type,
    'four retries within a call that succeeds',
    'it',
    file => void usual(file, support, 3, { last: { retries: [529, 529, 529, 529], mark: 'it' } }),
  ),
  yes(
    type,
    'five against a rate limit',
    'it',
    file =>
      void usual(file, research, 3, { last: { retries: [429, 429, 429, 429, 429], mark: 'it' } }),
  ),
  yes(type, 'three, and then the call failed', 'it', file => {
    usual(file, coder, 3, {
      end: agent => {
        agent.call({ ...overloaded, retries: [529, 529, 529], mark: 'it' });
        agent.fail('529 overloaded_error: Overloaded');
      },
    });
  }),
  yes(type, 'an agent that calls again by itself', 'it', file => {
    usual(file, invoices, 3, {
      end: agent => {
        refusedCalls(agent, 5, overloaded);
        agent.fail('529 overloaded_error: Overloaded');
      },
    });
  }),
  yes(type, 'four refused calls, and an answer in the end', 'it', file => {
    usual(file, legal, 3, { more: agent => refusedCalls(agent, 4, limited, 4000) });
  }),
  yes(type, 'a tool that fails five times with the same input', 'it', file => {
    usual(file, devops, 3, {
      more: agent =>
        failing(agent, 5, 'get_logs', { service: 'ledger-3', lines: 40 }, 'connection refused'),
    });
  }),
  yes(type, 'a booking that times out again and again', 'it', file => {
    usual(file, travel, 3, {
      more: agent => failing(agent, 4, 'hold_seat', { flight: 'XQ1030' }, 'timeout after 10 s'),
    });
  }),
  yes(type, 'a query on a locked table', 'it', file => {
    usual(file, analyst, 3, {
      more: agent =>
        failing(
          agent,
          6,
          'run_query',
          { sql: 'SELECT count(*) FROM sales_3' },
          'database is locked',
        ),
    });
  }),
  yes(type, 'of two branches, one is refused again and again', 'it', file => {
    usual(file, crawler, 3, {
      more: agent => {
        const begin = agent.at;
        agent.call({ text: 'Normalised.', ms: 9000 });
        const end = agent.at;
        agent.at = begin + 3;
        agent.call({ text: 'Normalised as well.', retries: [500, 503, 529, 529], mark: 'it' });
        agent.at = Math.max(end, agent.at);
      },
    });
  }),
  yes(type, 'recorded in columns alone', 'it', file => {
    usual(file, weather, 3, {
      more: agent => failing(agent, 5, 'get_weather', { city: 'Turku' }, 'HTTP 503'),
    });
  }),
  yes(type, 'attempts that failed, each noted as an event by hand', 'it', file => {
    const events = [1, 2, 3, 4].map(
      attempt =>
        ['retry', { attempt, status: 429, wait_ms: attempt * 2000 }, attempt * 2100] as const,
    );
    usual(file, support, 5, { first: { events, ms: 9000, mark: 'it' } });
  }),
];

/** The program tries a tool again by itself; the model sees what came in the end. */
const selfTried = (agent: Agent, count: number, one: Use, waitMs: number): void => {
  for (let i = 0; i < count; i++) {
    agent.tool({ ...one, error: 'HTTP 503', mark: 'it' });
    agent.wait(waitMs * (i + 1));
  }
};

const selfTries: readonly Label[] = [
  yes(type, 'a tool that the program itself tries five times', 'it', file => {
    usual(file, devops, 5, {
      more: agent => {
        selfTried(agent, 4, use('get_logs', { service: 'ledger-5', lines: 10 }, undefined), 800);
        agent.tool(use('get_logs', { service: 'ledger-5', lines: 10 }, '14:20:01 INFO fine'));
      },
    });
  }),
  yes(type, 'a listing that is fetched in vain, again and again', 'it', file => {
    const listing = use('fetch_listing', { shop: 'holzwerk-nord', page: 6 }, undefined);
    usual(file, crawler, 5, {
      end: agent => {
        selfTried(agent, 6, listing, 1500);
        agent.fail('HTTP 503');
      },
    });
  }),
  yes(type, 'the same in the conventions of OpenTelemetry', 'it', file => {
    const query = use('run_query', { sql: 'SELECT 1 FROM sales_5' }, undefined);
    usual(file, analyst, 5, { more: agent => selfTried(agent, 5, query, 300) });
  }),
  no(type, 'a tool that the program tries a second time', file => {
    const document = use('get_document', { document: 'K-305/4' }, undefined);
    usual(file, legal, 5, { more: agent => selfTried(agent, 1, document, 300) });
  }),
];

const negatives: readonly Label[] = [
  no(
    type,
    'one retry that succeeds at once',
    file => void usual(file, support, 4, { last: { retries: [529] } }),
  ),
  no(type, 'two retries', file => void usual(file, research, 4, { last: { retries: [500, 529] } })),
  no(
    type,
    'one retry in each of three calls',
    file => void usual(file, devops, 4, { calls: { retries: [429] } }),
  ),
  no(type, 'a tool that failed once', file => {
    usual(file, invoices, 4, {
      more: agent =>
        failing(agent, 1, 'post_entry', { invoice: 'R-7704', amount: 208.5 }, 'period is locked'),
    });
  }),
  no(type, 'a tool that failed, each time with better arguments', file => {
    usual(file, analyst, 4, {
      more: agent => {
        for (const sql of [
          'SELECT sums FROM sales_4',
          'SELECT sum FROM sales_4',
          'SELECT sum(total) FROM sales_4',
          'SELECT sum(amount) FROM sales',
        ])
          agent.turn(
            'I correct the query.',
            use('run_query', { sql }, undefined, { error: `no such column or table in: ${sql}` }),
          );
      },
    });
  }),
  no(type, 'three tools that each failed once', file => {
    usual(file, coder, 4, {
      more: agent => {
        agent.turn(
          'I read.',
          use('read_file', { path: 'src/money/round4.ts' }, undefined, { error: 'EBUSY' }),
        );
        agent.turn(
          'I test.',
          use('run_tests', { filter: 'round4' }, undefined, { error: 'no runner' }),
        );
        agent.turn(
          'I edit.',
          use(
            'edit_file',
            { path: 'src/money/round4.ts', old_text: 'a', new_text: 'b' },
            undefined,
            { error: 'old_text not found' },
          ),
        );
      },
    });
  }),
  no(type, 'a page about retries', file => {
    usual(file, research, 5, {
      second: {
        result:
          'retry, retry, retry: 429 and 529 are retried with a wait that doubles each time. '.repeat(
            20,
          ),
      },
    });
  }),
  no(
    type,
    'retries that are none',
    file => void usual(file, legal, 4, { last: { metadata: { retries: 0 } } }),
  ),
  no(type, 'two failed calls and then a failed run', file => {
    usual(file, travel, 4, {
      end: agent => {
        agent.call(overloaded);
        agent.call(overloaded);
        agent.fail('529 overloaded_error: Overloaded');
      },
    });
  }),
  no(type, 'three parallel calls that were each refused once', file => {
    usual(file, crawler, 4, {
      more: agent => {
        const begin = agent.at;
        for (let i = 0; i < 3; i++) {
          agent.at = begin + i;
          agent.call({ text: `Part ${i}.`, retries: [429] });
        }
      },
    });
  }),
  no(type, 'the same call made four times, each with success', file => {
    const states = ['queued', 'running', 'running on', 'done'];
    usual(file, weather, 4, {
      more: agent => {
        for (const state of states)
          agent.turn('I look.', use('get_warnings', { city: 'Leiden' }, { warnings: [state] }));
      },
    });
  }),
];

export const retryStormCases: readonly Label[] = [...positives, ...selfTries, ...negatives];
