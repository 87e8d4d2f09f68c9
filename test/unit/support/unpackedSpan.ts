import type { UnpackedSpan } from '../../../src/core/rowPacker.ts';

/** A span as the tracer hands it over, with what a test cares about put in its place. */
export const unpackedSpan = (
  metadata: Record<string, unknown>,
  more: Partial<UnpackedSpan> = {},
): UnpackedSpan => ({
  type: 'span',
  spanId: 's',
  runId: 'r',
  parentSpanId: undefined,
  name: 'name',
  startTime: 1.25,
  endTime: 2.5,
  status: 'ok',
  inputTokens: 0,
  outputTokens: 0,
  costUsd: 0,
  model: '',
  metadata,
  error: undefined,
  ...more,
});
