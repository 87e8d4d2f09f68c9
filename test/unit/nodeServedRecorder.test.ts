import assert from 'node:assert/strict';
import type { ServedKeeping } from '../../src/core/replay/replayServing.ts';
import type { ServedCall } from '../../src/core/replay/servedCall.ts';
import type { EventRow, SpanRow } from '../../src/core/traceRows.ts';
import { answerCopy, keyRemover } from '../../src/node/servedAnswer.ts';
import { servedRecorder } from '../../src/node/servedRecorder.ts';
import { answer, asked, call } from './support/replay.ts';

const script = {
  runId: 'r',
  name: 'agent',
  exchanges: [call('s', { request: asked('a'), response: answer('m') })],
};
const summary = {
  ...{ requests: 1, answered: 1, live: 0, stopped: 0, differed: 0, refused: 0 },
  ...{ calls: 1, asked: 1, firstDifference: undefined },
};
const served: ServedCall = {
  request: 1,
  call: { spanId: 's', name: 'chat', call: 1 },
  by: 'recording',
  how: 'content',
  attempt: 1,
  ending: 'answered',
  body: '{"messages":[]}',
  requestedModel: 'claude-haiku-4-5',
  answer: '{"content":[]}',
  failure: undefined,
  requestId: undefined,
  difference: undefined,
  start: 1000,
  duration: 5,
  firstToken: undefined,
};

describe('the recorder of what a replay serves', () => {
  const keepingBy = (keep: ServedKeeping['keep']): ServedKeeping => ({
    ...{ file: 'f', git: undefined, versions: {}, keep, failed: () => undefined },
  });

  it('holds a bounded part of what waits for the disk, and says how much it let go', async () => {
    let go = (): void => undefined;
    const disk = new Promise<void>(resolve => {
      go = resolve;
    });
    const kept: (SpanRow | EventRow)[] = [];
    const keep: ServedKeeping['keep'] = async rows => {
      await disk;
      kept.push(...rows);
    };
    const recorder = servedRecorder(keepingBy(keep), { script }, () => summary);
    const body = `{"messages":[],"x":"${'x'.repeat(30_000_000)}"}`;
    for (let at = 0; at < 5; at++) recorder.add({ ...served, body });
    recorder.add(served);
    const ended = recorder.end();
    recorder.add(served);
    go();
    await ended;
    const calls = kept.filter(row => row.type === 'span' && row.parentSpanId !== undefined);
    assert.equal(calls.length, 3, 'two that are large, and the small one');
    const root = kept.filter(row => row.type === 'span' && row.parentSpanId === undefined).at(-1);
    assert.ok(root?.type === 'span' && root.status === 'ok');
    assert.equal(JSON.parse(root.metadata).replay_not_kept, 3);
  });

  it('keeps a cost that nobody knows open, and none of what was refused', async () => {
    const costs: unknown[] = [];
    const keep: ServedKeeping['keep'] = async rows => {
      for (const row of rows) {
        if (row.type === 'span' && row.parentSpanId) costs.push(row.costUsd);
      }
    };
    const recorder = servedRecorder(keepingBy(keep), { script }, () => summary);
    const usage = { input_tokens: 1_000_000, output_tokens: 0 };
    const message = JSON.stringify({ content: [], usage });
    const live = { ...served, by: 'live', call: undefined } as const;
    recorder.add({ ...live, answer: message });
    recorder.add({ ...live, answer: message, requestedModel: 'of-nobody' });
    recorder.add({ ...live, answer: undefined });
    recorder.add({ ...live, answer: undefined, failure: { status: 401, message: 'no' } });
    recorder.add({ ...served, answer: message });
    await recorder.end();
    assert.deepEqual(costs, [1, undefined, undefined, 0, 0]);
  });
});

describe('what is kept of an answer of the real API', () => {
  const stream = { headers: { 'content-type': 'text/event-stream' } };
  const copyOf = (text: string, init: ResponseInit) => {
    const copy = answerCopy(new Response('', init));
    // In pieces: a character may be cut in two.
    for (const byte of new TextEncoder().encode(text)) copy.add(Uint8Array.of(byte));
    return copy;
  };
  const start = 'event: message_start\ndata: {"type":"message_start","message":{"id":"ä"}}\n\n';

  it('is the message, and why it is not whole', () => {
    const said = (text: string, end: 'whole' | 'gone' | 'broken', init: ResponseInit = stream) => {
      const { answer: kept, failure } = copyOf(text, init).served(end);
      return [kept, failure?.message];
    };
    const begun = '{"id":"ä","content":[]}';
    const stop = 'data: {"type":"message_stop"}\n\n';
    assert.deepEqual(said(start + stop, 'whole'), [begun, undefined]);
    assert.deepEqual(said(start, 'whole'), [begun, 'the stream ended before the answer was whole']);
    assert.deepEqual(said(start, 'gone'), [begun, 'aborted by the caller']);
    assert.deepEqual(said(start, 'broken'), [begun, 'the answer broke off']);
    const error = 'data: {"type":"error","error":{"type":"overloaded_error","message":"Busy"}}\n\n';
    assert.deepEqual(said(start + error, 'whole'), [begun, 'overloaded_error: Busy']);
    assert.deepEqual(said('<html>', 'whole', { status: 502 }), [undefined, 'HTTP 502']);
    assert.equal(said('['.repeat(100_000), 'whole', {})[0], undefined);
  });

  it('has no key in it, however the program sends it; words as short as a placeholder stay', () => {
    const clean = keyRemover({
      'x-api-key': 'sk-ant-1234567890',
      authorization: 'Bearer token-1234567890',
      host: 'localhost:1234567890',
    });
    assert.equal(
      clean('sk-ant-1234567890, token-1234567890 at localhost:1234567890'),
      '[API key], [API key] at localhost:1234567890',
    );
    assert.equal(keyRemover({ 'x-api-key': 'replay' })('a replay'), 'a replay');
  });
});
