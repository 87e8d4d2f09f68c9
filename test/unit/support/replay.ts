import type { Fields } from '../../../src/core/fields.ts';
import type { SpanEvent } from '../../../src/core/model.ts';
import { type RecordedCall, readExchange } from '../../../src/core/replay/readExchange.ts';

export const user = (content: unknown): Fields => ({ role: 'user', content });
export const asked = (...texts: string[]): Fields => ({
  model: 'claude-haiku-4-5',
  max_tokens: 100,
  messages: texts.map((text, at) => ({ role: at % 2 ? 'assistant' : 'user', content: text })),
});
export const answer = (id: string): Fields => ({
  type: 'message',
  role: 'assistant',
  id,
  content: [],
});
export const call = (spanId: string, metadata: unknown, more: Partial<RecordedCall> = {}) =>
  readExchange({
    spanId,
    name: 'chat',
    start: 0,
    end: 5,
    running: false,
    error: undefined,
    metadata: typeof metadata === 'string' ? metadata : JSON.stringify(metadata),
    events: [],
    ...more,
  });
export const retry = (attributes: Fields, time = 1): SpanEvent => ({
  time,
  name: 'retry',
  attributes: JSON.stringify(attributes),
});
export const retry529 = retry({
  status: 529,
  error_type: 'overloaded_error',
  error: '529 overloaded_error: Busy',
});
