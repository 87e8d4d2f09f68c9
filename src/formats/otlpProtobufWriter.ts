import {
  isMap,
  type OtlpAttribute,
  type OtlpEvent,
  type OtlpLink,
  type OtlpResourceSpans,
  type OtlpScope,
  type OtlpSpan,
  type OtlpTraces,
  type OtlpValue,
} from './otlp.ts';
import { WireWriter } from './wireWriter.ts';

export interface EncodedBytes {
  readonly bytes: Uint8Array;
  /** How many texts held half a pair of surrogates, which became U+FFFD: UTF-8 has none. */
  readonly repairedTexts: number;
}

/** As `ExportTraceServiceRequest`, in the order and the shortest form that others write. */
export function encodeTraces(traces: OtlpTraces): EncodedBytes {
  const to = new WireWriter();
  for (const one of traces.resourceSpans) writeResourceSpans(to, one);
  return { bytes: to.take(), repairedTexts: to.repairs.texts };
}

function writeResourceSpans(
  to: WireWriter,
  { resource, scopeSpans, schemaUrl }: OtlpResourceSpans,
) {
  const from = to.begin(1);
  const inner = to.begin(1);
  attributes(to, 1, resource.attributes);
  count(to, 2, resource.droppedAttributesCount);
  to.end(inner);
  for (const { scope, spans, schemaUrl: own } of scopeSpans) {
    const at = to.begin(2);
    writeScope(to, scope);
    for (const span of spans) writeSpan(to, span);
    text(to, 3, own);
    to.end(at);
  }
  text(to, 3, schemaUrl);
  to.end(from);
}

function writeScope(to: WireWriter, scope: OtlpScope): void {
  const from = to.begin(1);
  text(to, 1, scope.name);
  text(to, 2, scope.version);
  attributes(to, 3, scope.attributes);
  count(to, 4, scope.droppedAttributesCount);
  to.end(from);
}

function writeSpan(to: WireWriter, span: OtlpSpan): void {
  const from = to.begin(2);
  hex(to, 1, span.traceId);
  hex(to, 2, span.spanId);
  text(to, 3, span.traceState);
  hex(to, 4, span.parentSpanId);
  text(to, 5, span.name);
  count(to, 6, span.kind);
  time(to, 7, span.startNanos);
  time(to, 8, span.endNanos);
  attributes(to, 9, span.attributes);
  count(to, 10, span.droppedAttributesCount);
  for (const event of span.events) writeEvent(to, event);
  count(to, 12, span.droppedEventsCount);
  for (const link of span.links) writeLink(to, link);
  count(to, 14, span.droppedLinksCount);
  const status = to.begin(15);
  text(to, 2, span.status.message);
  count(to, 3, span.status.code);
  to.end(status);
  flags(to, 16, span.flags);
  to.end(from);
}

function writeEvent(to: WireWriter, event: OtlpEvent): void {
  const from = to.begin(11);
  time(to, 1, event.timeNanos);
  text(to, 2, event.name);
  attributes(to, 3, event.attributes);
  count(to, 4, event.droppedAttributesCount);
  to.end(from);
}

function writeLink(to: WireWriter, link: OtlpLink): void {
  const from = to.begin(13);
  hex(to, 1, link.traceId);
  hex(to, 2, link.spanId);
  text(to, 3, link.traceState);
  attributes(to, 4, link.attributes);
  count(to, 5, link.droppedAttributesCount);
  flags(to, 6, link.flags);
  to.end(from);
}

function attributes(to: WireWriter, field: number, all: readonly OtlpAttribute[]): void {
  for (const { key, value } of all) {
    const from = to.begin(field);
    text(to, 1, key);
    const inner = to.begin(2);
    writeValue(to, value);
    to.end(inner);
    to.end(from);
  }
}

/** In a value, what equals a default is written too: an empty text is not the same as no value. */
function writeValue(to: WireWriter, value: OtlpValue): void {
  if (value === undefined) return;
  if (typeof value === 'string') to.text(1, value);
  else if (typeof value === 'boolean') to.count(2, value ? 1 : 0);
  else if (typeof value === 'number') to.double(4, value);
  else if (typeof value === 'bigint') {
    // What no 64 bits hold is still not lost.
    if (BigInt.asIntN(64, value) === value) to.int64(3, value);
    else to.text(1, String(value));
  } else if (value instanceof Uint8Array) to.bytes(7, value);
  else {
    const from = to.begin(isMap(value) ? 6 : 5);
    if (isMap(value)) attributes(to, 1, value.entries);
    else for (const one of value) writeElement(to, one);
    to.end(from);
  }
}

function writeElement(to: WireWriter, value: OtlpValue): void {
  const from = to.begin(1);
  writeValue(to, value);
  to.end(from);
}

function text(to: WireWriter, field: number, value: string): void {
  if (value !== '') to.text(field, value);
}

function hex(to: WireWriter, field: number, value: string): void {
  if (value !== '') to.hex(field, value);
}

function count(to: WireWriter, field: number, value: number): void {
  if (value !== 0) to.count(field, value);
}

function time(to: WireWriter, field: number, value: bigint): void {
  if (value !== 0n) to.fixed64(field, value);
}

function flags(to: WireWriter, field: number, value: number): void {
  if (value !== 0) to.fixed32(field, value);
}
