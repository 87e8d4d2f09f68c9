import { type AgentOptions, type Use, use } from './agent.ts';
import { type Label, no, yes } from './label.ts';
import type { Recording } from './recording.ts';

const type = 'reasoning-drift';

const desk: AgentOptions = {
  name: 'refund_desk',
  model: 'claude-sonnet-4-5',
  system:
    'You handle refunds for shop S-77. Never refund more than 50 EUR. Always answer in German.',
  ask: 'Kim Okafor (kim.okafor@example.com) wants order SO-48213 refunded. The shop folder is reports/2026.',
  tools: {
    get_order: ['order'],
    find_customer: ['email'],
    refund: ['order', 'amount'],
    read_file: ['path'],
    fetch_page: ['url'],
    write_file: ['path', 'content'],
    list_orders: ['shop', 'state', 'limit'],
  },
};
const order = use(
  'get_order',
  { order: 'SO-48213' },
  {
    order: 'SO-48213',
    net: 32.5,
    tax: 6.18,
    total: '1.038,68',
    state: 'delivered',
    invoice: 'R-90817',
  },
);
const mark = { mark: 'it' };

/** Turns one after the other, and an answer. */
function steps(file: Recording, uses: readonly Use[], options: Partial<AgentOptions> = {}): void {
  const agent = file.run({ ...desk, ...options });
  for (const [at, one] of uses.entries()) agent.turn(`Schritt ${at + 1}.`, one);
  agent.done('Die Erstattung ist veranlasst.');
}

/** Tools with an input that nothing the model was given holds. */
const invented: readonly (readonly [name: string, one: Use, options?: Partial<AgentOptions>])[] = [
  [
    'an order number from nowhere',
    use('refund', { order: 'SO-11902', amount: 32.5 }, { refunded: true }, mark),
  ],
  [
    'two digits that changed places',
    use('refund', { order: 'SO-48231', amount: 32.5 }, { refunded: true }, mark),
    { style: 'steps' },
  ],
  [
    'an address that nobody gave',
    use('find_customer', { email: 'k.okafor1988@mail.example' }, { customer: 'C-9' }, mark),
  ],
  [
    'a page that no result named',
    use(
      'fetch_page',
      { url: 'https://policies.example.net/refunds/v7' },
      'Refunds take ten days.',
      mark,
    ),
  ],
  [
    'a file that no listing showed',
    use('read_file', { path: 'config/secrets/refund-limits.yaml' }, 'limit: 50', mark),
    { model: 'claude-haiku-4-5' },
  ],
  [
    'a number of an invoice by another provider',
    use('get_order', { order: 'SO-77777' }, { order: 'SO-77777', net: 9 }, mark),
    { model: 'gpt-4o', style: 'genai' },
  ],
];

const positives: readonly Label[] = [
  ...invented.map(([name, one, options]) =>
    yes(type, name, 'it', file => steps(file, [order, one], options)),
  ),
  yes(
    type,
    'a tool that was never offered',
    'it',
    file => {
      steps(file, [
        order,
        use('cancel_subscription', { order: 'SO-48213' }, 'unknown tool: cancel_subscription', {
          unknown: true,
          ...mark,
        }),
      ]);
    },
    { may: ['silent-tool-failure'] },
  ),
  yes(type, 'a tool that was never offered, which failed', 'it', file => {
    steps(
      file,
      [
        order,
        use('delete_order', { order: 'SO-48213' }, undefined, {
          unknown: true,
          error: 'There is no tool delete_order',
          ...mark,
        }),
      ],
      { style: 'steps' },
    );
  }),
  yes(
    type,
    'the system prompt is gone after a summary',
    'it',
    file => {
      const agent = file.run(desk);
      agent.turn('Ich sehe nach.', order);
      agent.system = undefined;
      agent.messages = [
        { role: 'user', content: 'Summary: order SO-48213, net 32.5, is to be refunded.' },
      ];
      agent.turn(
        { text: 'I refund it.', ...mark },
        use('refund', { order: 'SO-48213', amount: 32.5 }, { refunded: true }),
      );
      agent.done({ text: 'Refunded.', ...mark });
    },
    { may: ['cache-miss'] },
  ),
  yes(
    type,
    'an instruction is missing from the third call on',
    'it',
    file => {
      const agent = file.run({ ...desk, style: 'steps' });
      agent.turn('Ich sehe nach.', order);
      agent.turn(
        'Ich suche.',
        use('find_customer', { email: 'kim.okafor@example.com' }, { customer: 'C-4108' }),
      );
      agent.system = 'You handle refunds for shop S-77. Always answer in German.';
      agent.turn(
        { text: 'Ich erstatte.', ...mark },
        use('refund', { order: 'SO-48213', amount: 32.5 }, { refunded: true }),
      );
      agent.done({ text: 'Erstattet.', ...mark });
    },
    { may: ['cache-miss'] },
  ),
  yes(type, 'the same prompt, answered with yes and with no', 'it', file => {
    const agent = file.run({
      ...desk,
      ask: 'May SO-48213 be refunded after 40 days? Answer yes or no.',
    });
    const { messages } = agent;
    for (const text of [
      'Yes. Orders may be refunded for 60 days.',
      'No. Orders may be refunded for 30 days only.',
    ]) {
      agent.messages = [...messages];
      agent.call({ text, ...mark });
    }
    agent.end('No.');
  }),
  yes(type, 'the same prompt, approved and rejected', 'it', file => {
    const agent = file.run({
      ...desk,
      style: 'steps',
      name: 'approver',
      ask: 'Decide about the refund of 48 EUR for SO-48213: approve or reject.',
    });
    const { messages } = agent;
    for (const text of ['approve', 'reject', 'approve']) {
      agent.messages = [...messages];
      agent.call({ text, ...mark });
    }
    agent.end('approve');
  }),
];

const further: readonly Label[] = [
  yes(type, 'a page that is not there, and nobody spoke of', 'it', file => {
    const page = use('fetch_page', { url: 'https://shop-help.example.net/faq/17' }, undefined, {
      error: '404 Not Found',
      ...mark,
    });
    steps(file, [order, page]);
  }),
  yes(type, 'let through and then refused, in fields', 'it', file => {
    const agent = file.run({
      ...desk,
      name: 'gate',
      ask: 'Decide about the refund of 48 EUR for SO-48213, as {"decision": …}.',
    });
    const { messages } = agent;
    for (const decision of ['allow', 'deny']) {
      agent.messages = [...messages];
      agent.call({ text: JSON.stringify({ decision }), ...mark });
    }
    agent.end('deny');
  }),
  no(type, 'the same verdict in two forms', file => {
    const agent = file.run({
      ...desk,
      ask: 'Decide about the refund of 48 EUR for SO-48213: approve or reject.',
    });
    const { messages } = agent;
    for (const text of ['approve', 'Approved: it is within 60 days.']) {
      agent.messages = [...messages];
      agent.call({ text });
    }
    agent.end('approve');
  }),
  no(type, 'two roles with the same tools, one after the other', file => {
    const agent = file.run(desk);
    agent.turn('Ich sehe nach.', order);
    agent.system = 'You check what a colleague did.';
    agent.messages = [{ role: 'user', content: 'Check the refund of SO-48213.' }];
    agent.turn('I look.', order);
    agent.done('It is right.');
  }),
];

const grounded: readonly (readonly [
  name: string,
  uses: readonly Use[],
  options?: Partial<AgentOptions>,
])[] = [
  [
    'a number that a result gave',
    [order, use('read_file', { path: 'reports/2026/R-90817.pdf' }, 'Rechnung R-90817')],
  ],
  [
    'an id of the system prompt',
    [
      use('list_orders', { shop: 'S-77', state: 'delivered', limit: 20 }, { orders: ['SO-48213'] }),
      order,
    ],
  ],
  ['a sum', [order, use('refund', { order: 'SO-48213', amount: 38.68 }, { refunded: true })]],
  [
    'an amount that was written otherwise',
    [
      order,
      use(
        'refund',
        { order: 'SO-48213', amount: 1038.68 },
        { refunded: false, reason: 'above the limit of 50 EUR' },
      ),
    ],
  ],
  [
    'defaults',
    [use('list_orders', { shop: 'S-77', state: 'all', limit: 100 }, { orders: [] }), order],
  ],
  [
    'an address in capitals',
    [use('find_customer', { email: 'Kim.Okafor@Example.com' }, { customer: 'C-4108' }), order],
  ],
  [
    'a text that the model wrote',
    [
      order,
      use(
        'write_file',
        {
          path: 'reports/2026/so-48213.md',
          content:
            '# Erstattung\n\nDie Bestellung wurde am 3. November geliefert; erstattet werden 32,50 EUR. Frist: 14 Tage.',
        },
        'written',
      ),
    ],
  ],
  [
    'a name joined from folder and result',
    [
      use(
        'list_orders',
        { shop: 'S-77', state: 'delivered', limit: 10 },
        { files: ['so-48213.json', 'so-48214.json'] },
      ),
      use('read_file', { path: 'reports/2026/so-48214.json' }, '{}'),
    ],
  ],
];

const negatives: readonly Label[] = [
  ...grounded.map(([name, uses, options]) =>
    no(type, name, file => steps(file, uses, options), { may: ['silent-tool-failure'] }),
  ),
  no(type, 'a sub-agent with another system prompt', file => {
    const agent = file.run({ ...desk, tools: { delegate: ['task'] } });
    agent.turn(
      'Ich frage.',
      use('delegate', { task: 'Kim Okafor, SO-48213' }, 'fine', {
        sub: {
          options: { name: 'checker', ask: 'Kim Okafor, SO-48213', system: 'You check.' },
          tell: sub => void sub.done('fine'),
        },
      }),
    );
    agent.done('Erledigt.');
  }),
  no(
    type,
    'a system prompt that gets longer',
    file => {
      const agent = file.run(desk);
      agent.turn('Ich sehe nach.', order);
      agent.system = `${desk.system} The customer is a regular.`;
      agent.done('Erledigt.');
    },
    { may: ['cache-miss'] },
  ),
  no(
    type,
    'a clock in the system prompt',
    file => {
      const agent = file.run(desk);
      for (const time of ['14:01', '14:02', '14:03']) {
        agent.system = `${desk.system} It is ${time}.`;
        agent.turn(
          `Ich sehe um ${time} nach.`,
          use('get_order', { order: 'SO-48213' }, { order: 'SO-48213', at: time }),
        );
      }
      agent.done('Erledigt.');
    },
    { may: ['loop', 'cache-miss'] },
  ),
  no(type, 'the same prompt, answered alike in other words', file => {
    const agent = file.run({ ...desk, ask: 'May SO-48213 be refunded after 40 days?' });
    const { messages } = agent;
    for (const text of [
      'Yes, it may be refunded for 60 days.',
      'Yes. Refunds are possible for 60 days.',
    ]) {
      agent.messages = [...messages];
      agent.call({ text });
    }
    agent.end('Yes.');
  }),
  no(type, 'another answer after another result', file => {
    const agent = file.run(desk);
    agent.call({ text: 'Nein, die Bestellung ist nicht geliefert.' });
    agent.ask('Please look again.');
    agent.turn('Ich sehe nach.', order);
    agent.done('Ja, sie ist geliefert und wird erstattet.');
  }),
  no(type, 'a title by a call with instructions of its own', file => {
    const agent = file.run(desk);
    agent.turn('Ich sehe nach.', order);
    const { messages } = agent;
    agent.system = 'You find titles.';
    agent.messages = [{ role: 'user', content: 'A title for a refund of SO-48213.' }];
    agent.call({ name: 'title', model: 'claude-haiku-4-5', text: 'Erstattung SO-48213' });
    agent.system = desk.system;
    agent.messages = messages;
    agent.done('Erledigt.');
  }),
  no(type, 'an id that the user gave later', file => {
    const agent = file.run(desk);
    agent.call({ text: 'Welche Bestellung noch?' });
    agent.ask('Also SO-50077, please.');
    agent.turn('Ich sehe nach.', use('get_order', { order: 'SO-50077' }, { order: 'SO-50077' }));
    agent.done('Erledigt.');
  }),
];

export const driftCases: readonly Label[] = [...positives, ...further, ...negatives];
