// What the tests of sending over OTLP have in common.
import { exportedSpan } from '../../src/formats/exportedSpan.ts';
import { otlpOfSpan, type ScopedSpan } from '../../src/formats/otlpOfSpan.ts';
import { custom } from '../../src/net/destinations/custom.ts';
import type { Destination } from '../../src/net/destinations/destination.ts';
import type { Sending } from '../../src/net/sendTraces.ts';
import { recorded } from '../unit/support/recordedSpan.ts';

const call = recorded({
  span: {
    spanId: 'aaaaaaaaaaaaaaaa',
    runId: 'b'.repeat(32),
    parentSpanId: undefined,
    name: 'chat',
    kind: 'llm',
    model: 'claude-haiku-4-5',
    usage: { input: 12, cacheRead: 100, output: 5 },
    cost: 0.25,
    costSource: 'recorded',
  },
  sessionId: 'session-1',
  metadata: {
    request: {
      model: 'claude-haiku-4-5',
      system: 'Be brief.',
      messages: [{ role: 'user', content: 'Why?' }],
    },
    response: { content: [{ type: 'text', text: 'So.' }], stop_reason: 'end_turn' },
  },
});

export async function* of(spans: readonly ScopedSpan[]): AsyncGenerator<ScopedSpan> {
  yield* spans;
}
export const spanFor = (destination: Destination): ScopedSpan =>
  otlpOfSpan(exportedSpan(call), {
    attributes: one => destination.attributes?.(one) ?? [],
  })!;
export const many = (count: number): ScopedSpan[] =>
  Array.from({ length: count }, (_, at) => {
    const { span } = spanFor(custom('http://localhost'));
    return { span: { ...span, spanId: (at + 1).toString(16).padStart(16, '0') }, scope: undefined };
  });

/** To a server at this address, without waiting. */
export const sendingTo = (origin: string, more: Partial<Sending> = {}): Sending => ({
  destination: custom(`${origin}/v1/traces`),
  values: {},
  service: 'my-agent',
  version: '0.1.0',
  signal: new AbortController().signal,
  log: undefined,
  wait: async () => undefined,
  ...more,
});
