import assert from 'node:assert/strict';
import type { Fields } from '../../src/core/fields.ts';
import { eventText, messageEvents, messageText } from '../../src/formats/messageEvents.ts';
import { serverEvents } from '../../src/formats/sse.ts';
import { streamedMessage } from '../../src/formats/streamedMessage.ts';
import { apiMessage, type Json } from '../tools/messagesApi.ts';
import { randomMessage } from '../tools/randomMessage.ts';
import { Random } from '../tools/sample/random.ts';
import { call } from './support/replay.ts';

/** What a decoder makes of the text of a stream. */
function decoded(events: readonly Fields[]) {
  const answer = streamedMessage();
  const text = events.map(eventText).join('');
  for (const { event, data } of serverEvents()(text)) {
    assert.equal(JSON.parse(data).type, event);
    answer.add(JSON.parse(data));
  }
  return answer;
}

describe('The events of an answer', () => {
  it('are put together to that answer, byte by byte', () => {
    for (let seed = 1; seed <= 400; seed++) {
      const message = randomMessage(new Random(seed));
      const answer = decoded(messageEvents(message));
      assert.equal(JSON.stringify(answer.message), JSON.stringify(message), `seed ${seed}`);
      assert.ok(answer.whole);
    }
  });

  it('come in the order of the API, counts that are not known yet at the beginning left open', () => {
    const message = apiMessage({
      content: [
        { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' },
        { type: 'tool_use', id: 'toolu_1', name: 'weigh', input: { a: 1 } },
      ],
      stop_reason: 'tool_use',
      usage: { input_tokens: 3, output_tokens: 70 },
    });
    const events = messageEvents(message) as Json[];
    const deltas = events.map(one => (one.delta as Json | undefined)?.type ?? one.type);
    assert.deepEqual(deltas, [
      'message_start',
      'content_block_start',
      'thinking_delta',
      'signature_delta',
      'content_block_stop',
      'content_block_start',
      'input_json_delta',
      'input_json_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    const start = events[0]?.message as Json;
    assert.deepEqual(
      [start.content, start.stop_reason, start.usage],
      [[], null, { input_tokens: 3, output_tokens: 1 }],
    );
    const { delta, usage } = events.at(-2) as Json;
    assert.deepEqual(
      [delta, usage],
      [
        { stop_reason: 'tool_use', stop_sequence: null },
        { input_tokens: 3, output_tokens: 70 },
      ],
    );
  });

  it('end inside the last block where the answer broke off, its arguments as far as they came', () => {
    const whole = apiMessage({
      content: [
        { type: 'text', text: 'I weigh.' },
        { type: 'tool_use', id: 'toolu_1', name: 'weigh', input: { what: 'apples and pears' } },
      ],
      stop_reason: 'tool_use',
      usage: { input_tokens: 3, output_tokens: 70 },
    });
    const all = messageEvents(whole);
    for (let count = 1; count < all.length - 2; count++) {
      const before = decoded(all.slice(0, count)).message ?? {};
      const again = decoded(messageEvents(before, false));
      assert.equal(JSON.stringify(again.message), JSON.stringify(before), `after ${count} events`);
      assert.equal(again.whole, false);
    }
  });

  it('are of an answer without the text of broken arguments, which was never part of it', () => {
    const use = { type: 'tool_use', id: 'toolu_1', name: 'weigh', input: {} };
    const message = apiMessage({ content: [{ ...use, partial_json: '{"wh' }], usage: {} });
    assert.deepEqual(JSON.parse(messageText(message)).content, [use]);
    const { content } = decoded(messageEvents(message)).message as { content: Json[] };
    assert.deepEqual(content, [{ ...use, partial_json: '{"wh' }]);
  });

  it('keep numbers and keys as they were recorded, which other languages tell apart', () => {
    const input = '{"b": 1.0, "10": 12345678901234567890, "9": -0}';
    const use = `{"type":"tool_use","id":"toolu_1","name":"weigh","input":${input}}`;
    const metadata = `{"response":{"type":"message","role":"assistant","content":[${use}],"usage":{"cost":1.50}}}`;
    const { outcome } = call('s', metadata);
    assert.ok(outcome.kind === 'message');
    const flat = (text: string) => text.replace(/\s/g, '');
    const pieces = messageEvents(outcome.message).map(
      ({ delta }) => (delta as Json | undefined)?.partial_json ?? '',
    );
    assert.equal(flat(pieces.join('')), flat(input));
    assert.equal(`{"response":${flat(messageText(outcome.message))}}`, flat(metadata));
  });

  it('are as few for a long text as anyone needs, and cut no character in two', () => {
    const text = '🙂'.repeat(500_000);
    const message = apiMessage({ content: [{ type: 'text', text }], usage: { output_tokens: 1 } });
    const events = messageEvents(message) as { delta?: { text?: string } }[];
    assert.ok(events.length < 500);
    for (const { delta } of events) assert.doesNotMatch(delta?.text ?? '', /[\ud800-\udbff]$/);
    assert.deepEqual(decoded(events).message, message);
  });

  it('are made of answers of no sense as well', () => {
    for (const content of [undefined, null, 'text', [null, 3, 'x', { type: 'text' }]]) {
      const events = messageEvents({ content, usage: 'none' });
      assert.equal(events.at(-1)?.type, 'message_stop');
      assert.doesNotThrow(() => decoded(events));
    }
  });
});
