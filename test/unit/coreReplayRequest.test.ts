import assert from 'node:assert/strict';
import type { Fields } from '../../src/core/fields.ts';
import { requestDifference } from '../../src/core/replay/difference.ts';
import { nestsTooDeep } from '../../src/core/replay/nesting.ts';
import { normalRequest, requestText } from '../../src/core/replay/normalRequest.ts';
import { answer, asked, call, retry, retry529, user } from './support/replay.ts';

describe('A recorded call', () => {
  it('is read with its answer, its times and the attempts before it', () => {
    const metadata = {
      request: asked('a'),
      response: answer('msg_1'),
      request_id: 'req_1',
      time_to_first_token_ms: 3,
      retries: 2,
    };
    const events = [retry529, retry({ error: 'fetch failed' }, 2)];
    assert.deepEqual(call('s', metadata, { events }), {
      spanId: 's',
      name: 'chat',
      start: 0,
      request: asked('a'),
      retried: [
        {
          kind: 'status',
          status: 529,
          type: 'overloaded_error',
          message: 'Busy',
          requestId: undefined,
          retryAfterMs: undefined,
        },
        { kind: 'lost' },
      ],
      outcome: { kind: 'message', message: answer('msg_1'), requestId: 'req_1' },
      duration: 3,
      firstToken: 3,
    });
  });

  const body = { type: 'error', error: { type: 'invalid_request_error', message: 'too long' } };
  const status = (of: number, type: string, message: string) => ({
    kind: 'status',
    status: of,
    type,
    message,
    requestId: undefined,
    retryAfterMs: undefined,
  });
  const partial = answer('msg_1');
  for (const [title, metadata, error, outcome] of [
    [
      'an error of the API',
      { http_status: 400, error_type: 'invalid_request_error', response: body },
      '400 invalid_request_error: too long',
      { ...status(400, 'invalid_request_error', 'too long'), body },
    ],
    [
      'an error of which only words are there',
      {},
      '529 Overloaded',
      status(529, 'overloaded_error', 'Overloaded'),
    ],
    [
      'an error as the Python SDK says it',
      {},
      `Error code: 401 - {'type': 'error', 'error': {'type': 'authentication_error', 'message': "it's \\"denied\\""}, 'request_id': 'req_7'}`,
      { ...status(401, 'authentication_error', 'it\'s "denied"'), requestId: 'req_7' },
    ],
    [
      'an error as the TypeScript SDK says it',
      {},
      `400 ${JSON.stringify({ ...body, request_id: 'req_8' })}`,
      { ...status(400, 'invalid_request_error', 'too long'), requestId: 'req_8' },
    ],
    [
      'an error in words of a proxy',
      {},
      'Error code: 502 - <html>Bad {gateway}',
      status(502, 'api_error', '<html>Bad {gateway}'),
    ],
    [
      'an error of the program itself',
      {},
      "KeyError: 'content'",
      { kind: 'missing', why: 'unrecorded' },
    ],
    ['a time-out', {}, 'Request timed out.', { kind: 'lost' }],
    ['no connection', {}, 'Connection error. (fetch failed)', { kind: 'lost' }],
    ...(
      [
        ['the answer broke off: terminated', 'cut'],
        ['the stream ended before the answer was whole', 'ended'],
        ['aborted by the caller', 'aborted'],
        ['overloaded_error: Busy: later', { type: 'overloaded_error', message: 'Busy: later' }],
      ] as const
    ).map(
      ([error, how]) =>
        [
          `a stream that ended with “${error}”`,
          { incomplete: true, response: partial },
          error,
          { kind: 'broken', message: partial, how, requestId: undefined },
        ] as const,
    ),
    [
      'a stream that its reader left early',
      { incomplete: true, stopped_early: true, response: partial },
      undefined,
      { kind: 'broken', message: partial, how: 'aborted', requestId: undefined },
    ],
    [
      'one that was aborted before anything came',
      {},
      'aborted by the caller',
      { kind: 'broken', message: undefined, how: 'aborted', requestId: undefined },
    ],
    ['no answer', { request: asked('a') }, undefined, { kind: 'missing', why: 'unrecorded' }],
    ['another API', { response: { choices: [] } }, undefined, { kind: 'missing', why: 'foreign' }],
    ['a text', { response: 'Hello' }, undefined, { kind: 'missing', why: 'foreign' }],
    [
      'no JSON',
      '{"response": x, "request": {}}',
      undefined,
      { kind: 'missing', why: 'unrecorded' },
    ],
    ['a list', '[]', undefined, { kind: 'missing', why: 'unrecorded' }],
    [
      'lists within lists',
      `{"response":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      undefined,
      { kind: 'missing', why: 'too-deep' },
    ],
  ] as const) {
    it(`is read with ${title}`, () => {
      assert.deepEqual(call('s', metadata, { error }).outcome, outcome);
    });
  }

  it('that still ran is told from one that recorded nothing', () => {
    assert.deepEqual(call('s', {}, { running: true }).outcome, { kind: 'missing', why: 'running' });
  });

  it('is measured for its depth outside of its texts', () => {
    assert.equal(nestsTooDeep(JSON.stringify('[{'.repeat(1000))), false);
    assert.equal(nestsTooDeep('"\\"[["'.repeat(1000)), false);
    assert.equal(nestsTooDeep(`${'[{"a":'.repeat(101)}`), true);
  });
});

describe('Two requests', () => {
  const tool = { name: 'search', input_schema: { type: 'object' } };
  const base = {
    ...asked('a'),
    system: 'Be brief.',
    tools: [tool],
    messages: [
      user('a'),
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: 't1', name: 'search', input: { cache_control: 1, b: null } },
        ],
      },
      user([{ type: 'tool_result', tool_use_id: 't1', content: 'found' }]),
    ],
  };
  const marked = {
    messages: [
      user([{ text: 'a', type: 'text', cache_control: { type: 'ephemeral' } }]),
      {
        content: [
          {
            type: 'tool_use',
            id: 't1',
            name: 'search',
            input: { b: null, cache_control: 1 },
            caller: null,
          },
        ],
        role: 'assistant',
      },
      user([
        {
          type: 'tool_result',
          tool_use_id: 't1',
          content: [{ type: 'text', text: 'found' }],
          cache_control: {},
        },
      ]),
    ],
    tools: [{ ...tool, cache_control: { type: 'ephemeral' } }],
    system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral', ttl: '1h' } }],
    max_tokens: 100,
    model: 'claude-haiku-4-5',
    stream: true,
    metadata: { user_id: 'session 2' },
    service_tier: 'auto',
    temperature: null,
  };

  it('are equal but for what is volatile, and so are their texts', () => {
    assert.equal(normalRequest(marked).key, normalRequest(base).key);
    assert.equal(requestDifference(normalRequest(base), normalRequest(marked)), undefined);
    assert.equal(requestText(normalRequest(marked)), requestText(normalRequest(base)));
    assert.deepEqual(Object.keys(JSON.parse(requestText(normalRequest(base)))), [
      'model',
      'max_tokens',
      'system',
      'tools',
      'messages',
    ]);
  });

  const blockIn = (message: unknown): Fields => (message as { content: [Fields] }).content[0];
  const changed = (change: (copy: typeof base) => unknown): Fields => {
    const copy = structuredClone(base);
    change(copy);
    return copy;
  };
  for (const [title, change, path, before, now, ofTool] of [
    [
      'model',
      (it: typeof base) => Object.assign(it, { model: 'x' }),
      'model',
      'claude-haiku-4-5',
      'x',
    ],
    [
      'system',
      (it: typeof base) => Object.assign(it, { system: 'Be!' }),
      'system[0].text',
      'Be brief.',
      'Be!',
    ],
    [
      'a setting',
      (it: typeof base) => Object.assign(it, { temperature: 0.5 }),
      'temperature',
      undefined,
      '0.5',
    ],
    [
      'one message less',
      (it: typeof base) => it.messages.pop(),
      'messages[2]',
      '{"role"',
      undefined,
    ],
    [
      'one message more',
      (it: typeof base) => it.messages.push(user('b')),
      'messages[3]',
      undefined,
      '{"role"',
    ],
    [
      'a tool result',
      (it: typeof base) => Object.assign(blockIn(it.messages[2]), { content: 'lost' }),
      'messages[2].content[0].content[0].text',
      'found',
      'lost',
      'search',
    ],
    [
      'arguments of a tool, in which nothing is volatile',
      (it: typeof base) => Object.assign(blockIn(it.messages[1]), { input: { b: null } }),
      'messages[1].content[0].input.cache_control',
      '1',
      undefined,
      'search',
    ],
  ] as const) {
    it(`differ first in ${title}`, () => {
      const [a, b] = [normalRequest(base), normalRequest(changed(change))];
      assert.notEqual(a.key, b.key);
      const found = requestDifference(a, b);
      assert.deepEqual([found?.path, found?.tool], [path, ofTool]);
      const begins = (text: string | undefined, part: string | undefined) =>
        part === undefined ? text === undefined : text?.startsWith(part);
      assert.ok(begins(found?.recorded, before) && begins(found?.now, now), JSON.stringify(found));
    });
  }

  it('are shown where a long text differs, and not from its beginning', () => {
    const long = 'x'.repeat(5000);
    const [a, b] = [asked(`${long}🙂one${long}`), asked(`${long}🙂two${long}`)].map(one =>
      normalRequest(one),
    );
    const found = requestDifference(a!, b!);
    assert.match(found?.recorded ?? '', /^…x{28}🙂one/);
    assert.match(found?.now ?? '', /^…x{28}🙂two/);
    assert.ok((found?.now?.length ?? 0) < 130);
  });

  it('do not differ where the recorder took something out', () => {
    const cut = asked(
      'My key is [redacted:secret], call me at [redacted:phone] soon …[redacted:size]',
    );
    const equal = asked('My key is sk-1, call me at 12 soon and more');
    const differs = (now: Fields) => requestDifference(normalRequest(cut), normalRequest(now));
    assert.equal(differs(equal), undefined);
    assert.equal(
      differs(asked('My key is sk-1, call her at 12 soon and more'))?.path,
      'messages[0].content[0].text',
    );
    assert.equal(differs(asked('My key is '))?.path, 'messages[0].content[0].text');
  });
});
