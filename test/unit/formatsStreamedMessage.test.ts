import assert from 'node:assert/strict';
import { serverEvents } from '../../src/formats/sse.ts';
import { streamedMessage } from '../../src/formats/streamedMessage.ts';
import { apiMessage, eventsOf, type Json } from '../tools/messagesApi.ts';

const message = apiMessage({
  content: [
    { type: 'thinking', thinking: 'Äpfel und Birnen', signature: 'c2ln' },
    { type: 'text', text: 'Compared.' },
    { type: 'tool_use', id: 'toolu_1', name: 'weigh', input: { what: ['äpfel', '"birnen"\n'] } },
  ],
  stop_reason: 'tool_use',
  usage: { input_tokens: 5, cache_read_input_tokens: 7, output_tokens: 9 },
});

const wire = (newline: string): string =>
  eventsOf(message)
    .map(
      event => `event: ${event.type}${newline}data: ${JSON.stringify(event)}${newline}${newline}`,
    )
    .join(`: a comment${newline}`);

describe('A stream of server-sent events', () => {
  for (const [title, newline] of [
    ['\\n', '\n'],
    ['\\r\\n', '\r\n'],
    ['\\r', '\r'],
  ] as const) {
    it(`is read the same wherever it is cut, with ${title}`, () => {
      const text = wire(newline);
      const whole = serverEvents()(`${text}${newline}x`);
      assert.equal(whole.length, eventsOf(message).length);
      for (const size of [1, 2, 3, 7, 64, 1000]) {
        const read = serverEvents();
        const found = [];
        for (let at = 0; at < text.length; at += size)
          found.push(...read(text.slice(at, at + size)));
        found.push(...read(`${newline}x`));
        assert.deepEqual(found, whole, `in pieces of ${size}`);
      }
    });
  }

  it('joins the lines of one event, and does not take one that is not ended', () => {
    const read = serverEvents();
    assert.deepEqual(read('event: a\ndata: 1\ndata:2\n\ndata: 3\n'), [
      { event: 'a', data: '1\n2' },
    ]);
    assert.deepEqual(read('id: 4\n\n'), [{ event: '', data: '3' }]);
  });
});

describe('A streamed answer', () => {
  const upTo = (count: number): Json | undefined => {
    const answer = streamedMessage();
    for (const event of eventsOf(message).slice(0, count)) answer.add(event);
    assert.equal(answer.whole, count >= eventsOf(message).length);
    return answer.message as Json | undefined;
  };

  it('is the message that the API would have sent whole', () => {
    assert.deepEqual(upTo(Number.POSITIVE_INFINITY), message);
  });

  it('is what had come where it breaks off, arguments as the text that came', () => {
    assert.equal(upTo(0), undefined);
    assert.deepEqual(upTo(1)?.content, []);
    const events = eventsOf(message);
    const inTool = events.findLastIndex(event => event.type === 'content_block_delta');
    const { content, stop_reason, usage } = upTo(inTool) as { content: Json[] } & Json;
    const { partial_json, ...tool } = content[2]!;
    assert.deepEqual(tool, { type: 'tool_use', id: 'toolu_1', name: 'weigh', input: {} });
    assert.ok('{"what":["äpfel","\\"birnen\\"\\n"]}'.startsWith(String(partial_json)));
    assert.deepEqual(
      [stop_reason, usage],
      [null, { input_tokens: 5, cache_read_input_tokens: 7, output_tokens: 1 }],
    );
  });

  it('keeps counts that the last event leaves out or has as null', () => {
    const answer = streamedMessage();
    answer.add({
      type: 'message_start',
      message: { usage: { input_tokens: 5, output_tokens: 1 } },
    });
    answer.add({
      type: 'message_delta',
      delta: { stop_reason: 'end_turn' },
      usage: { input_tokens: null, output_tokens: 8, cache_read_input_tokens: 3 },
    });
    assert.deepEqual(answer.message, {
      content: [],
      stop_reason: 'end_turn',
      usage: { input_tokens: 5, output_tokens: 8, cache_read_input_tokens: 3 },
    });
  });

  it('takes events of no sense without failing', () => {
    const answer = streamedMessage();
    for (const index of [undefined, -1, 5, 'x', null]) {
      for (const type of [
        'content_block_start',
        'content_block_delta',
        'content_block_stop',
        'new',
      ]) {
        answer.add({ type, index, delta: { type: 'text_delta', text: 'x' } });
      }
    }
    assert.equal(answer.message, undefined);
  });
});
