import assert from 'node:assert/strict';
import { findReasoningDrift } from '../../src/core/insights/reasoningDrift.ts';
import { unseenArguments } from '../../src/core/insights/unseen.ts';
import {
  call,
  find,
  place,
  type Recorded,
  runWith,
  sentence,
  tool,
} from './support/insightRuns.ts';

const found = (...below: readonly Recorded[]) => find(findReasoningDrift, runWith(below));
const said = (...below: readonly Recorded[]): readonly string[] => found(...below).map(sentence);

/** A call that was asked something, and asks for a tool. */
const asking = (request: unknown, name: string, input: unknown, id = 'u1'): Recorded =>
  call(
    'c1',
    0,
    1000,
    { input: 100 },
    {
      metadata: { request, response: { content: [{ type: 'tool_use', id, name, input }] } },
    },
  );
const order = { messages: [{ role: 'user', content: 'Where is my order ORD-4711?' }] };
const ran = (metadata: object, part: Parameters<typeof tool>[4] = {}): Recorded =>
  tool('t1', 'get_order', 1000, 1100, { metadata: { tool_use_id: 'u1', ...metadata }, ...part });

describe('arguments that the model was never given', () => {
  it('are said as a guess; one on which the tool failed, as a warning', () => {
    const cancelling = asking(order, 'cancel_order', { order_id: 'ORD-9981' });
    const cancelled = tool('t1', 'cancel_order', 1000, 1100, {
      metadata: { tool_use_id: 'u1', tool_result: { state: 'cancelled' } },
    });
    const all = found(cancelling, cancelled);
    assert.equal(
      sentence(all[0]),
      'A guess, not a proof: cancel_order was called with ORD-9981, which appears nowhere in what the model was given.',
    );
    assert.equal(place(all), 'info at t1');
    const made = asking(order, 'get_order', { order_id: 'ORD-9981' });
    const failed = found(made, ran({}, { status: 'error', error: 'no such order' }));
    assert.equal(place(failed), 'warning at t1');
    assert.match(sentence(failed[0]), /get_order failed on ORD-9981/);
    assert.equal(place(found(made, ran({ tool_result: [] }))), 'warning at t1');
  });

  it('are numbers of an account, addresses and ids as well', () => {
    for (const input of [
      { account_number: 80_443_121 },
      { to: 'jane.doe@example.com' },
      { filter: { userId: 'usr_8f31c' } },
      { key: '0b5c9f6e-1111-4222-8333-abcdefabcdef' },
      { ids: ['ORD-4711', 'ORD-4712'] },
    ]) {
      assert.equal(said(asking(order, 'look_up', input)).length, 1, JSON.stringify(input));
    }
  });

  it('are paths only where the tool failed on them', () => {
    const made = asking(order, 'get_order', { path: 'src/orders/list.ts' });
    assert.deepEqual(said(made, ran({ tool_result: 'export const a = 1;' })), []);
    assert.equal(place(found(made, ran({}, { status: 'error' }))), 'info at t1');
  });

  it('are found where neither id says which call of the tool it was', () => {
    const made = asking(order, 'get_order', { order_id: 'ORD-9981' });
    const plain = tool('t1', 'get_order', 1000, 1100, {
      status: 'error',
      metadata: { tool_input: { order_id: 'ORD-9981' } },
    });
    assert.equal(place(found(made, plain)), 'warning at t1');
  });

  const none = (request: unknown, input: unknown, name = 'get_order') =>
    assert.deepEqual(said(asking(request, name, input)), [], JSON.stringify(input));

  it('are none that were given: in the question, a result, the instructions, a definition', () => {
    none(order, { order_id: 'ORD-4711' });
    none(order, { order_id: 'ord-4711' });
    const result = [
      { type: 'tool_result', content: '{"orders": [{"id": 882711, "of": "ORD-17"}]}' },
    ];
    none(
      { messages: [...order.messages, { role: 'user', content: result }] },
      { order_id: 882_711 },
    );
    none(
      { system: 'The account is ACC-55123.', messages: order.messages },
      { account: 'ACC-55123' },
    );
    none({ tools: [{ enum: ['REG-00012'] }], messages: order.messages }, { region: 'REG-00012' });
  });

  it('are none that were put together from what was given', () => {
    const given = {
      messages: [{ role: 'user', content: 'In src/orders there are list.ts and 2024-118.' }],
    };
    none(given, { file_id: 'src/orders/list.ts' });
    none(given, { invoice_no: 'orders-2024-118' });
  });

  it('are said without alarm where there is such a thing: it may be the wrong one', () => {
    const made = asking(order, 'get_order', { order_id: 'ORD-9981' });
    assert.equal(place(found(made, ran({ tool_result: { state: 'sent' } }))), 'info at t1');
    const moved = asking(order, 'move_order', { order_id: 'ORD-9981' });
    const echo = { tool_use_id: 'u1', tool_result: 'ORD-9981 of Jane Doe was moved.' };
    const echoed = found(moved, tool('t1', 'move_order', 1000, 1100, { metadata: echo }));
    assert.equal(place(echoed), 'info at t1');
    const ids = Array.from({ length: 9 }, (_, i) => `ORD-99${i}1`);
    assert.equal(said(asking(order, 'get_orders', { ids })).length, 3, 'and not of each');
  });

  it('are pages of a server that nobody spoke of, where one was read, or was not there', () => {
    const url = 'https://policies.example.net/refunds/v7';
    const page = (ask: string, input = { url }) =>
      asking({ messages: [{ role: 'user', content: ask }] }, 'get_order', input);
    const read = ran({ tool_result: 'Refunds take ten days.' });
    const gone = ran({}, { status: 'error', error: '404 Not Found' });
    assert.equal(place(found(page('May I have my money back?'), read)), 'info at t1');
    assert.deepEqual(said(page('What does policies.example.net say?'), read), []);
    assert.equal(place(found(page('What does policies.example.net say?'), gone)), 'info at t1');
    assert.deepEqual(said(page(`What does ${url} say?`), gone), []);
    assert.deepEqual(said(page('Hello', { url: 'https://example.com/' }), gone), []);
  });

  it('are none of numbers that are written otherwise', () => {
    const given = {
      messages: [{ role: 'user', content: 'Call 0451 12 34-56 7 of account 8044-3121-77.' }],
    };
    none(given, { phone: '+494511234567' });
    none(given, { account_number: 8_044_312_177 });
    assert.equal(said(asking(given, 'call', { phone: '+494511234568' })).length, 1);
  });

  it('are none that a model is free to choose', () => {
    for (const input of [
      { query: 'order status 2024' },
      { since: '2024-11-01', until: '2026-01-31' },
      { limit: 10_000, offset: 50_000 },
      { url: 'https://docs.python.org/3/library/json.html' },
      { id: 'main' },
      { page_number: 20_114, line_no: 10_482 },
      { text: 'Dear Jane, your order 99182 was sent.' },
    ]) {
      none(order, input);
    }
  });

  it('are none of tools that make something new, or work it out', () => {
    none(order, { ticket_id: 'TCK-90001' }, 'create_ticket');
    none(order, { path: 'out/new/file.ts', order_id: 'ORD-1' }, 'writeFile');
    none(order, { account_number: 123_456_789 }, 'calculator');
  });

  it('are none that a result gave before, though the request no longer holds it', () => {
    const listed = tool('t0', 'list_orders', 0, 90, { metadata: { tool_result: ['ORD-9981'] } });
    const made = asking(order, 'get_order', { order_id: 'ORD-9981' });
    const late = { ...made, span: { ...made.span, start: 100 } };
    assert.deepEqual(said(listed, late, ran({ tool_result: { state: 'sent' } })), []);
    const after = tool('t9', 'list_orders', 2000, 2100, {
      metadata: { tool_result: ['ORD-9981'] },
    });
    assert.equal(said(late, ran({ tool_result: { state: 'sent' } }), after).length, 1);
  });

  it('are none where not all that the model was given is in the request', () => {
    const made = { order_id: 'ORD-9981' };
    none({ ...order, previous_response_id: 'resp_1' }, made);
    none({ messages: [{ role: 'user', content: [{ type: 'image', source: {} }] }] }, made);
    none(undefined, made);
    const cut = `${'Orders: ORD-1, '.repeat(40)}…`;
    none({ messages: [...order.messages, { role: 'user', content: cut }] }, made);
    none(
      { messages: [{ role: 'user', content: `${'x '.repeat(200)}[truncated 4011 chars]` }] },
      made,
    );
    const whole = asking(order, 'get_order', made);
    for (const more of [{ redacted: { a: 1 } }, { only_new_messages: true }]) {
      assert.deepEqual(
        said({ ...whole, metadata: { ...(whole.metadata as object), ...more } }),
        [],
      );
    }
  });

  it('are looked for in bounds, whatever was recorded', () => {
    let deep: unknown = 'ORD-9981';
    for (let i = 0; i < 50_000; i++) deep = [deep];
    assert.deepEqual(unseenArguments({ messages: [deep] }, []), []);
    const many = Array.from({ length: 5000 }, (_, i) => `ORD-9${i}00`);
    const uses = [{ id: undefined, name: 'get', input: { ids: many, deep } }];
    assert.ok(unseenArguments({ messages: [deep, 'x'.repeat(1e6)] }, uses).length <= 20);
  });
});

describe('tools that do not exist', () => {
  const tools = [{ name: 'search' }, { name: 'read_file' }];
  const offering = (name: string, offered: readonly unknown[] = tools) =>
    asking({ ...order, tools: offered }, name, {});

  it('are said where the request does not offer them', () => {
    assert.deepEqual(said(offering('delete_file')), [
      'Call 1 asked for the tool delete_file, which it was not offered.',
    ]);
    assert.equal(place(found(offering('delete_file'))), 'warning at c1');
  });

  it('are said where they were refused, once', () => {
    const refusals = [
      { status: 'error' as const, error: "Unknown tool: 'get_order'" },
      { status: 'error' as const, error: 'tool "get_order" does not exist' },
      { metadata: { tool_result: 'Error: no such tool get_order' } },
    ];
    for (const part of refusals) {
      const one = tool('t1', 'get_order', 1000, 1100, part);
      assert.match(said(offering('get_order'), one).join(), /^There is no tool get_order,/);
    }
  });

  it('are none that a tool which is there names in its own error', () => {
    for (const error of [
      'Error: Tool execution failed with error: Command not found',
      'ERROR: function foo(integer) does not exist',
      'Error: the tool `rg` is not available on this machine',
      'Unknown function: LOWERCASE',
      'function foo is not defined',
    ]) {
      const one = tool('t1', 'bash', 1000, 1100, { status: 'error', error });
      assert.deepEqual(said(one), [], error);
    }
    for (const error of ['Error: Unknown tool.', 'No such tool: Bash', 'Tool not found: bash']) {
      const one = tool('t1', 'bash', 1000, 1100, { status: 'error', error });
      assert.match(said(one).join(), /^There is no tool bash/, error);
    }
  });

  it('are none that are offered, by whatever name a server gives them', () => {
    for (const name of ['search', 'Search', 'functions.search', 'mcp__files__read_file']) {
      assert.deepEqual(said(offering(name)), [], name);
    }
    const hosted = [{ type: 'code_execution_20250825', name: 'code_execution' }];
    assert.deepEqual(said(offering('bash_code_execution', hosted)), []);
    assert.deepEqual(said(offering('mcp__files__read', [{ name: 'mcp__files__read' }])), []);
    assert.deepEqual(said(offering('x', [{ type: 'function', function: { name: 'x' } }])), []);
  });

  it('are none where not all names are known', () => {
    assert.deepEqual(said(offering('anything', [])), []);
    assert.deepEqual(said(offering('anything', [...tools, { type: 'mcp', server_url: 's' }])), []);
    assert.deepEqual(
      said(
        offering(
          'anything',
          Array.from({ length: 500 }, (_, i) => ({ name: `t${i}` })),
        ),
      ),
      [],
    );
  });

  it('are none where a tool failed to find something else', () => {
    for (const error of [
      'file not found',
      'function foo is not defined in a.py: line 3',
      'No such order',
    ]) {
      const one = tool('t1', 'search', 1000, 1100, {
        metadata: { tool_result: `3 hits: ${error}` },
      });
      assert.deepEqual(said(one), [], error);
    }
  });
});

describe('instructions that got lost', () => {
  const long = 'Answer in German. Never delete anything. '.repeat(20);
  const talk = (...systems: readonly (string | undefined)[]): readonly Recorded[] =>
    systems.map((system, i) =>
      call(
        `c${i + 1}`,
        i * 1000,
        i * 1000 + 900,
        { input: 100 },
        {
          metadata: {
            request: {
              ...(system !== undefined && { system }),
              messages: ['Tidy up.', 'a', 'b', 'c', 'd', 'e']
                .slice(0, i + 1)
                .map(content => ({ role: 'user', content })),
            },
          },
        },
      ),
    );

  it('are said where a later call has none, or far shorter ones', () => {
    assert.deepEqual(said(...talk(long, long, undefined, undefined)), [
      'A sign that instructions were lost: call 3 has no system prompt, unlike call 2 of the same conversation.',
    ]);
    assert.equal(place(found(...talk(long, undefined, undefined))), 'warning at c2');
    assert.match(
      said(...talk(long, long, long.slice(0, 300), long.slice(0, 300))).join(),
      /prompt of call 3 has 302 characters; in call 2/,
    );
  });

  it('are said in messages of the system as well', () => {
    const of = (id: string, at: number, ...messages: readonly object[]) =>
      call(id, at, at + 10, { input: 1 }, { metadata: { request: { messages } } });
    const user = { role: 'user', content: 'Tidy up.' };
    const lost = said(
      of('c1', 0, { role: 'system', content: long }, user),
      of('c2', 20, user, { role: 'assistant', content: 'a' }),
      of('c3', 40, user, { role: 'assistant', content: 'a' }, { role: 'user', content: 'b' }),
    );
    assert.match(lost.join(), /call 2 has no system prompt/);
  });

  it('are said without alarm of the last call alone, and of other instructions of their length', () => {
    assert.equal(place(found(...talk(long, long, undefined))), 'info at c3');
    const other = 'You are a helpful pirate who tells stories. '.repeat(24);
    assert.equal(place(found(...talk(long, long, other, other))), 'info at c3');
  });

  it('are said without alarm of one sentence that is missing', () => {
    const short = 'Handle refunds. Never refund more than 50 EUR. Always answer in German.';
    const less = short.replace('Never refund more than 50 EUR. ', '');
    assert.equal(place(found(...talk(short, short, less, less))), 'info at c3');
  });

  /** A call of an agent: what it was told, and the tools that it was offered. */
  const begun = (at: number, system: string | undefined, ask: string, tools = [{ name: 'tidy' }]) =>
    call(
      `c${at}`,
      at * 1000,
      at * 1000 + 900,
      { input: 100 },
      { metadata: { request: { system, tools, messages: [{ role: 'user', content: ask }] } } },
    );

  it('are said without alarm where it began anew with the same tools', () => {
    assert.deepEqual(said(begun(1, long, 'Tidy up.'), begun(2, undefined, 'Summary: half done.')), [
      'A sign that instructions were lost: call 2 has no system prompt, unlike call 1 before it, which was offered the same tools.',
    ]);
    const title = begun(2, undefined, 'A title for: Tidy up.', []);
    assert.deepEqual(said(begun(1, long, 'Tidy up.'), title), []);
    assert.deepEqual(said(begun(1, long, 'Tidy up.'), begun(2, 'You plan.', 'Plan it.')), []);
    assert.deepEqual(said(begun(1, undefined, 'Tidy up.'), begun(2, long, 'Summary.')), []);
  });

  const none = (...systems: readonly (string | undefined)[]) =>
    assert.deepEqual(said(...talk(...systems)), []);

  it('are none where they stay, come later, or grow', () => {
    none(long, long, long);
    none(undefined, long, long);
    none(long, `${long}${long}${long}`, `${long}${long}${long}`);
  });

  it('are none where a time or a name in them changes', () => {
    none(`${long} 10:00`, `${long} 10:01`, `${long} 10:02`);
    none(`${long} 10:00`, `${long} 10:00`, `${long} 10:02`);
  });

  it('are none of a call in between, for a summary or a title', () => {
    none(long, undefined, long, long);
  });

  it('are none of instructions that were too short to be missed, or another conversation', () => {
    none('Be brief.', undefined, undefined);
    const other = call(
      'x',
      9000,
      9900,
      { input: 1 },
      {
        metadata: { request: { messages: [{ role: 'user', content: 'Another thing.' }] } },
      },
    );
    assert.deepEqual(said(...talk(long, long), other), []);
  });
});

describe('answers that contradict each other', () => {
  const question = 'Is the invoice 4711 of Miller and Sons of last year paid? Answer yes or no.';
  const answer = (
    id: string,
    at: number,
    text: string,
    ask = question,
    more: readonly string[] = [],
  ) =>
    call(
      id,
      at,
      at + 900,
      { input: 100 },
      {
        metadata: {
          request: {
            messages: [...more, ask].map((content, i) => ({
              role: i % 2 ? 'assistant' : 'user',
              content,
            })),
          },
          response: { content: [{ type: 'text', text }] },
        },
      },
    );

  it('are said with both', () => {
    assert.deepEqual(said(answer('c1', 0, 'Yes, it is.'), answer('c2', 1000, 'No. It is open.')), [
      'Two answers to the same question seem to contradict each other: call 1 says “Yes, it is.”, call 2 says “No. It is open.”.',
    ]);
    const numbers = found(answer('c1', 0, 'The answer is 42.'), answer('c2', 1000, '$41'));
    assert.equal(place(numbers), 'info at c2');
    const again = [question, 'Yes.'];
    assert.equal(
      said(answer('c1', 0, 'Yes.'), answer('c2', 1000, 'No.', question, again)).length,
      1,
    );
  });

  const none = (...below: readonly Recorded[]) => assert.deepEqual(said(...below), []);

  it('are said of other words for yes and no', () => {
    for (const [one, other] of [
      ['approve', 'reject'],
      ['**Decision:** Approved.', 'Decision: denied – too late.'],
      ['{"verdict": "pass"}', '{"verdict": "fail"}'],
      ['Valid.', 'Invalid: the date is missing.'],
    ] as const) {
      assert.equal(said(answer('c1', 0, one), answer('c2', 1000, other)).length, 1, one);
    }
  });

  it('are none that begin with such a word and say something else', () => {
    none(answer('c1', 0, 'Right now it is open.'), answer('c2', 1000, 'Wrong numbers are common.'));
    none(answer('c1', 0, 'Approved.'), answer('c2', 1000, 'Approve'));
    none(answer('c1', 0, 'Pass on the note.'), answer('c2', 1000, 'Fail.'));
  });

  it('are none that agree, in whatever words', () => {
    none(answer('c1', 0, 'Yes.'), answer('c2', 1000, 'yes, paid in May'));
    none(answer('c1', 0, '1,200'), answer('c2', 1000, 'The answer is 1200.00'));
    none(answer('c1', 0, 'It was paid.'), answer('c2', 1000, 'No.'));
  });

  it('are none to different questions, or about different things', () => {
    none(answer('c1', 0, 'Yes.'), answer('c2', 1000, 'No.', question.replace('4711', '4712')));
    const about = (text: string) => [`The text: ${text}`, 'Read.'];
    none(
      answer('c1', 0, 'Yes.', question, about('one')),
      answer('c2', 1000, 'No.', question, about('two')),
    );
  });

  it('are none where something was learnt in between', () => {
    const later = call(
      'c2',
      1000,
      1900,
      { input: 1 },
      {
        metadata: {
          request: {
            messages: [
              { role: 'user', content: question },
              { role: 'user', content: [{ type: 'tool_result', content: 'It was cancelled.' }] },
              { role: 'user', content: question },
            ],
          },
          response: { content: [{ type: 'text', text: 'No.' }] },
        },
      },
    );
    none(answer('c1', 0, 'Yes.'), later);
  });

  it('are none of a vote, and none of words that are said again and again', () => {
    none(answer('c1', 0, 'Yes.'), answer('c2', 100, 'No.'));
    none(answer('c1', 0, '1', 'Go on.'), answer('c2', 1000, '2', 'Go on.'));
  });
});
