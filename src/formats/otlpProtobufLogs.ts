import type {
  OtlpLogRecord,
  OtlpLogs,
  OtlpResource,
  OtlpResourceLogs,
  OtlpScope,
  OtlpScopeLogs,
  OtlpValue,
} from './otlp.ts';
import {
  anyValue,
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
 * `ExportLogsServiceRequest`.
 *
 * @throws MalformedOtlp
 */
export function decodeLogs(bytes: Uint8Array, mostParts?: number): Decoded<OtlpLogs> {
  return decoded(bytes, { resourceLogs: [] }, readLogs, mostParts);
}

const readLogs: ReadField<Mutable<OtlpLogs>> = (reader, tag, logs) => {
  if (tag >>> 3 === 1)
    logs.resourceLogs.push(reader.message(tag, resourceLogs(), readResourceLogs));
  else reader.skip(tag);
};

const resourceLogs = (): Mutable<OtlpResourceLogs> => ({
  resource: resource(),
  scopeLogs: [],
  schemaUrl: '',
});

const readResourceLogs: ReadField<Mutable<OtlpResourceLogs>> = (reader, tag, into) => {
  switch (tag >>> 3) {
    case 1:
      reader.message(tag, into.resource as Mutable<OtlpResource>, readResource);
      break;
    case 2:
    case 1000:
      into.scopeLogs.push(
        reader.message(tag, { scope: scope(), logRecords: [], schemaUrl: '' }, readScopeLogs),
      );
      break;
    case 3:
      into.schemaUrl = reader.text(tag);
      break;
    default:
      reader.skip(tag);
  }
};

const readScopeLogs: ReadField<Mutable<OtlpScopeLogs>> = (reader, tag, into) => {
  switch (tag >>> 3) {
    case 1:
      reader.message(tag, into.scope as Mutable<OtlpScope>, readScope);
      break;
    case 2:
      into.logRecords.push(reader.message(tag, logRecord(), readLogRecord));
      break;
    case 3:
      into.schemaUrl = reader.text(tag);
      break;
    default:
      reader.skip(tag);
  }
};

const logRecord = (): Mutable<OtlpLogRecord> & { body: OtlpValue } => ({
  timeNanos: 0n,
  observedNanos: 0n,
  severityNumber: 0,
  severityText: '',
  body: undefined,
  attributes: [],
  droppedAttributesCount: 0,
  flags: 0,
  traceId: '',
  spanId: '',
  eventName: '',
});

const readLogRecord: ReadField<ReturnType<typeof logRecord>> = (reader, tag, into) => {
  switch (tag >>> 3) {
    case 1:
      into.timeNanos = reader.fixed64(tag);
      break;
    case 2:
      into.severityNumber = reader.int32(tag);
      break;
    case 3:
      into.severityText = reader.text(tag);
      break;
    case 5:
      into.body = anyValue(reader, tag, 1);
      break;
    case 6:
      into.attributes.push(attribute(reader, tag));
      break;
    case 7:
      into.droppedAttributesCount = reader.count(tag);
      break;
    case 8:
      into.flags = reader.fixed32(tag);
      break;
    case 9:
      into.traceId = reader.hex(tag);
      break;
    case 10:
      into.spanId = reader.hex(tag);
      break;
    case 11:
      into.observedNanos = reader.fixed64(tag);
      break;
    case 12:
      into.eventName = reader.text(tag);
      break;
    default:
      reader.skip(tag);
  }
};
