import type {
  OtlpEvent,
  OtlpLink,
  OtlpResource,
  OtlpResourceSpans,
  OtlpScope,
  OtlpScopeSpans,
  OtlpSpan,
  OtlpStatus,
  OtlpTraces,
} from './otlp.ts';
import {
  attribute,
  type Decoded,
  decoded,
  type Mutable,
  readResource,
  readScope,
  resource,
  scope,
} from './otlpProtobufValues.ts';
import type { ReadField } from './wireReader.ts';

/**
 * `ExportTraceServiceRequest`, which is `TracesData` under another name, as of opentelemetry-proto 1.11.
 *
 * @throws MalformedOtlp
 */
export function decodeTraces(bytes: Uint8Array, mostParts?: number): Decoded<OtlpTraces> {
  return decoded(bytes, { resourceSpans: [] }, readTraces, mostParts);
}

/** In attributes, as `WireReader.message` counts them. */
const sizeOfGroup = 4;
const sizeOfSpan = 8;

const readTraces: ReadField<Mutable<OtlpTraces>> = (reader, tag, traces) => {
  if (tag >>> 3 === 1)
    traces.resourceSpans.push(reader.message(tag, resourceSpans(), readResourceSpans, sizeOfGroup));
  else reader.skip(tag);
};

const resourceSpans = (): Mutable<OtlpResourceSpans> => ({
  resource: resource(),
  scopeSpans: [],
  schemaUrl: '',
});
const readResourceSpans: ReadField<Mutable<OtlpResourceSpans>> = (reader, tag, into) => {
  switch (tag >>> 3) {
    case 1:
      reader.message(tag, into.resource as Mutable<OtlpResource>, readResource);
      break;
    case 2:
    // Of a time when scopes were called libraries.
    case 1000:
      into.scopeSpans.push(
        reader.message(
          tag,
          { scope: scope(), spans: [], schemaUrl: '' },
          readScopeSpans,
          sizeOfGroup,
        ),
      );
      break;
    case 3:
      into.schemaUrl = reader.text(tag);
      break;
    default:
      reader.skip(tag);
  }
};

const readScopeSpans: ReadField<Mutable<OtlpScopeSpans>> = (reader, tag, into) => {
  switch (tag >>> 3) {
    case 1:
      reader.message(tag, into.scope as Mutable<OtlpScope>, readScope);
      break;
    case 2:
      into.spans.push(reader.message(tag, span(), readSpan, sizeOfSpan));
      break;
    case 3:
      into.schemaUrl = reader.text(tag);
      break;
    default:
      reader.skip(tag);
  }
};

const span = (): Mutable<OtlpSpan> => ({
  traceId: '',
  spanId: '',
  traceState: '',
  parentSpanId: '',
  flags: 0,
  name: '',
  kind: 0,
  startNanos: 0n,
  endNanos: 0n,
  attributes: [],
  droppedAttributesCount: 0,
  events: [],
  droppedEventsCount: 0,
  links: [],
  droppedLinksCount: 0,
  status: { code: 0, message: '' },
});

const readSpan: ReadField<Mutable<OtlpSpan>> = (reader, tag, into) => {
  switch (tag >>> 3) {
    case 1:
      into.traceId = reader.hex(tag);
      break;
    case 2:
      into.spanId = reader.hex(tag);
      break;
    case 3:
      into.traceState = reader.text(tag);
      break;
    case 4:
      into.parentSpanId = reader.hex(tag);
      break;
    case 5:
      into.name = reader.text(tag);
      break;
    case 6:
      into.kind = reader.int32(tag);
      break;
    case 7:
      into.startNanos = reader.fixed64(tag);
      break;
    case 8:
      into.endNanos = reader.fixed64(tag);
      break;
    case 9:
      into.attributes.push(attribute(reader, tag));
      break;
    case 10:
      into.droppedAttributesCount = reader.count(tag);
      break;
    case 11:
      into.events.push(reader.message(tag, event(), readEvent));
      break;
    case 12:
      into.droppedEventsCount = reader.count(tag);
      break;
    case 13:
      into.links.push(reader.message(tag, link(), readLink));
      break;
    case 14:
      into.droppedLinksCount = reader.count(tag);
      break;
    case 15:
      reader.message(tag, into.status as Mutable<OtlpStatus>, readStatus);
      break;
    case 16:
      into.flags = reader.fixed32(tag);
      break;
    default:
      reader.skip(tag);
  }
};

const event = (): Mutable<OtlpEvent> => ({
  timeNanos: 0n,
  name: '',
  attributes: [],
  droppedAttributesCount: 0,
});

const readEvent: ReadField<Mutable<OtlpEvent>> = (reader, tag, into) => {
  switch (tag >>> 3) {
    case 1:
      into.timeNanos = reader.fixed64(tag);
      break;
    case 2:
      into.name = reader.text(tag);
      break;
    case 3:
      into.attributes.push(attribute(reader, tag));
      break;
    case 4:
      into.droppedAttributesCount = reader.count(tag);
      break;
    default:
      reader.skip(tag);
  }
};

const link = (): Mutable<OtlpLink> => ({
  traceId: '',
  spanId: '',
  traceState: '',
  attributes: [],
  droppedAttributesCount: 0,
  flags: 0,
});

const readLink: ReadField<Mutable<OtlpLink>> = (reader, tag, into) => {
  switch (tag >>> 3) {
    case 1:
      into.traceId = reader.hex(tag);
      break;
    case 2:
      into.spanId = reader.hex(tag);
      break;
    case 3:
      into.traceState = reader.text(tag);
      break;
    case 4:
      into.attributes.push(attribute(reader, tag));
      break;
    case 5:
      into.droppedAttributesCount = reader.count(tag);
      break;
    case 6:
      into.flags = reader.fixed32(tag);
      break;
    default:
      reader.skip(tag);
  }
};

const readStatus: ReadField<Mutable<OtlpStatus>> = (reader, tag, into) => {
  if (tag >>> 3 === 2) into.message = reader.text(tag);
  else if (tag >>> 3 === 3) into.code = reader.int32(tag);
  else reader.skip(tag);
};
