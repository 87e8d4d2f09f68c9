import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {
  deepestOtlpValue,
  MalformedOtlp,
  type OtlpTraces,
  TooManyOtlpParts,
} from '../../src/formats/otlp.ts';
import { decodeAnswerJson, encodeAnswerJson } from '../../src/formats/otlpAnswer.ts';
import { decodeOtlpJson } from '../../src/formats/otlpJson.ts';
import { encodeTracesJson } from '../../src/formats/otlpJsonWriter.ts';
import { decodeTraces } from '../../src/formats/otlpProtobuf.ts';
import { decodeLogs } from '../../src/formats/otlpProtobufLogs.ts';
import { encodeTraces } from '../../src/formats/otlpProtobufWriter.ts';
import { randomTraces } from '../tools/randomOtlp.ts';
import { inRepo } from '../tools/repo.ts';
import { Random } from '../tools/sample/random.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
/** A text of JSON with one span of these fields. */
const withSpan = (fields: string) =>
  `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"${traceId}","spanId":"${spanId}",${fields}}]}]}]}`;
const spanOf = (text: string) => decodeOtlpJson(text).resourceSpans[0]!.scopeSpans[0]!.spans[0]!;
const attributeOf = (json: string) =>
  spanOf(withSpan(`"attributes":[{"key":"k","value":${json}}]`)).attributes[0]!.value;
const tracesOf = (text: string): OtlpTraces => ({
  resourceSpans: decodeOtlpJson(text).resourceSpans,
});
const malformed = (what: RegExp) => (error: unknown) =>
  error instanceof MalformedOtlp && what.test(error.message);

describe('OTLP', () => {
  it('goes through protobuf and through JSON by value', () => {
    const random = new Random(3);
    for (let round = 0; round < 200; round++) {
      const traces = randomTraces(random);
      const { bytes, repairedTexts } = encodeTraces(traces);
      assert.deepEqual(decodeTraces(bytes), { value: traces, repairedTexts: 0 }, `round ${round}`);
      assert.equal(repairedTexts, 0);
      const { text } = encodeTracesJson(traces);
      const { resourceSpans, skipped } = decodeOtlpJson(text);
      assert.deepEqual({ resourceSpans }, traces, `round ${round}`);
      assert.deepEqual(skipped, []);
    }
  });

  it('says how many texts were no texts', () => {
    const traces = tracesOf(withSpan('"name":"ok 🙂 \ufffd"'));
    const torn = structuredClone(traces) as unknown as { resourceSpans: { schemaUrl: string }[] };
    torn.resourceSpans[0]!.schemaUrl = `half \ud83d of a pair`;
    const lone = torn as unknown as OtlpTraces;
    const { bytes, repairedTexts } = encodeTraces(lone);
    assert.equal(repairedTexts, 1);
    assert.equal(encodeTracesJson(lone).repairedTexts, 1);
    const read = decodeTraces(bytes);
    assert.equal(read.value.resourceSpans[0]!.schemaUrl, 'half \ufffd of a pair');
    assert.equal(read.repairedTexts, 0, 'what was sent as U+FFFD is sound');
    const broken = encodeTraces(tracesOf(withSpan('"name":"~~~~"'))).bytes;
    broken[broken.indexOf(126)] = 0xc3;
    const { value, repairedTexts: found } = decodeTraces(broken);
    assert.equal(value.resourceSpans[0]!.scopeSpans[0]!.spans[0]!.name, '\ufffd~~~');
    assert.equal(found, 1);
    assert.equal(decodeOtlpJson(withSpan('"name":"\\ud83d"')).repairedTexts, 1);
  });

  it('in protobuf is refused with a place, or read, whatever bytes come', () => {
    const random = new Random(4);
    let refused = 0;
    const tried = (bytes: Uint8Array) => {
      for (const decode of [decodeTraces, decodeLogs]) {
        try {
          decode(bytes);
        } catch (error) {
          assert.ok(error instanceof MalformedOtlp, String(error));
          assert.ok(error.offset !== undefined && error.offset <= bytes.length, error.message);
          refused++;
        }
      }
    };
    for (let round = 0; round < 150; round++) {
      const { bytes } = encodeTraces(randomTraces(random));
      tried(bytes.subarray(0, random.whole(0, bytes.length)));
      const changed = bytes.slice();
      for (let at = 0; at < 3; at++) changed[random.whole(0, bytes.length)] = random.whole(0, 255);
      tried(changed);
      tried(Uint8Array.from({ length: 60 }, () => random.whole(0, 255)));
    }
    assert.ok(refused > 200, `${refused} were refused`);
  });

  it('in protobuf says what is wrong where', () => {
    const wrong: readonly [bytes: number[], words: RegExp][] = [
      [[0x0a, 0x05, 1], /5 bytes where 1 are left at offset 1/],
      [[0x0a], /cut off at offset 1/],
      [[0x02, 0x00], /without a number at offset 0/],
      [[0x08, 0x01], /field 1 of type 0 instead of 2/],
      [
        [0x0a, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1],
        /more than ten bytes/,
      ],
      [[0x0a, 0xff, 0xff, 0xff, 0xff, 0x7f], /too large/],
      [[0x13, 0x13, 0x0c], /end of another group/],
      [[0x17, 0x00], /field of type 7/],
      [[0x13], /group without an end/],
      [Array(200).fill(0x13), /field of type 3/],
    ];
    for (const [bytes, words] of wrong) {
      assert.throws(() => decodeTraces(Uint8Array.from(bytes)), malformed(words), String(words));
    }
    // Of a later version: stepped over.
    const later = [
      0x13, 0x08, 0x01, 0x14, 0x1d, 1, 2, 3, 4, 0x21, 1, 2, 3, 4, 5, 6, 7, 8, 0x28, 0x80, 1,
    ];
    assert.deepEqual(decodeTraces(Uint8Array.from(later)).value, { resourceSpans: [] });
  });

  it('has as many parts as it may have, whatever few bytes they take', () => {
    const spans = (count: number): number[] => {
      const all = Array.from({ length: count }, () => [0x12, 0]).flat();
      return [0x0a, all.length + 2, 0x12, all.length, ...all];
    };
    const one = Uint8Array.from(spans(1));
    const { resourceSpans } = decodeTraces(one, 16).value;
    assert.equal(resourceSpans[0]?.scopeSpans[0]?.spans.length, 1);
    assert.throws(() => decodeTraces(one, 15), TooManyOtlpParts);
    assert.equal(decodeTraces(Uint8Array.from(spans(30))).value.resourceSpans.length, 1);
  });

  it('is as deep as it may be, and no deeper', () => {
    const nested = (depth: number) =>
      `${'{"arrayValue":{"values":['.repeat(depth)}{"intValue":"1"}${']}}'.repeat(depth)}`;
    const text = (depth: number) => withSpan(`"attributes":[{"key":"k","value":${nested(depth)}}]`);
    const deepest = tracesOf(text(deepestOtlpValue - 1));
    assert.deepEqual(decodeTraces(encodeTraces(deepest).bytes).value, deepest);
    assert.match(decodeOtlpJson(text(deepestOtlpValue)).skipped[0]!, /nests too deeply/);
    assert.match(decodeOtlpJson(text(100_000)).skipped[0]!, /nests too deeply/);
    // One level more, around the value: by hand, since nothing of ours writes it.
    let value: number[] = [0x18, 1];
    const lengthed = (tag: number, inner: number[]) => {
      const length = [];
      for (let rest = inner.length; ; rest >>= 7) {
        length.push(rest > 127 ? (rest & 127) | 128 : rest);
        if (rest < 128) break;
      }
      return [tag, ...length, ...inner];
    };
    for (let at = 0; at < deepestOtlpValue; at++) value = lengthed(0x2a, lengthed(0x0a, value));
    const pair = lengthed(0x0a, [0x0a, 1, 107, ...lengthed(0x12, value)]);
    const tooDeep = lengthed(0x0a, lengthed(0x0a, pair));
    assert.throws(() => decodeTraces(Uint8Array.from(tooDeep)), malformed(/nests too deeply/));
  });

  it('in JSON is read in the forms that stray from its specification', () => {
    const straight = spanOf(
      withSpan(
        '"parentSpanId":"00f067aa0ba902b7","kind":3,"startTimeUnixNano":"1700000000000000001"',
      ),
    );
    const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64');
    const ids = [
      [traceId, spanId, '00f067aa0ba902b7'],
      [traceId.toUpperCase(), spanId.toUpperCase(), '00F067AA0BA902B7'],
      [`0x${traceId}`, `0x${spanId}`, '0x00f067aa0ba902b7'],
      [base64(traceId), base64(spanId), base64('00f067aa0ba902b7')],
      [base64(traceId).replace(/=+$/, ''), base64(spanId).replace(/=+$/, ''), 'APBnqgupArc'],
    ];
    for (const [trace, span, parent] of ids) {
      const text = `{"batches":[{"instrumentationLibrarySpans":[{"spans":[{"trace_id":"${trace}",
        "span_id":"${span}","parent_span_id":"${parent}","kind":"SPAN_KIND_CLIENT",
        "start_time_unix_nano":1700000000000000001}]}]}]}`;
      assert.deepEqual(spanOf(text), straight, trace);
    }
    const spans = spanOf(
      withSpan('"status":{"code":"STATUS_CODE_ERROR"},"events":null,"name":null'),
    );
    assert.deepEqual([spans.status.code, spans.events, spans.name], [2, [], '']);
    const library = '{"resource_spans":[{"scope_spans":[{"scope":{"name":"n"},"spans":[{}]}]}]}';
    assert.equal(decodeOtlpJson(library).resourceSpans[0]!.scopeSpans[0]!.scope.name, 'n');
  });

  it('in JSON has numbers that are exact, however they are written', () => {
    const values: readonly [json: string, value: unknown][] = [
      ['{"intValue":"9007199254740993"}', 9007199254740993n],
      ['{"intValue":9007199254740993}', 9007199254740993n],
      ['{"intValue":-9223372036854775808}', -(2n ** 63n)],
      ['{"intValue":5}', 5n],
      ['{"intValue":"1e3"}', 1000n],
      ['{"intValue":1.5}', 1.5],
      ['{"doubleValue":1}', 1],
      ['{"doubleValue":-0}', -0],
      ['{"doubleValue":"-Infinity"}', -Infinity],
      ['{"doubleValue":12345678901234567890}', 12345678901234567000],
      ['{"doubleValue":1234567890123456.5}', 1234567890123456.5],
      ['{"boolValue":false}', false],
      ['{"stringValue":""}', ''],
      [
        '{"stringValue":" 12345678901234567890 \\" 1,12345678901234567890"}',
        ' 12345678901234567890 " 1,12345678901234567890',
      ],
      ['{"bytesValue":"_-8="}', Uint8Array.of(255, 239)],
      ['{}', undefined],
      ['null', undefined],
      ['{"later":1}', undefined],
    ];
    for (const [json, value] of values) assert.deepEqual(attributeOf(json), value, json);
    assert.ok(Number.isNaN(attributeOf('{"doubleValue":"NaN"}')));
    // Beyond 64 bits nothing is rounded either.
    const { bytes } = encodeTraces(
      tracesOf(withSpan('"attributes":[{"key":"k","value":{"intValue":"18446744073709551616"}}]')),
    );
    const { attributes } = decodeTraces(bytes).value.resourceSpans[0]!.scopeSpans[0]!.spans[0]!;
    assert.equal(attributes[0]!.value, '18446744073709551616');
  });

  it('in JSON leaves out the span that is wrong, and says which', () => {
    const wrong: readonly [fields: string, words: string][] = [
      ['"parentSpanId":"no id"', 'spans[0].parentSpanId is no id'],
      ['"parentSpanId":7', 'spans[0].parentSpanId is no id'],
      ['"startTimeUnixNano":"-1"', 'spans[0].startTimeUnixNano is no time in nanoseconds'],
      [
        '"startTimeUnixNano":"18446744073709551616"',
        'spans[0].startTimeUnixNano is no time in nanoseconds',
      ],
      ['"attributes":7', 'spans[0].attributes is no list'],
      [
        '"attributes":[{"value":{"intValue":"secret"}}]',
        'spans[0] holds a whole number that is none',
      ],
      ['"attributes":[{"value":{"doubleValue":""}}]', 'spans[0] holds a number that is none'],
      ['"attributes":[{"value":{"bytesValue":"?"}}]', 'spans[0] holds bytes that are no base64'],
      ['"events":{}', 'spans[0].events is no list'],
    ];
    for (const [fields, words] of wrong) {
      const { resourceSpans, skipped } = decodeOtlpJson(
        withSpan(`${fields}},{"traceId":"${traceId}","spanId":"${spanId}","name":"sound"`),
      );
      assert.deepEqual(skipped, [`resourceSpans[0].scopeSpans[0].${words}`]);
      assert.equal(resourceSpans[0]!.scopeSpans[0]!.spans[0]!.name, 'sound', fields);
    }
    assert.throws(() => decodeOtlpJson('{"resourceSpans":[}'), malformed(/no JSON/));
    assert.throws(
      () => decodeOtlpJson('{"resourceSpans":7}'),
      malformed(/resourceSpans is no list/),
    );
    for (const text of ['', '[]', 'null', '7']) {
      assert.throws(() => decodeOtlpJson(text), malformed(/no (JSON|object)/), text);
    }
    assert.deepEqual(decodeOtlpJson('{}').resourceSpans, []);
  });

  it('is read from the fixtures of ../shared, in both encodings the same', function () {
    const folder = inRepo('../shared/fixtures/otlp-json');
    if (!fs.existsSync(folder)) this.skip();
    const read = (name: string) => fs.readFileSync(path.join(folder, name));
    const names = fs.readdirSync(folder).filter(name => name.endsWith('.json'));
    assert.ok(names.length > 4);
    for (const name of names) {
      const { resourceSpans, skipped, repairedTexts } = decodeOtlpJson(read(name).toString());
      const spans = resourceSpans.flatMap(one => one.scopeSpans.flatMap(scope => scope.spans));
      assert.deepEqual([skipped, repairedTexts], [[], 0], name);
      assert.ok(spans.length > 0, name);
      for (const span of spans)
        assert.match(`${span.traceId} ${span.spanId}`, /^[0-9a-f]{32} [0-9a-f]{16}$/);
    }
    const stem = 'anthropic-sdk-1.12.0-native.content.otlp';
    const traces = tracesOf(read(`${stem}.json`).toString());
    assert.deepEqual(decodeTraces(read(`${stem}.pb`)).value, traces);
  });

  it('has answers in JSON', () => {
    const partial = { rejected: 2, message: 'why' };
    for (const counted of ['rejectedSpans', 'rejectedLogRecords'] as const) {
      assert.deepEqual(decodeAnswerJson(encodeAnswerJson(partial, counted)), partial);
    }
    assert.equal(encodeAnswerJson({ rejected: 0, message: '' }), '{}');
    assert.deepEqual(decodeAnswerJson(''), { rejected: 0, message: '' });
    assert.deepEqual(decodeAnswerJson('{"partialSuccess":null}'), { rejected: 0, message: '' });
    assert.throws(() => decodeAnswerJson('<html>'), malformed(/no JSON/));
  });
});
