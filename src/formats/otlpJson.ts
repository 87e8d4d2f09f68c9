import { type Fields, fieldsOf } from '../core/fields.ts';
import { quoteLongNumbers } from './longNumbers.ts';
import {
  MalformedOtlp,
  type OtlpEvent,
  type OtlpLink,
  type OtlpLogRecord,
  type OtlpLogs,
  type OtlpResourceLogs,
  type OtlpResourceSpans,
  type OtlpSpan,
  type OtlpTraces,
} from './otlp.ts';
import { count, enumerated, field, id, JsonReader, list, nanos } from './otlpJsonValues.ts';

/** Spans and logs of one JSON text: files of the OpenTelemetry collector mix them. */
export interface OtlpData extends OtlpTraces, OtlpLogs {
  /** How many texts held half a pair of surrogates, which became U+FFFD, as in protobuf. */
  readonly repairedTexts: number;
  /** Spans and records that were left out, each with its place and what is wrong; nothing of what was sent. */
  readonly skipped: readonly string[];
}

/**
 * OTLP in JSON. Also as some write it: ids in base64 or with `0x`, names with underscores, names of
 * enumerations, `batches`, `instrumentationLibrarySpans`, numbers of 64 bits without quotes.
 *
 * @throws MalformedOtlp
 */
export function decodeOtlpJson(text: string): OtlpData {
  let value: unknown;
  const sound = quoteLongNumbers(text);
  try {
    value = JSON.parse(sound);
  } catch (error) {
    const position = sound === text ? /position (\d+)/.exec(String(error))?.[1] : undefined;
    throw new MalformedOtlp('no JSON', position === undefined ? undefined : Number(position));
  }
  return readOtlpJson(value);
}

/**
 * As `decodeOtlpJson`, of what was parsed already; numbers of 64 bits that had no quotes are rounded in it.
 *
 * @throws MalformedOtlp
 */
export function readOtlpJson(value: unknown): OtlpData {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MalformedOtlp('no object of OTLP');
  }
  const reader = new JsonReader();
  const fields = fieldsOf(value);
  const spans = field(fields, 'resourceSpans') ?? fields.batches;
  const resourceSpans = list(spans, 'resourceSpans').map((one, index) =>
    readResourceSpans(reader, fieldsOf(one), `resourceSpans[${index}]`),
  );
  const resourceLogs = list(field(fields, 'resourceLogs'), 'resourceLogs').map((one, index) =>
    readResourceLogs(reader, fieldsOf(one), `resourceLogs[${index}]`),
  );
  const { repairs, skipped } = reader;
  return { resourceSpans, resourceLogs, repairedTexts: repairs.texts, skipped };
}

function readResourceSpans(reader: JsonReader, fields: Fields, at: string): OtlpResourceSpans {
  const scopes = field(fields, 'scopeSpans') ?? field(fields, 'instrumentationLibrarySpans');
  return {
    resource: reader.resource(fields.resource, `${at}.resource`),
    scopeSpans: list(scopes, `${at}.scopeSpans`).map((one, index) => {
      const inner = fieldsOf(one);
      const place = `${at}.scopeSpans[${index}]`;
      return {
        scope: reader.scope(inner.scope ?? field(inner, 'instrumentationLibrary'), place),
        spans: reader.parts(inner.spans, `${place}.spans`, (span, where) =>
          readSpan(reader, span, where),
        ),
        schemaUrl: reader.text(field(inner, 'schemaUrl')),
      };
    }),
    schemaUrl: reader.text(field(fields, 'schemaUrl')),
  };
}

const kinds = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
const codes = ['UNSET', 'OK', 'ERROR'];

function readSpan(reader: JsonReader, fields: Fields, at: string): OtlpSpan {
  const status = fieldsOf(fields.status);
  return {
    traceId: id(field(fields, 'traceId'), 32, `${at}.traceId`),
    spanId: id(field(fields, 'spanId'), 16, `${at}.spanId`),
    traceState: reader.text(field(fields, 'traceState')),
    parentSpanId: id(field(fields, 'parentSpanId'), 16, `${at}.parentSpanId`),
    flags: count(fields.flags),
    name: reader.text(fields.name),
    kind: enumerated(fields.kind, kinds),
    startNanos: nanos(field(fields, 'startTimeUnixNano'), `${at}.startTimeUnixNano`),
    endNanos: nanos(field(fields, 'endTimeUnixNano'), `${at}.endTimeUnixNano`),
    attributes: reader.attributes(fields.attributes, at),
    droppedAttributesCount: count(field(fields, 'droppedAttributesCount')),
    events: list(fields.events, `${at}.events`).map((one, index) =>
      readEvent(reader, fieldsOf(one), `${at}.events[${index}]`),
    ),
    droppedEventsCount: count(field(fields, 'droppedEventsCount')),
    links: list(fields.links, `${at}.links`).map((one, index) =>
      readLink(reader, fieldsOf(one), `${at}.links[${index}]`),
    ),
    droppedLinksCount: count(field(fields, 'droppedLinksCount')),
    status: { code: enumerated(status.code, codes), message: reader.text(status.message) },
  };
}

function readEvent(reader: JsonReader, fields: Fields, at: string): OtlpEvent {
  return {
    timeNanos: nanos(field(fields, 'timeUnixNano'), `${at}.timeUnixNano`),
    name: reader.text(fields.name),
    ...reader.resource(fields, at),
  };
}

function readLink(reader: JsonReader, fields: Fields, at: string): OtlpLink {
  return {
    traceId: id(field(fields, 'traceId'), 32, `${at}.traceId`),
    spanId: id(field(fields, 'spanId'), 16, `${at}.spanId`),
    traceState: reader.text(field(fields, 'traceState')),
    ...reader.resource(fields, at),
    flags: count(fields.flags),
  };
}

function readResourceLogs(reader: JsonReader, fields: Fields, at: string): OtlpResourceLogs {
  const scopes = field(fields, 'scopeLogs') ?? field(fields, 'instrumentationLibraryLogs');
  return {
    resource: reader.resource(fields.resource, `${at}.resource`),
    scopeLogs: list(scopes, `${at}.scopeLogs`).map((one, index) => {
      const inner = fieldsOf(one);
      const place = `${at}.scopeLogs[${index}]`;
      const records = field(inner, 'logRecords') ?? inner.logs;
      return {
        scope: reader.scope(inner.scope ?? field(inner, 'instrumentationLibrary'), place),
        logRecords: reader.parts(records, `${place}.logRecords`, (record, where) =>
          readLogRecord(reader, record, where),
        ),
        schemaUrl: reader.text(field(inner, 'schemaUrl')),
      };
    }),
    schemaUrl: reader.text(field(fields, 'schemaUrl')),
  };
}

function readLogRecord(reader: JsonReader, fields: Fields, at: string): OtlpLogRecord {
  return {
    timeNanos: nanos(field(fields, 'timeUnixNano'), `${at}.timeUnixNano`),
    observedNanos: nanos(field(fields, 'observedTimeUnixNano'), `${at}.observedTimeUnixNano`),
    severityNumber: severity(field(fields, 'severityNumber')),
    severityText: reader.text(field(fields, 'severityText')),
    body: reader.value(fields.body, `${at}.body`, 1),
    ...reader.resource(fields, at),
    flags: count(fields.flags),
    traceId: id(field(fields, 'traceId'), 32, `${at}.traceId`),
    spanId: id(field(fields, 'spanId'), 16, `${at}.spanId`),
    eventName: reader.text(field(fields, 'eventName')),
  };
}

const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/** `SEVERITY_NUMBER_INFO2` is 10: of each level there are four. */
function severity(value: unknown): number {
  const name = typeof value === 'string' ? /_([A-Z]+)([1-4])?$/.exec(value) : undefined;
  if (!name) return count(value);
  return 1 + 4 * Math.max(0, levels.indexOf(name[1] ?? '')) + Number(name[2] ?? 1) - 1;
}
