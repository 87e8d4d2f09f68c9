// Sending a call: the official SDK against a server that speaks the wire format.
import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TraceErrorCode } from '../../src/core/errors.ts';
import type { Fields } from '../../src/core/fields.ts';
import { answerOf } from '../../src/core/replay/answer.ts';
import { compareAnswers } from '../../src/core/replay/compareAnswers.ts';
import { type SendOptions, type Sent, sendMessages } from '../../src/net/messagesApi.ts';
import {
  type ApiRequest,
  apiMessage,
  eventsOf,
  type Reply,
  startMessagesApi,
} from '../tools/messagesApi.ts';
import { numbers } from '../unit/support/runs.ts';

const key = 'sk-ant-api03-the-marked-key-0123456789abcdef';
const usage = { input_tokens: 12, output_tokens: 5 };
const message = apiMessage({ usage, content: [{ type: 'text', text: 'Glaciers melt slowly.' }] });
const bodyOf = (fields: Fields = {}): string =>
  JSON.stringify({
    model: 'claude-haiku-4-5',
    max_tokens: 64,
    messages: [{ role: 'user', content: 'How fast?' }],
    stream: true,
    ...fields,
  });

interface Exchanged {
  readonly sent: Sent;
  readonly requests: readonly ApiRequest[];
}

async function exchange(
  reply: Reply | ((request: ApiRequest, count: number) => Reply),
  options: Partial<SendOptions> = {},
): Promise<Exchanged> {
  const api = await startMessagesApi((request, count) =>
    typeof reply === 'function' ? reply(request, count) : reply,
  );
  try {
    const { baseURL: baseUrl } = api;
    const sent = await sendMessages({
      body: bodyOf(),
      apiKey: key,
      baseUrl,
      maxRetries: 0,
      ...options,
    });
    assert.ok(!JSON.stringify([sent, String(sent.error), sent.error?.stack]).includes(key));
    return { sent, requests: api.requests };
  } finally {
    await api.close();
  }
}

const failed = ({ sent }: Exchanged, code: TraceErrorCode, words: RegExp): void => {
  assert.equal(sent.error?.code, code, sent.error?.message);
  assert.match(sent.error?.message ?? '', words);
};
const textOf = (from: Fields | undefined): unknown =>
  (from?.content as readonly Fields[] | undefined)?.map(block => block.text).join('');

describe('sending a call', () => {
  for (const stream of [true, false]) {
    it(`gives the answer, ${stream ? 'streamed' : 'whole'}`, async () => {
      const tool = { type: 'tool_use', id: 'toolu_1', name: 'search', input: { q: 'ice', n: 3 } };
      const thinking = { type: 'thinking', thinking: 'Hm, let me see.', signature: 'c2ln==' };
      const content = [thinking, { type: 'text', text: 'I search.' }, tool];
      const answer = apiMessage({ usage, content, stop_reason: 'tool_use' });
      const { sent, requests } = await exchange({ message: answer }, { body: bodyOf({ stream }) });
      assert.deepEqual([sent.error, sent.message], [undefined, answer]);
      assert.equal(sent.requestId, 'req_0001');
      assert.equal(sent.sdkVersion, requests[0]?.headers['x-stainless-package-version']);
      assert.equal(sent.firstToken !== undefined, stream);
      assert.equal(requests[0]?.url, '/v1/messages');
      assert.equal(requests[0]?.headers.authorization, `Bearer ${key}`);
      assert.equal(requests[0]?.headers['anthropic-beta'], undefined);
    });
  }

  it('sends the text as it is: numbers, order, thinking with its signature, pictures', async () => {
    const thinking = { type: 'thinking', thinking: 'a\u2028b "c" ü', signature: 'EqQB+/==' };
    const data = Buffer.alloc(3000, 7).toString('base64');
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data } };
    const messages = [
      { role: 'user', content: [image, { type: 'text', text: 'Look' }] },
      { role: 'assistant', content: [thinking, { type: 'text', text: 'I see' }] },
      { role: 'user', content: 'Well?' },
    ];
    const body = `{ "temperature": 1.0, "max_tokens": 64, "10": 1e2, "2": 12345678901234567890,
      "messages": ${JSON.stringify(messages)}, "model":"m", "stream": true }`;
    const { requests } = await exchange({ message }, { body, betas: ['a-1', 'b-2'] });
    assert.equal(requests[0]?.text, body);
    assert.equal(requests[0]?.headers['content-type'], 'application/json');
    assert.equal(requests[0]?.headers['anthropic-beta'], 'a-1,b-2');
  });

  it('tells of each piece, and of the answer so far', async () => {
    const seen: unknown[] = [];
    const onPiece: SendOptions['onPiece'] = (event, soFar) => {
      if (event.type === 'content_block_delta') seen.push(textOf(soFar()));
    };
    await exchange({ message }, { onPiece });
    assert.deepEqual(seen, ['Glacier', 'Glaciers melt ', 'Glaciers melt slowly.']);
  });

  it('tries again as the SDK does, and counts it', async () => {
    const busy = { status: 529, error: { type: 'overloaded_error', message: 'Busy' } };
    const headers = { 'retry-after-ms': '1' };
    const { sent, requests } = await exchange(
      (_, count) => (count < 2 ? { ...busy, headers } : { message }),
      { maxRetries: 2 },
    );
    assert.deepEqual([sent.error, sent.retries, requests.length], [undefined, 2, 3]);
  });
});

describe('a call that fails says why and what to do', () => {
  const said = (status: number, type: string, words = `${type} words.`) => ({
    status,
    error: { type, message: words },
  });
  const cases: readonly [Reply, TraceErrorCode, RegExp][] = [
    [
      said(401, 'authentication_error', `invalid x-api-key ${key}`),
      'replayKeyRefused',
      /^127\.0\.0\.1:\d+ refused the API key: invalid x-api-key \[API key\]\. Give a key/,
    ],
    [said(403, 'permission_error'), 'replayForbidden', /permission_error words\. Use another/],
    [said(402, 'billing_error'), 'replayBilling', /billing_error words/],
    [
      said(404, 'not_found_error', 'model: claude-haiku-4-5'),
      'replayUnknownModel',
      /has no model “claude-haiku-4-5” for this key: model: claude-haiku-4-5\. Choose another/,
    ],
    [said(404, 'not_found_error', 'Not Found'), 'replayNoApi', /no Messages API at this address/],
    [
      said(400, 'invalid_request_error', 'messages.1: roles must alternate'),
      'replayRejected',
      /refused the request: messages\.1: roles must alternate\. Edit the request/,
    ],
    [said(413, 'request_too_large'), 'replayTooLong', /takes no request of this size/],
    [
      { ...said(429, 'rate_limit_error'), headers: { 'retry-after': '90' } },
      'replayLimited',
      /rate_limit_error words\. Send it again in 1m 30s\./,
    ],
    [said(429, 'rate_limit_error'), 'replayLimited', /Send it again in a while\./],
    [said(529, 'overloaded_error'), 'replayOverloaded', /is overloaded/],
    [said(500, 'api_error'), 'replayServerFailed', /failed: api_error words\. Send it again/],
    [said(418, 'teapot_error'), 'replayRejected', /teapot_error words/],
  ];
  for (const [reply, code, words] of cases) {
    const { status, error } = reply as { status: number; error: { message: string } };
    it(`${status} ${error.message.slice(0, 30)}: ${code}`, async () => {
      const { sent, requests } = await exchange(reply);
      failed({ sent, requests }, code, words);
      assert.deepEqual(
        [sent.status, sent.requestId, sent.message],
        [status, 'req_0001', undefined],
      );
    });
  }

  it('no key, or one that is none', async () => {
    failed(await exchange({ message }, { apiKey: '' }), 'replayNoKey', /ANTHROPIC_API_KEY/);
    for (const apiKey of [`${key}\n`, `${key} x`, `${key}ü`]) {
      const { sent, requests } = await exchange({ message }, { apiKey });
      failed({ sent, requests }, 'replayBadKey', /characters that no key has/);
      assert.equal(requests.length, 0);
    }
  });

  it('no address', async () => {
    for (const baseUrl of [
      '',
      'api.anthropic.com',
      'file:///etc',
      'https://me:secret@host/',
      'https://host/v1?k=secret',
      'https://host/#secret',
      `https://host/${key}`,
    ]) {
      const result = await exchange({ message }, { baseUrl });
      failed(result, 'replayBadAddress', /is not the address of an API/);
      assert.doesNotMatch(result.sent.error?.message ?? '', new RegExp(`secret|${key}`));
      assert.equal(result.requests.length, 0);
    }
  });

  it('nobody there, and a server that hangs up', async () => {
    const words = /cannot be reached: .*\. See whether the network/;
    const nobody = await exchange({ message }, { baseUrl: 'http://127.0.0.1:9' });
    failed(nobody, 'replayNoConnection', words);
    failed(await exchange({ refuse: true }), 'replayNoConnection', words);
  });

  it('a redirect, which could carry the key elsewhere', async () => {
    const other = await startMessagesApi(() => ({ message }));
    const raw = (response: http.ServerResponse) =>
      response.writeHead(307, { location: `${other.baseURL}/v1/messages` }).end();
    failed(await exchange({ raw }), 'replayRedirected', /redirect.* not followed/);
    assert.equal(other.requests.length, 0);
    await other.close();
  });

  for (const after of ['cut', 'end'] as const) {
    it(`a stream that is over in the middle (${after}): what came is kept`, async () => {
      const result = await exchange({ message, events: 4, after });
      failed(result, 'replayBrokeOff', /broke off: .*\. What came of it is kept\./);
      assert.equal(textOf(result.sent.message), 'Glaciers melt ');
      assert.equal(result.sent.requestId, 'req_0001');
    });
  }

  it('an error within a stream: what came is kept', async () => {
    const after = { type: 'overloaded_error', message: 'Overloaded' };
    const result = await exchange({ message, events: 3, after });
    failed(result, 'replayOverloaded', /is overloaded: Overloaded\./);
    assert.deepEqual([textOf(result.sent.message), result.sent.errorType], ['Glacier', after.type]);
  });

  it('a body that breaks off', async () => {
    const raw = async (response: http.ServerResponse) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"type":"message",');
      setTimeout(() => response.destroy(), 20);
    };
    const result = await exchange({ raw }, { body: bodyOf({ stream: false }) });
    failed(result, 'replayBrokeOff', /broke off/);
  });

  it('silence, before the answer and within it', async () => {
    const words = /said nothing for 50 ms\. Send it again/;
    failed(await exchange({ raw: () => undefined }, { silenceMs: 50 }), 'replayTimedOut', words);
    const within = await exchange({ message, events: 4, after: 'hang' }, { silenceMs: 50 });
    failed(within, 'replayTimedOut', words);
    assert.equal(textOf(within.sent.message), 'Glaciers melt ');
  });

  it('an error whose body never ends, or never begins', async () => {
    for (const begin of ['{', undefined]) {
      const raw = (response: http.ServerResponse) => {
        response.writeHead(500, { 'content-type': 'application/json' });
        if (begin) response.write(begin);
        else response.flushHeaders();
      };
      failed(await exchange({ raw }, { silenceMs: 50 }), 'replayTimedOut', /nothing for 50 ms/);
    }
  });

  it('nothing, where the connection stays open behind the last event', async () => {
    const all = eventsOf(message).length;
    const { sent } = await exchange({ message, events: all, after: 'hang' });
    assert.deepEqual([sent.error, sent.message], [undefined, message]);
  });

  it('a limit is waited for if it is short, which is no silence, and said if it is long', async () => {
    const limited = (seconds: string): Reply => ({
      ...said(429, 'rate_limit_error'),
      headers: { 'retry-after': seconds },
    });
    const short = await exchange((_, count) => (count === 0 ? limited('0.3') : { message }), {
      maxRetries: 2,
      silenceMs: 100,
    });
    assert.deepEqual([short.sent.error, short.sent.retries], [undefined, 1]);
    for (const wait of ['300', new Date(Date.now() + 300_900).toUTCString()]) {
      const long = await exchange(limited(wait), { maxRetries: 2 });
      failed(long, 'replayLimited', /Send it again in (?:5m|4m 59)/);
      assert.equal(long.requests.length, 1);
    }
  });

  it('an answer that nests deeper than anybody can walk', async () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const text = JSON.stringify({ ...message, content: 'x' }).replace('"x"', `[${deep}]`);
    const events = [
      { type: 'message_start', message: { ...message, content: [] } },
      { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', input: {} } },
      {
        type: 'content_block_delta',
        index: 0,
        delta: { type: 'input_json_delta', partial_json: deep },
      },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_stop' },
    ];
    for (const [type, body] of [
      ['application/json', text],
      [
        'text/event-stream',
        events.map(one => `event: ${one.type}\ndata: ${JSON.stringify(one)}\n\n`).join(''),
      ],
    ]) {
      const raw = (response: http.ServerResponse) =>
        response.writeHead(200, { 'content-type': type }).end(body);
      const { sent, requests } = await exchange({ raw });
      failed({ sent, requests }, 'replayNoAnswer', /nests too deeply/);
      assert.equal(sent.message, undefined);
    }
  });

  it('events that are anything', async () => {
    const random = numbers(11);
    const strange: readonly unknown[] = [
      null,
      5,
      'x',
      [],
      {},
      { toString: 1, valueOf: 1 },
      -1,
      1e9,
    ];
    const some = (): unknown => strange[Math.floor(random() * strange.length)];
    const types = [
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
      'ping',
      'error',
      'other',
    ];
    const deltas = [
      'text_delta',
      'input_json_delta',
      'thinking_delta',
      'citations_delta',
      'compaction_delta',
    ];
    const event = () => {
      const type = types[Math.floor(random() * types.length)];
      const block = {
        type: ['text', 'tool_use', some()][Math.floor(random() * 3)],
        text: some(),
        input: some(),
      };
      const delta = {
        type: deltas[Math.floor(random() * deltas.length)],
        text: some(),
        partial_json: some(),
      };
      const index = random() < 0.8 ? Math.floor(random() * 2) : some();
      const whole = { ...message, content: some(), usage: some() };
      return random() < 0.1
        ? some()
        : {
            type,
            index,
            delta,
            content_block: block,
            message: random() < 0.9 ? whole : some(),
            error: some(),
            usage: some(),
          };
    };
    const raw = (response: http.ServerResponse) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const all = Array.from({ length: 12 }, event);
      response.end(
        all
          .map(
            one =>
              `event: ${(one as Fields | null)?.type ?? 'x'}\ndata: ${JSON.stringify(one)}\n\n`,
          )
          .join(''),
      );
    };
    const api = await startMessagesApi(() => ({ raw }));
    for (let round = 0; round < 200; round++) {
      const options = { body: bodyOf(), apiKey: key, baseUrl: api.baseURL, maxRetries: 0 };
      const sent = await sendMessages(options);
      if (sent.error) assert.notEqual(sent.error.code, 'unexpected', sent.error.message);
      if (!sent.message) continue;
      const answer = answerOf(sent.message, {
        usage: {},
        cost: undefined,
        duration: 1,
        firstToken: 1,
      });
      assert.equal(compareAnswers(answer, answer).same, true);
    }
    await api.close();
  });

  it('whoever cancels: what came is kept, and the connection ends', async () => {
    const controller = new AbortController();
    let closed: Promise<unknown> | undefined;
    const raw = (response: http.ServerResponse) => {
      closed = new Promise(resolve => response.once('close', resolve));
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const write = (event: Fields) =>
        response.write(`event: x\ndata: ${JSON.stringify(event)}\n\n`);
      write({ type: 'message_start', message: { ...message, content: [] } });
      write({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: 'So' } });
    };
    const onPiece = (event: Fields): void => {
      if (event.type === 'content_block_start') controller.abort();
    };
    const { signal } = controller;
    const { sent } = await exchange({ raw }, { signal, onPiece });
    assert.deepEqual([sent.error?.code, textOf(sent.message)], ['cancelled', 'So']);
    await closed;
    const before = await exchange({ message }, { signal });
    assert.deepEqual([before.sent.error?.code, before.requests.length], ['cancelled', 0]);
  });

  for (const type of ['application/json', 'text/event-stream', 'text/html']) {
    for (const lines of [true, false]) {
      it(`an answer without end (${type}${lines ? ', in lines' : ''})`, async () => {
        const raw = (response: http.ServerResponse) => {
          response.writeHead(200, { 'content-type': type });
          const piece = Buffer.alloc(65_536, 'data: 1 ');
          if (lines) piece[65_535] = 10;
          const more = (): void => {
            while (!response.destroyed && response.write(piece));
            if (!response.destroyed) response.once('drain', more);
          };
          more();
        };
        const result = await exchange({ raw }, { mostBytes: 5_000_000 });
        failed(result, 'replayTooMuch', /more than the 5\.0 MB that are taken.*max_tokens/);
      });
    }
  }

  it('something else than the Messages API', async () => {
    for (const [type, body] of [
      ['text/html', '<h1>Sign in</h1>'],
      ['application/json', '{"choices":[]}'],
      ['application/json', ''],
      ['text/event-stream', 'event: a\ndata: {no json\n\n'],
      ['text/event-stream', ''],
    ] as const) {
      const raw = (response: http.ServerResponse) =>
        response.writeHead(200, { 'content-type': type }).end(body);
      const { sent, requests } = await exchange({ raw });
      const code = body === '' && type.startsWith('text') ? 'replayBrokeOff' : 'replayNoAnswer';
      failed({ sent, requests }, code, /base URL|Send it again/);
    }
  });

  it('an answer in one piece where a stream was asked for is taken', async () => {
    const raw = (response: http.ServerResponse) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(message));
    const { sent } = await exchange({ raw });
    assert.deepEqual([sent.error, sent.message], [undefined, message]);
  });

  it('a server that repeats the key as its id of the request, or as the type of an error', async () => {
    const headers = { 'request-id': `req_${key}` };
    const { sent } = await exchange({ status: 401, error: { type: key, message: 'No.' }, headers });
    assert.deepEqual([sent.requestId, sent.errorType], ['req_[API key]', '[API key]']);
    const raw = (response: http.ServerResponse) =>
      response
        .writeHead(200, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(message));
    const answered = await exchange({ raw }, { body: bodyOf({ stream: false }) });
    assert.equal(answered.sent.requestId, 'req_[API key]');
  });

  it('a server that repeats the key does not get it into the answer', async () => {
    const content = [{ type: 'text', text: `You sent ${key}.` }];
    const { sent } = await exchange({ message: apiMessage({ usage, content }) });
    assert.equal(textOf(sent.message), 'You sent [API key].');
  });

  it('nothing is written to the console', async () => {
    const written: unknown[] = [];
    const { error, warn, log } = console;
    Object.assign(console, {
      error: (...all: unknown[]) => written.push(all),
      warn: (...all: unknown[]) => written.push(all),
      log: (...all: unknown[]) => written.push(all),
    });
    try {
      const raw = (response: http.ServerResponse) =>
        response
          .writeHead(200, { 'content-type': 'text/event-stream' })
          .end('event: a\ndata: {no json\n\n');
      await exchange({ raw });
    } finally {
      Object.assign(console, { error, warn, log });
    }
    assert.deepEqual(written, []);
  });
});

describe('the base URL', () => {
  it('may have a path, and may end with what the SDK adds', async () => {
    const paths: string[] = [];
    const server = http.createServer((request, response) => {
      paths.push(request.url ?? '');
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(message));
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    for (const end of ['', '/', '/v1', '/v1/', '/proxy/token', '/proxy/token/']) {
      await sendMessages({ body: bodyOf(), apiKey: key, baseUrl: `${base}${end}` });
    }
    server.close();
    assert.deepEqual(paths, [
      ...Array.from({ length: 4 }, () => '/v1/messages'),
      ...Array.from({ length: 2 }, () => '/proxy/token/v1/messages'),
    ]);
  });
});
