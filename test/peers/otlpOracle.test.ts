// The published definitions (opentelemetry-proto 1.11.0) in protobufjs decode what we write, and we decode what
// they write.
import assert from 'node:assert/strict';
import path from 'node:path';
import protobuf from 'protobufjs';
import type { OtlpAttribute, OtlpLogs, OtlpTraces, OtlpValue } from '../../src/formats/otlp.ts';
import { isMap } from '../../src/formats/otlp.ts';
import { decodeAnswer, decodeRefusal, encodeAnswer } from '../../src/formats/otlpAnswer.ts';
import { decodeTraces } from '../../src/formats/otlpProtobuf.ts';
import { decodeLogs } from '../../src/formats/otlpProtobufLogs.ts';
import { encodeTraces } from '../../src/formats/otlpProtobufWriter.ts';
import { randomLogs, randomTraces } from '../tools/randomOtlp.ts';
import { inRepo } from '../tools/repo.ts';
import { Random } from '../tools/sample/random.ts';

const root = new protobuf.Root();
root.resolvePath = (_, target) => inRepo('test/peers/proto', path.basename(target));
root.loadSync(['trace_service.proto', 'logs_service.proto']);
const type = (name: string) => root.lookupType(`opentelemetry.proto.${name}`);
const request = type('collector.trace.v1.ExportTraceServiceRequest');
const logsRequest = type('collector.logs.v1.ExportLogsServiceRequest');
const answer = type('collector.trace.v1.ExportTraceServiceResponse');

// What protobufjs takes: its names, ids as bytes, 64 bits as a Long that it makes of texts.
const bytes = (hex: string) => Buffer.from(hex, 'hex');
const { fromString } = protobuf.util.Long as unknown as {
  readonly fromString: (text: string, unsigned: boolean) => unknown;
};
const long = (value: bigint, unsigned: boolean) => fromString(String(value), unsigned);
const holder = (one: { attributes: readonly OtlpAttribute[]; droppedAttributesCount: number }) => ({
  attributes: one.attributes.map(pair),
  droppedAttributesCount: one.droppedAttributesCount,
});
const pair = ({ key, value }: OtlpAttribute): unknown => ({ key, value: anyValue(value) });
function anyValue(value: OtlpValue): unknown {
  if (value === undefined) return {};
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'bigint') return { intValue: long(value, false) };
  if (typeof value === 'number') return { doubleValue: value };
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value) };
  if (isMap(value)) return { kvlistValue: { values: value.entries.map(pair) } };
  return { arrayValue: { values: value.map(anyValue) } };
}
const theirTraces = (traces: OtlpTraces) => ({
  resourceSpans: traces.resourceSpans.map(({ resource, scopeSpans, schemaUrl }) => ({
    resource: holder(resource),
    scopeSpans: scopeSpans.map(({ scope, spans, schemaUrl: own }) => ({
      scope: { ...scope, ...holder(scope) },
      spans: spans.map(({ startNanos, endNanos, ...span }) => ({
        ...span,
        ...holder(span),
        traceId: bytes(span.traceId),
        spanId: bytes(span.spanId),
        parentSpanId: bytes(span.parentSpanId),
        startTimeUnixNano: long(startNanos, true),
        endTimeUnixNano: long(endNanos, true),
        events: span.events.map(({ timeNanos, ...event }) => ({
          ...event,
          ...holder(event),
          timeUnixNano: long(timeNanos, true),
        })),
        links: span.links.map(link => ({
          ...link,
          ...holder(link),
          traceId: bytes(link.traceId),
          spanId: bytes(link.spanId),
        })),
      })),
      schemaUrl: own,
    })),
    schemaUrl,
  })),
});
const theirLogs = (logs: OtlpLogs) => ({
  resourceLogs: logs.resourceLogs.map(({ resource, scopeLogs, schemaUrl }) => ({
    resource: holder(resource),
    scopeLogs: scopeLogs.map(({ scope, logRecords, schemaUrl: own }) => ({
      scope: { ...scope, ...holder(scope) },
      logRecords: logRecords.map(({ timeNanos, observedNanos, body, ...record }) => ({
        ...record,
        ...holder(record),
        timeUnixNano: long(timeNanos, true),
        observedTimeUnixNano: long(observedNanos, true),
        body: anyValue(body),
        traceId: bytes(record.traceId),
        spanId: bytes(record.spanId),
      })),
      schemaUrl: own,
    })),
    schemaUrl,
  })),
});

/** As values that can be compared: what protobufjs leaves out has its default, texts for 64 bits and bytes. */
const plain = (kind: protobuf.Type, message: protobuf.Message) =>
  kind.toObject(message, { longs: String, bytes: String, defaults: false });

describe('OTLP in protobuf, beside the published definitions', () => {
  it('is read by them as what was written', () => {
    const random = new Random(1);
    for (let round = 0; round < 300; round++) {
      const traces = randomTraces(random);
      const read = request.decode(encodeTraces(traces).bytes);
      // Both through their encoder: it writes no field that has its default.
      const expected = request.decode(request.encode(request.create(theirTraces(traces))).finish());
      assert.deepEqual(plain(request, read), plain(request, expected), `round ${round}`);
    }
  });

  it('is read by us as what they wrote', () => {
    const random = new Random(2);
    for (let round = 0; round < 300; round++) {
      const traces = randomTraces(random);
      const written = request.encode(request.create(theirTraces(traces))).finish();
      const { value, repairedTexts } = decodeTraces(written);
      assert.deepEqual(value, traces, `round ${round}`);
      assert.equal(repairedTexts, 0);
      const logs = randomLogs(random);
      const theirs = logsRequest.encode(logsRequest.create(theirLogs(logs))).finish();
      assert.deepEqual(decodeLogs(theirs).value, logs, `round ${round}`);
    }
  });

  it('answers as they define it', () => {
    const partial = { rejectedSpans: 3, errorMessage: 'trois étaient vides' };
    const theirs = answer.encode(answer.create({ partialSuccess: partial })).finish();
    const ours = encodeAnswer({ rejected: 3, message: partial.errorMessage });
    assert.deepEqual([...ours], [...theirs]);
    assert.deepEqual(decodeAnswer(theirs), { rejected: 3, message: partial.errorMessage });
    assert.deepEqual(decodeAnswer(new Uint8Array()), { rejected: 0, message: '' });
    assert.equal(encodeAnswer({ rejected: 0, message: '' }).length, 0);
    const status = new protobuf.Type('Status')
      .add(new protobuf.Field('code', 1, 'int32'))
      .add(new protobuf.Field('message', 2, 'string'));
    const refused = status.encode(status.create({ code: 3, message: 'no' })).finish();
    assert.deepEqual(decodeRefusal(refused), { code: 3, message: 'no' });
  });
});
