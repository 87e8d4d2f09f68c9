import assert from 'node:assert/strict';
import { unseenArguments } from '../../src/core/insights/unseen.ts';
import { asking, found, order, said } from './support/driftRuns.ts';
import { place, type Recorded, sentence, tool } from './support/insightRuns.ts';

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
