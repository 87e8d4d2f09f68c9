// The official JavaScript exporter's serializers, given spans of its own SDK, beside ours.
import assert from 'node:assert/strict';
import path from 'node:path';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import protobuf from 'protobufjs';
import { decodeOtlpJson } from '../../src/formats/otlpJson.ts';
import { encodeTracesJson } from '../../src/formats/otlpJsonWriter.ts';
import { decodeTraces } from '../../src/formats/otlpProtobuf.ts';
import { encodeTraces } from '../../src/formats/otlpProtobufWriter.ts';
import { inRepo } from '../tools/repo.ts';

const root = new protobuf.Root();
root.resolvePath = (_, target) => inRepo('test/peers/proto', path.basename(target));
const request = root
  .loadSync('trace_service.proto')
  .lookupType('opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest');

/** The same message without counts of dropped things that are 0, written by protobufjs. */
function withoutZeros(bytes: Uint8Array): Buffer {
  const text = JSON.stringify(
    request.toObject(request.decode(bytes), { longs: String, bytes: String }),
  );
  const message = JSON.parse(text, (key, value: unknown) =>
    /^dropped\w+Count$/.test(key) && value === 0 ? undefined : value,
  );
  return Buffer.from(request.encode(request.fromObject(message)).finish());
}

describe('OTLP, beside the official JavaScript exporter', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  after(() => provider.shutdown());

  before(() => {
    const tracer = provider.getTracer('agent', '1.2.3');
    const root = tracer.startSpan('invoke_agent', {
      kind: SpanKind.INTERNAL,
      startTime: [1_760_000_000, 123_456_789],
    });
    const options = {
      kind: SpanKind.CLIENT,
      attributes: {
        text: 'é 🙂 "quoted"',
        whole: 42,
        negative: -7,
        large: 2 ** 53 - 1,
        half: 0.5,
        yes: true,
        list: ['a', 'b'],
        numbers: [1, 2.5],
        empty: '',
      },
      links: [{ context: root.spanContext(), attributes: { 'link.type': 'parent_of' } }],
    };
    const call = tracer.startSpan('chat é 🙂', options, trace.setSpan(ROOT_CONTEXT, root));
    call.addEvent('first token', { at: 3 }, [1_760_000_001, 5]);
    call.setStatus({ code: SpanStatusCode.ERROR, message: 'overloaded' });
    call.end();
    root.setStatus({ code: SpanStatusCode.OK });
    root.end([1_760_000_002, 1]);
  });

  it('gives the same bytes in protobuf, but for the counts that are 0', () => {
    const theirs = ProtobufTraceSerializer.serializeRequest(exporter.getFinishedSpans())!;
    const { value, repairedTexts } = decodeTraces(theirs);
    assert.equal(repairedTexts, 0);
    const spans = value.resourceSpans.flatMap(one => one.scopeSpans.flatMap(scope => scope.spans));
    assert.deepEqual(
      spans.map(span => [span.name, span.startNanos > 0n, span.kind, span.status.code]),
      [
        ['chat é 🙂', true, 3, 2],
        ['invoke_agent', true, 1, 1],
      ],
    );
    assert.equal(spans[1]?.startNanos, 1_760_000_000_123_456_789n);
    // They write how many were dropped also where none were, which protobuf leaves out.
    assert.notDeepEqual(Buffer.from(encodeTraces(value).bytes), Buffer.from(theirs));
    assert.deepEqual(Buffer.from(encodeTraces(value).bytes), withoutZeros(theirs));
  });

  it('gives the same values in JSON', () => {
    const theirs = new TextDecoder().decode(
      JsonTraceSerializer.serializeRequest(exporter.getFinishedSpans())!,
    );
    const protobuf = decodeTraces(
      ProtobufTraceSerializer.serializeRequest(exporter.getFinishedSpans())!,
    ).value;
    const read = decodeOtlpJson(theirs);
    assert.deepEqual(read.resourceSpans, protobuf.resourceSpans);
    // Two differences in form, which the specification leaves open: they write counts that are 0 and empty lists,
    // and whole numbers as numbers where these are safe; we write neither, and all 64 bits as texts.
    const ours = encodeTracesJson({ resourceSpans: read.resourceSpans }).text;
    assert.deepEqual(decodeOtlpJson(ours), read);
  });
});
