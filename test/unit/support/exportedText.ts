import type { RunSummary } from '../../../src/core/model.ts';
import type { RecordedFailure, RecordedSpan } from '../../../src/core/recordedSpan.ts';
import { type FileFormat, fileText } from '../../../src/formats/exportFormats.ts';
import { tracesOf } from '../../../src/net/sendTraces.ts';

/** A run of two spans that went well. */
export const run: RunSummary = {
  runId: 'r1',
  name: 'research',
  rootSpanId: 's1',
  status: 'ok',
  judgement: undefined,
  start: 1_700_000_000_000,
  end: 1_700_000_001_000,
  lastActivity: undefined,
  spans: 2,
  failedSpans: 0,
  cost: undefined,
  pricedCost: 0.5,
  unpricedCalls: 1,
  usage: { input: 5 },
  error: undefined,
  failingSpanId: undefined,
};
/** Runs as the text of a file, read a span a page. */
export async function exportedText(
  format: FileFormat,
  spans: readonly RecordedSpan[],
  leaving: { content: boolean; redaction?: false } = { content: true },
  of: RunSummary = run,
  failure?: RecordedFailure,
): Promise<string> {
  const pieces: string[] = [];
  const text = fileText([of], {
    format,
    leaving,
    page: async (_, offset) => ({
      spans: spans.slice(offset, offset + 1),
      total: spans.length,
      ...(offset === 0 && failure && { failure }),
    }),
    noticed: { open: 0, leftOut: 0 },
    tracesOf: batch => tracesOf(batch, { service: undefined, version: '1' }),
    signal: new AbortController().signal,
  });
  for await (const piece of text) pieces.push(piece);
  return pieces.join('');
}
