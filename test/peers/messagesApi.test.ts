// Sending a call: the official SDK against a server that speaks the wire format.
import assert from 'node:assert/strict';
import { type SendOptions, sendMessages } from '../../src/net/messagesApi.ts';
import { apiMessage, startMessagesApi } from '../tools/messagesApi.ts';
import { key } from './replay.ts';
import { bodyOf, exchange, message, textOf, usage } from './sentMessages.ts';

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

describe('the base URL', () => {
  it('may have a path, and may end with what the SDK adds', async () => {
    const api = await startMessagesApi(() => ({ message }));
    for (const end of ['', '/', '/v1', '/v1/', '/proxy/token', '/proxy/token/']) {
      await sendMessages({ body: bodyOf(), apiKey: key, baseUrl: `${api.baseURL}${end}` });
    }
    await api.close();
    assert.deepEqual(
      api.requests.map(({ url }) => url),
      [
        ...Array.from({ length: 4 }, () => '/v1/messages'),
        ...Array.from({ length: 2 }, () => '/proxy/token/v1/messages'),
      ],
    );
  });
});
