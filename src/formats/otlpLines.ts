import type { OtlpTraces } from './otlp.ts';
import { batches } from './otlpBatches.ts';
import { encodeTracesJson } from './otlpJsonWriter.ts';
import type { ScopedSpan } from './otlpOfSpan.ts';

/** One request of OTLP a line, as the file exporter of the OpenTelemetry collector writes them. */
export async function* otlpLines(
  spans: AsyncIterable<ScopedSpan>,
  tracesOf: (batch: readonly ScopedSpan[]) => OtlpTraces,
): AsyncGenerator<string> {
  for await (const batch of batches(spans)) yield `${encodeTracesJson(tracesOf(batch)).text}\n`;
}
