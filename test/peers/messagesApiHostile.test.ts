// Answers that are none: what they can do to whoever sent the call.
import assert from 'node:assert/strict';
import { answerOf } from '../../src/core/replay/answer.ts';
import { compareAnswers } from '../../src/core/replay/compareAnswers.ts';
import { sendMessages } from '../../src/net/messagesApi.ts';
import {
  apiMessage,
  endlessReply,
  eventText,
  rawReply,
  startMessagesApi,
} from '../tools/messagesApi.ts';
import { Random } from '../tools/sample/random.ts';
import { key } from './replay.ts';
import { bodyOf, exchange, failed, message, textOf, usage } from './sentMessages.ts';

describe('a call that fails says why and what to do', () => {
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
      ['text/event-stream', events.map(eventText).join('')],
    ] as const) {
      const result = await exchange(rawReply(type, body));
      failed(result, 'replayNoAnswer', /nests too deeply/);
      assert.equal(result.sent.message, undefined);
    }
  });

  it('events that are anything', async () => {
    const random = new Random(11);
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
    const some = (): unknown => random.pick(strange);
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
      const type = random.pick(types);
      const block = {
        type: random.pick(['text', 'tool_use', some()]),
        text: some(),
        input: some(),
      };
      const delta = {
        type: random.pick(deltas),
        text: some(),
        partial_json: some(),
      };
      const index = random.next() < 0.8 ? random.whole(0, 1) : some();
      const whole = { ...message, content: some(), usage: some() };
      return random.next() < 0.1
        ? some()
        : {
            type,
            index,
            delta,
            content_block: block,
            message: random.next() < 0.9 ? whole : some(),
            error: some(),
            usage: some(),
          };
    };
    const api = await startMessagesApi(() => {
      const all = Array.from({ length: 12 }, event);
      return rawReply('text/event-stream', all.map(eventText).join(''));
    });
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

  for (const type of ['application/json', 'text/event-stream', 'text/html']) {
    for (const lines of [true, false]) {
      it(`an answer without end (${type}${lines ? ', in lines' : ''})`, async () => {
        const piece = Buffer.alloc(65_536, 'data: 1 ');
        if (lines) piece[65_535] = 10;
        const result = await exchange(endlessReply(type, piece), { mostBytes: 5_000_000 });
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
      const result = await exchange(rawReply(type, body));
      const code = body === '' && type.startsWith('text') ? 'replayBrokeOff' : 'replayNoAnswer';
      failed(result, code, /base URL|Send it again/);
    }
  });

  it('an answer in one piece where a stream was asked for is taken', async () => {
    const { sent } = await exchange(rawReply('application/json', JSON.stringify(message)));
    assert.deepEqual([sent.error, sent.message], [undefined, message]);
  });

  it('a server that repeats the key as its id of the request, or as the type of an error', async () => {
    const headers = { 'request-id': `req_${key}` };
    const { sent } = await exchange({ status: 401, error: { type: key, message: 'No.' }, headers });
    assert.deepEqual([sent.requestId, sent.errorType], ['req_[API key]', '[API key]']);
    const whole = rawReply('application/json', JSON.stringify(message), headers);
    const answered = await exchange(whole, { body: bodyOf({ stream: false }) });
    assert.equal(answered.sent.requestId, 'req_[API key]');
  });

  it('a server that repeats the key does not get it into the answer', async () => {
    const content = [{ type: 'text', text: `You sent ${key}.` }];
    const { sent } = await exchange({ message: apiMessage({ usage, content }) });
    assert.equal(textOf(sent.message), 'You sent [API key].');
  });
});
