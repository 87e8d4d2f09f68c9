import { findReasoningDrift } from '../../../src/core/insights/reasoningDrift.ts';
import { call, find, type Recorded, runWith, sentence } from './insightRuns.ts';

export const found = (...below: readonly Recorded[]) => find(findReasoningDrift, runWith(below));
export const said = (...below: readonly Recorded[]): readonly string[] =>
  found(...below).map(sentence);

/** A call of 900 ms: what it was asked, and the blocks of its answer. */
export const answered = (
  id: string,
  start: number,
  request: unknown,
  content?: readonly unknown[],
): Recorded =>
  call(
    id,
    start,
    start + 900,
    { input: 100 },
    { metadata: { request, ...(content && { response: { content } }) } },
  );

/** A call that was asked something, and asks for a tool. */
export const asking = (request: unknown, name: string, input: unknown, id = 'u1'): Recorded =>
  answered('c1', 0, request, [{ type: 'tool_use', id, name, input }]);
export const order = { messages: [{ role: 'user', content: 'Where is my order ORD-4711?' }] };
