// What the tests of sending a call share: the official SDK against a server that speaks the wire format.
import assert from 'node:assert/strict';
import type { TraceErrorCode } from '../../src/core/errors.ts';
import type { Fields } from '../../src/core/fields.ts';
import { type SendOptions, type Sent, sendMessages } from '../../src/net/messagesApi.ts';
import { type ApiRequest, apiMessage, type Reply, startMessagesApi } from '../tools/messagesApi.ts';
import { key } from './replay.ts';

export const usage = { input_tokens: 12, output_tokens: 5 };
export const message = apiMessage({
  usage,
  content: [{ type: 'text', text: 'Glaciers melt slowly.' }],
});
export const bodyOf = (fields: Fields = {}): string =>
  JSON.stringify({
    model: 'claude-haiku-4-5',
    max_tokens: 64,
    messages: [{ role: 'user', content: 'How fast?' }],
    stream: true,
    ...fields,
  });

export interface Exchanged {
  readonly sent: Sent;
  readonly requests: readonly ApiRequest[];
}

export async function exchange(
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

export const failed = ({ sent }: Exchanged, code: TraceErrorCode, words: RegExp): void => {
  assert.equal(sent.error?.code, code, sent.error?.message);
  assert.match(sent.error?.message ?? '', words);
};
export const textOf = (from: Fields | undefined): unknown =>
  (from?.content as readonly Fields[] | undefined)?.map(block => block.text).join('');
