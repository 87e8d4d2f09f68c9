import assert from 'node:assert/strict';
import type { Json } from '../tools/messagesApi.ts';
import { cleanUp, key, serve } from './replay.ts';
import { type Answer, answer, ask, request, script } from './replayAsk.ts';

const same = (url: string): string => url;

describe('The replay server', () => {
  afterEach(cleanUp);

  const assertRefused = (
    { status, headers, body }: Answer,
    expected: number,
    type: string,
    words: RegExp,
  ) => {
    assert.equal(status, expected);
    assert.equal(headers['x-should-retry'], 'false');
    const error = body.error as Json;
    assert.deepEqual(
      [body.type, error.type, body.request_id],
      ['error', type, headers['request-id']],
    );
    assert.match(String(error.message), words);
  };

  for (const [title, change, options, status, type, words] of [
    [
      'another host',
      same,
      { headers: { host: 'evil.example' } },
      403,
      'permission_error',
      /only under the address/,
    ],
    [
      'another port',
      same,
      { headers: { host: '127.0.0.1:1' } },
      403,
      'permission_error',
      /only under the address/,
    ],
    [
      'a name that begins like this machine',
      same,
      { headers: { host: 'localhost.evil.example' } },
      403,
      'permission_error',
      /only under the address/,
    ],
    [
      'a web page',
      same,
      { headers: { origin: 'https://evil.example' } },
      403,
      'permission_error',
      /web pages/,
    ],
    [
      'a page without a name',
      same,
      { headers: { origin: 'null' } },
      403,
      'permission_error',
      /web pages/,
    ],
    [
      'a page of this machine',
      same,
      { headers: { 'sec-fetch-site': 'same-site' } },
      403,
      'permission_error',
      /web pages/,
    ],
    [
      'no token',
      (url: string) => url.replace(/\/[\w-]{32}/, ''),
      {},
      401,
      'authentication_error',
      /lacks the token/,
    ],
    [
      'a wrong token',
      (url: string) => url.replace(/\/[\w-]{32}/, `/${'x'.repeat(32)}`),
      {},
      401,
      'authentication_error',
      /lacks the token/,
    ],
    [
      'a part of the token',
      (url: string) => url.replace(/\/([\w-]{31})[\w-]/, '/$1'),
      {},
      401,
      'authentication_error',
      /lacks the token/,
    ],
    [
      'another path',
      (url: string) => url.replace('messages', 'models'),
      {},
      404,
      'not_found_error',
      /not POST \/v1\/models/,
    ],
    [
      'a path above',
      (url: string) => `${url}/../complete`,
      {},
      404,
      'not_found_error',
      /only \/v1\/messages/,
    ],
    [
      'reading instead of asking',
      same,
      { method: 'GET' },
      404,
      'not_found_error',
      /not GET \/v1\/messages/,
    ],
    ['no JSON', same, { body: '{"messages":' }, 400, 'invalid_request_error', /no JSON object/],
    ['no messages', same, { body: '[]' }, 400, 'invalid_request_error', /no JSON object/],
    [
      'lists within lists',
      same,
      { body: '['.repeat(1_000_000) },
      400,
      'invalid_request_error',
      /nests too deeply/,
    ],
    [
      '100 MB',
      same,
      { body: Buffer.alloc(100_000_000, 'x') },
      413,
      'request_too_large',
      /larger than the 32\.0 MB/,
    ],
    [
      'tokens of a prompt that was not recorded',
      (url: string) => `${url}/count_tokens`,
      { body: '{"messages":[]}' },
      404,
      'not_found_error',
      /No recorded call has this prompt/,
    ],
  ] as const) {
    it(`refuses ${title}, in the form of the API, and goes on`, async () => {
      const { server, events, client } = await serve(script);
      const url = change(`${server.baseUrl}/v1/messages`);
      assertRefused(await ask(url, options), status, type, words);
      assert.deepEqual(
        events.map(event => event.kind),
        ['refused'],
      );
      assert.ok(!JSON.stringify(events).includes(key));
      assert.deepEqual(await client.messages.create(request), answer('It melts.'));
    });
  }
});
