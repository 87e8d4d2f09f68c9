import assert from 'node:assert/strict';
import { imageKey } from '../../src/core/images.ts';
import type { ReaderApi } from '../../src/protocol/reader.ts';
import { conversationFile, png } from '../ui/support/conversationFile.ts';
import { clock, reading, spansDb } from '../unit/support/traceDb.ts';

const call = (span_id: string, start_time: number, messages: unknown, more: object = {}) => ({
  span_id,
  parent_span_id: 'root',
  start_time,
  end_time: start_time + 1,
  metadata: JSON.stringify({ kind: 'llm', request: { messages }, ...more }),
});
const root = { span_id: 'root', start_time: 0, end_time: 99 };
let recorded: Promise<ReaderApi> | undefined;
/** Made once: it is large. */
const conversation = (): Promise<ReaderApi> => {
  recorded ??= conversationFile().then(reading);
  return recorded;
};
const said = (content: string) => ({ role: 'user', content });

describe('a prompt of which only what was new was recorded', () => {
  const onlyNew = (id: string, start: number, words: string) => ({
    ...call(id, start, []),
    metadata: JSON.stringify({ kind: 'llm', messages: [said(words)], only_new_messages: true }),
  });
  const tool = (id: string, start: number, more: object = {}) => ({
    span_id: id,
    parent_span_id: 'root',
    start_time: start,
    end_time: start + 1,
    metadata: JSON.stringify({ kind: 'tool', tool_name: 'Read' }),
    ...more,
  });

  it('is said of the call, of its run and of the cause, and compared with no other', async () => {
    const failed = tool('t', 3, { status: 'error', error: 'no such file' });
    const rows = [root, onlyNew('a', 1, 'one'), failed, onlyNew('b', 5, 'one'), tool('u', 7)];
    const reader = await reading(await spansDb(rows));
    const of = (id: string) => reader.span('f', id, clock);
    const b = await of('b');
    assert.deepEqual([b.onlyNewMessages, b.since, b.context], [true, undefined, undefined]);
    assert.equal((await of('root')).onlyNewMessages, true);
    assert.equal((await of('u')).onlyNewMessages, false, 'a tool may be run again');
    assert.equal((await of('t')).cause?.onlyNewMessages, true);
    const text = (await reader.text('f', 'b', 'markdown', 0, 10_000))?.text ?? '';
    assert.match(text, /## Prompt\n\nOnly the messages that were new to this call .*\n\n```\n/);
  });

  it('is not said of whole prompts', async () => {
    const reader = await reading(await spansDb([root, call('a', 1, [said('one')])]));
    const of = (id: string) => reader.span('f', id, clock);
    assert.equal((await of('a')).onlyNewMessages, false);
    assert.equal((await of('root')).onlyNewMessages, false);
    const text = (await reader.text('f', 'a', 'markdown', 0, 10_000))?.text ?? '';
    assert.match(text, /## Prompt\n\n```\n/);
  });
});

describe('what is new since the call before', () => {
  it('counts from the call of the same conversation, not from one between them', async () => {
    const reader = await reading(
      await spansDb([
        root,
        call('a', 1, [said('one')]),
        call('title', 3, [said('make a title')]),
        call('b', 5, [said('one'), said('two')]),
      ]),
    );
    const { since } = await reader.span('f', 'b', clock);
    assert.deepEqual(since, { call: 1, spanId: 'a', from: 1, changed: [], tokens: undefined });
    assert.equal((await reader.span('f', 'a', clock)).since, undefined);
    assert.equal((await reader.span('f', 'title', clock)).since, undefined);
  });

  it('is found where each call stands in a step of its own', async () => {
    const step = (id: string, start: number) => ({
      span_id: id,
      parent_span_id: 'root',
      start_time: start,
      end_time: start + 2,
    });
    const inside = (parent: string, row: ReturnType<typeof call>) => ({
      ...row,
      parent_span_id: parent,
    });
    const reader = await reading(
      await spansDb([
        root,
        step('s1', 1),
        inside('s1', call('a', 1, [said('one')])),
        step('s2', 5),
        inside('s2', call('b', 5, [said('one'), said('two')])),
      ]),
    );
    assert.equal((await reader.span('f', 'b', clock)).since?.spanId, 'a');
  });

  it('has tokens where both calls recorded theirs', async () => {
    const reader = await conversation();
    const { since, context } = await reader.span('f', 'call_two', clock);
    assert.equal(since?.tokens, 3382);
    assert.equal(context?.tokens, 5382);
    assert.deepEqual(context?.parts.at(-1), { name: 'fresh', tokens: 3382 });
  });
});

describe('the parts of the context', () => {
  it('are not told by a prompt that holds only new messages', async () => {
    const of = async (more: object) => {
      const row = { ...call('a', 1, [said('two')], more), input_tokens: 5000 };
      return (await (await reading(await spansDb([root, row]))).span('f', 'a', clock)).context;
    };
    assert.deepEqual((await of({}))?.parts, [{ name: 'history', tokens: 5000 }]);
    assert.equal(await of({ only_new_messages: true }), undefined);
  });
});

describe('the calls around a span', () => {
  it('are those before and after it by start, whatever its kind', async () => {
    const tool = { span_id: 't', parent_span_id: 'root', start_time: 3, end_time: 4 };
    const reader = await reading(
      await spansDb([root, call('a', 1, []), tool, call('b', 5, []), call('c', 7, [])]),
    );
    const around = async (id: string) => (await reader.span('f', id, clock)).calls;
    assert.deepEqual(await around('b'), { previous: 'a', next: 'c' });
    assert.deepEqual(await around('t'), { previous: 'a', next: 'b' });
    assert.deepEqual(await around('a'), { previous: undefined, next: 'b' });
    assert.deepEqual(await around('root'), { previous: undefined, next: 'a' });
  });
});

describe('a recorded picture', () => {
  it('comes decoded, or with the reason why it does not', async () => {
    const reader = await conversation();
    const detail = await reader.span('f', 'call_pictures', clock);
    const blocks = detail.prompt?.messages.at(-1)?.blocks ?? [];
    const keys = blocks.flatMap(one => (one.type === 'image' && one.key ? [one.key] : []));
    const images = await Promise.all(
      keys.map(key => reader.image('f', 'call_pictures', 'prompt', key)),
    );
    const [first, svg, , large] = images;
    assert.ok(first && 'bytes' in first && first.type === 'image/png' && first.width === 120);
    assert.deepEqual(first.bytes, Uint8Array.from(png(120, 60)));
    assert.deepEqual(svg, { problem: 'no-image' });
    assert.deepEqual(large, { problem: 'too-large' });
    const none = await reader.image('f', 'call_pictures', 'response', keys[0] ?? '');
    assert.deepEqual(none, { problem: 'missing' });
  });

  it('with too many pixels for its size is not handed out', async () => {
    const bomb = png(4, 4);
    new DataView(bomb.buffer, bomb.byteOffset).setUint32(16, 60_000);
    new DataView(bomb.buffer, bomb.byteOffset).setUint32(20, 60_000);
    const data = Buffer.from(bomb).toString('base64');
    const content = [{ type: 'image', source: { type: 'base64', data } }];
    const reader = await reading(await spansDb([root, call('a', 1, [{ role: 'user', content }])]));
    assert.deepEqual(await reader.image('f', 'a', 'prompt', imageKey(data)), {
      problem: 'too-many-pixels',
    });
  });
});

describe('one message', () => {
  it('is read whole by its place', async () => {
    const reader = await conversation();
    const text = await reader.text('f', 'call_long', 'prompt:2', 0, 1 << 22);
    assert.ok(text && text.chars > 5_000_000 && text.text.startsWith('# Long'));
    const answer = await reader.text('f', 'call_two', 'response:0', 0, 100);
    assert.match(answer?.text ?? '', /^## What I found/);
    assert.equal(await reader.text('f', 'call_two', 'prompt:99', 0, 10), undefined);
  });
});
