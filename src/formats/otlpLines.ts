import type { OtlpTraces } from './otlp.ts';
import { encodeTracesJson } from './otlpJsonWriter.ts';
import type { ScopedSpan } from './otlpOfSpan.ts';

const lineSpans = 512;

/** One request of OTLP a line, as the file exporter of the OpenTelemetry collector writes them. */
export async function* otlpLines(
  spans: AsyncIterable<ScopedSpan>,
  tracesOf: (batch: readonly ScopedSpan[]) => OtlpTraces,
): AsyncGenerator<string> {
  let batch: ScopedSpan[] = [];
  const line = (): string => `${encodeTracesJson(tracesOf(batch)).text}\n`;
  for await (const one of spans) {
    batch.push(one);
    if (batch.length < lineSpans) continue;
    yield line();
    batch = [];
  }
  if (batch.length > 0) yield line();
}
