import { isMap, type OtlpAttribute, type OtlpSpan, type OtlpValue } from './otlp.ts';
import type { ScopedSpan } from './otlpOfSpan.ts';

const mostSpans = 512;
/** Of texts. Langfuse takes 4.5 MB at once, and most take 4 MB. */
const mostChars = 2_000_000;

/** So many spans as go into one request, or on one line: memory holds no more. */
export async function* batches(
  spans: AsyncIterable<ScopedSpan>,
): AsyncGenerator<readonly ScopedSpan[]> {
  let batch: ScopedSpan[] = [];
  let chars = 0;
  for await (const one of spans) {
    const size = charsOfSpan(one.span);
    if (batch.length > 0 && (batch.length >= mostSpans || chars + size > mostChars)) {
      yield batch;
      batch = [];
      chars = 0;
    }
    batch.push(one);
    chars += size;
  }
  if (batch.length > 0) yield batch;
}

/** About as many characters as its texts have; numbers count little. */
function charsOfSpan({ attributes, events, status }: OtlpSpan): number {
  let chars = 300 + status.message.length + charsIn(attributes);
  for (const event of events) chars += 50 + charsIn(event.attributes);
  return chars;
}

function charsIn(attributes: readonly OtlpAttribute[]): number {
  let chars = 0;
  for (const { key, value } of attributes) chars += key.length + charsOf(value);
  return chars;
}

/** A row that goes along as it is lies in maps, prompts and all. */
function charsOf(value: OtlpValue): number {
  if (typeof value === 'string' || value instanceof Uint8Array) return value.length;
  if (typeof value !== 'object') return 20;
  if (isMap(value)) return charsIn(value.entries);
  let chars = 0;
  for (const one of value) chars += charsOf(one);
  return chars;
}
