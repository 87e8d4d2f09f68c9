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

const type = 'silent-tool-failure';
const badGateway =
  '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr>nginx</body></html>';

/** Results that say that the tool failed, or that it cannot have done what it usually does. */
const failed: readonly (readonly [
  name: string,
  world: World,
  step: 'first' | 'second',
  result: unknown,
])[] = [
  ['a text that begins with Error', coder, 'first', 'Error: ENOENT: no such file or directory'],
  [
    'an error object',
    support,
    'first',
    { error: 'customer service is not reachable', code: 'E_CONNECT' },
  ],
  [
    'an error object as a text',
    devops,
    'first',
    '{"error":{"type":"rate_limited","message":"too many queries"}}',
  ],
  [
    'success that is false',
    invoices,
    'second',
    { success: false, message: 'the period is closed' },
  ],
  ['the page of a gateway where JSON is usual', crawler, 'first', badGateway],
  [
    'the page of a login where text is usual',
    legal,
    'second',
    '<html><body><form action="/login">Please sign in to continue.</form></body></html>',
  ],
  ['an empty text where there always was a page', research, 'second', ''],
  ['null where there always was an object', travel, 'second', null],
  ['an empty list where there never was one', analyst, 'second', []],
  ['an empty object', support, 'second', {}],
  [
    'what MCP tools give',
    devops,
    'second',
    { isError: true, content: [{ type: 'text', text: 'connection closed' }] },
  ],
  [
    'a traceback',
    analyst,
    'first',
    'Traceback (most recent call last):\n  File "tools.py", line 40, in describe\nKeyError: \'columns\'',
  ],
  ['a status of 500', crawler, 'second', { status: 500, message: 'Internal Server Error' }],
  ['a few words where thousands are usual', legal, 'second', 'document withheld'],
  [
    'a text where a list of objects is usual',
    travel,
    'first',
    'No route to the host of the airline.',
  ],
];

/** Results that look like one of those, and are right. */
const fine: readonly (readonly [
  name: string,
  world: World,
  step: 'first' | 'second',
  result: unknown,
])[] = [
  [
    'an error that is null',
    support,
    'first',
    { customer: 'C-4108', name: 'Kim Okafor', plan: 'plus', error: null },
  ],
  ['no errors', invoices, 'second', { posted: true, entry: 'E-51008', errors: [] }],
  [
    'a page about errors',
    research,
    'second',
    'Error codes of heat pumps. Error E4 means that the sensor failed; Error 502 is a blocked fan. '.repeat(
      16,
    ),
  ],
  [
    'a page that begins with what errors are',
    research,
    'second',
    'Errors in billing of district heating: what tenants can do. '.repeat(24),
  ],
  [
    'source that throws errors',
    coder,
    'first',
    "import { fail } from './fail.ts';\nexport const error = new Error('unbalanced');\n".concat(
      '  if (!ok) throw error;\n'.repeat(40),
    ),
  ],
  [
    'logs of nothing but errors',
    devops,
    'second',
    '14:20:04 ledger-8 ERROR timeout to db-2, retried in 340 ms\n'.repeat(40).trim(),
  ],
  [
    'tests that fail, which is what was asked',
    coder,
    'second',
    'round8: 31 passed, 2 failed (512 ms)',
  ],
  [
    'a seat that is not held, which is an answer',
    travel,
    'second',
    { held: false, until: null, reference: null },
  ],
  ['a count of errors', devops, 'first', { p50: 30, p99: 720, rps: 96, errors: 41 }],
  [
    'fewer rows than usual',
    analyst,
    'second',
    [
      { month: '2026-01', sum: 140.2 },
      { month: '2026-02', sum: 201.9 },
      { month: '2026-03', sum: 96.1 },
    ],
  ],
  [
    'a customer of the name Null',
    support,
    'first',
    { customer: 'C-4108', name: 'Null Error', plan: 'basic' },
  ],
];

const silent = failed.map(([name, world, step, result], at) =>
  yes(
    type,
    name,
    'it',
    file => void after(file, world, 6 + (at % 3), { [step]: { result, mark: 'it' } }),
    // The agent goes on as if nothing had happened: with arguments that it can have from nowhere.
    { may: ['reasoning-drift', 'token-spike'] },
  ),
);

const sound = fine.map(([name, world, step, result]) =>
  no(type, name, file => void after(file, world, 8, { [step]: { result } })),
);

/** As MCP servers answer. */
const blocks = (text: string) => ({ content: [{ type: 'text', text }], isError: false });

const oftenEmpty = { hits: [] };

export const silentCases: readonly Label[] = [
  ...silent,
  ...sound,
  yes(
    type,
    'says so at its first call, with nothing to compare it to',
    'it',
    file => {
      const result = { ok: false, error: 'token expired' };
      after(file, support, 0, { first: { result, mark: 'it' } });
    },
    { may: ['reasoning-drift'] },
  ),
  no(
    type,
    'a search that finds nothing now and then',
    file => {
      after(file, research, 9, { first: { result: oftenEmpty } }, index =>
        index % 3 === 0 ? { first: { result: oftenEmpty } } : {},
      );
    },
    { may: ['reasoning-drift'] },
  ),
  yes(type, 'blocks of text as usual, whose text is an error', 'it', file => {
    after(
      file,
      legal,
      8,
      {
        second: {
          result: blocks('Error executing tool get_document: the index is closed'),
          mark: 'it',
        },
      },
      index => ({
        second: { result: blocks(`Clause ${index}: the carrier is liable. `.repeat(40)) },
      }),
    );
  }),
  no(type, 'blocks of text as usual', file => {
    after(
      file,
      legal,
      8,
      { second: { result: blocks('Clause 9: no claim for errors of the consignor. '.repeat(38)) } },
      index => ({
        second: { result: blocks(`Clause ${index}: the carrier is liable. `.repeat(40)) },
      }),
    );
  }),
  no(type, 'a query that gives no rows now and then', file => {
    after(file, analyst, 9, { second: { result: [] } }, index =>
      index % 4 === 1 ? { second: { result: [] } } : {},
    );
  }),
  no(
    type,
    'a result far longer than usual',
    file => {
      after(file, travel, 9, {
        second: { result: { booked: true, terms: 'Read all. '.repeat(6000) } },
      });
    },
    { may: ['token-spike', 'cost-spike', 'context-growth'] },
  ),
  no(type, 'errors that are false, empty or 0', file => {
    const result = {
      customer: 'C-4108',
      name: 'Kim Okafor',
      plan: 'basic',
      error: false,
      error_message: '',
      failed: 0,
    };
    after(file, support, 8, { first: { result } });
  }),
  no(type, 'a tool that never gives anything back', file => {
    after(file, invoices, 8, { second: { result: null } }, () => ({ second: { result: null } }));
  }),
  no(type, 'a fetcher whose pages always are HTML', file => {
    const page = (words: string) => `<html><body>${`<p>${words}</p>`.repeat(30)}</body></html>`;
    after(file, research, 8, { second: { result: page('Heat pumps are common.') } }, index => ({
      second: { result: page(`District heating, part ${index}.`) },
    }));
  }),
  no(type, 'a tool that failed and says so by its status', file => {
    after(file, crawler, 8, {
      first: { error: 'HTTP 502 from holzwerk-nord' },
      end: agent => agent.done('The shop does not answer.'),
    });
  }),
  no(type, 'an empty result of a tool that is called for the first time', file => {
    after(file, support, 0, { second: { result: { orders: [] } } });
  }),
];
