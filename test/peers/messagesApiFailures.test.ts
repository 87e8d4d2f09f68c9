import assert from 'node:assert/strict';
import type http from 'node:http';
import type { TraceErrorCode } from '../../src/core/errors.ts';
import type { Fields } from '../../src/core/fields.ts';
import {
  eventsOf,
  eventText,
  type Reply,
  rawReply,
  startMessagesApi,
} from '../tools/messagesApi.ts';
import { key } from './replay.ts';
import { bodyOf, exchange, failed, message, textOf } from './sentMessages.ts';

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
    // A busy machine needs its time for what comes before the silence.
    const within = await exchange({ message, events: 4, after: 'hang' }, { silenceMs: 2000 });
    failed(within, 'replayTimedOut', /said nothing for 2\S* s\. Send it again/);
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

  it('whoever cancels: what came is kept, and the connection ends', async () => {
    const controller = new AbortController();
    let closed: Promise<unknown> | undefined;
    const raw = (response: http.ServerResponse) => {
      closed = new Promise(resolve => response.once('close', resolve));
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const write = (event: Fields) => response.write(eventText(event));
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

  it('nothing is written to the console', async () => {
    const written: unknown[] = [];
    const { error, warn, log } = console;
    Object.assign(console, {
      error: (...all: unknown[]) => written.push(all),
      warn: (...all: unknown[]) => written.push(all),
      log: (...all: unknown[]) => written.push(all),
    });
    try {
      await exchange(rawReply('text/event-stream', 'event: a\ndata: {no json\n\n'));
    } finally {
      Object.assign(console, { error, warn, log });
    }
    assert.deepEqual(written, []);
  });
});
