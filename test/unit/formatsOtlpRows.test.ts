import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { RowPacker } from '../../src/core/rowPacker.ts';
import type { EventRow, SpanRow } from '../../src/core/traceRows.ts';
import { exactJson, parseExact } from '../../src/formats/exactJson.ts';
import { exportedSpan } from '../../src/formats/exportedSpan.ts';
import { nanosOfSeconds, secondsOfNanos } from '../../src/formats/nanos.ts';
import type { OtlpSpan, OtlpTraces } from '../../src/formats/otlp.ts';
import { spanIdOf, traceIdOf } from '../../src/formats/otlpIds.ts';
import { decodeOtlpJson } from '../../src/formats/otlpJson.ts';
import { encodeTracesJson } from '../../src/formats/otlpJsonWriter.ts';
import { otlpOfSpan } from '../../src/formats/otlpOfSpan.ts';
import { decodeTraces } from '../../src/formats/otlpProtobuf.ts';
import { encodeTraces } from '../../src/formats/otlpProtobufWriter.ts';
import { rowsOfOtlp } from '../../src/formats/otlpRows.ts';
import { localReader } from '../../src/node/localReader.ts';
import { TraceFileWriter } from '../../src/node/traceFileWriter.ts';
import { randomAttributes, randomTraces, randomValue } from '../tools/randomOtlp.ts';
import { Random } from '../tools/sample/random.ts';
import { all, dist, readAll } from './support/traceDb.ts';

const options = { synchronous: 'normal', busyMs: 100 } as const;
const noScope = { name: '', version: '', attributes: [], droppedAttributesCount: 0 };
const noResource = { attributes: [], droppedAttributesCount: 0 };

const tracesOf = (spans: readonly OtlpSpan[]): OtlpTraces => ({
  resourceSpans: [
    { resource: noResource, scopeSpans: [{ scope: noScope, spans, schemaUrl: '' }], schemaUrl: '' },
  ],
});
const spansOf = ({ resourceSpans }: OtlpTraces): readonly OtlpSpan[] =>
  resourceSpans.flatMap(one => one.scopeSpans.flatMap(scope => scope.spans));
const ways: readonly [name: string, through: (traces: OtlpTraces) => OtlpTraces][] = [
  ['protobuf', traces => decodeTraces(encodeTraces(traces).bytes).value],
  ['JSON', traces => decodeOtlpJson(encodeTracesJson(traces).text)],
];

/** All that a file holds, with its metadata as values that tell 1 from 1.0. */
function contentOf(file: string) {
  const db = new DatabaseSync(file, { readOnly: true });
  const rows = (sql: string) => db.prepare(sql).all() as Record<string, string | number | null>[];
  const exact = (text: unknown) => parseExact(String(text))?.value;
  const spans = rows('SELECT * FROM spans ORDER BY span_id').map(({ metadata, ...others }) => ({
    ...others,
    metadata: exact(metadata),
  }));
  const events = rows(
    'SELECT span_id, run_id, time, name, attributes FROM events ORDER BY span_id, time, name',
  ).map(({ attributes, ...others }) => ({ ...others, attributes: exact(attributes) }));
  db.close();
  return { spans, events };
}

function randomRows(random: Random, run: number): (SpanRow | EventRow)[] {
  const rows: (SpanRow | EventRow)[] = [];
  const runId = random.pick([random.uuid(), random.text('0123456789abcdef', 32), `run ${run} é`]);
  const ids: string[] = [];
  for (let at = 0; at < 6; at++) {
    const spanId = random.pick([
      random.uuid(),
      random.text('0123456789abcdef', 16),
      `${run}/${at}`,
    ]);
    const startTime = random.between(1.6e9, 1.9e9);
    const failed = random.whole(0, 3) === 0;
    const metadata = {
      entries: [{ key: 'request', value: randomValue(random) }, ...unique(random)],
    };
    rows.push({
      type: 'span',
      spanId,
      runId,
      parentSpanId: at === 0 ? undefined : random.pick(ids),
      name: random.pick(['chat', 'é 🙂 "', '', 'a\nb']),
      startTime,
      endTime: random.pick([startTime + random.next() * 100, startTime, undefined]),
      status: failed ? 'error' : random.pick(['ok', 'running'] as const),
      inputTokens: random.pick([0, 5, 2 ** 40]),
      outputTokens: random.pick([0, 7]),
      costUsd: random.pick([0, 0.1 + 0.2, undefined]),
      model: random.pick(['', 'claude-haiku-4-5']),
      metadata: exactJson(metadata),
      error: failed ? 'it broke é' : undefined,
    });
    ids.push(spanId);
    for (let event = random.whole(0, 2); event > 0; event--) {
      const attributes = exactJson({ entries: unique(random) });
      const time = startTime + random.next();
      rows.push({ type: 'event', spanId, runId, time, name: `event ${event}`, attributes });
    }
  }
  return rows;
}

/** Names of objects in JSON are each there once. */
const unique = (random: Random) =>
  randomAttributes(random, 1).map(({ value }, at) => ({ key: `key${at} é`, value: sound(value) }));
type Value = ReturnType<typeof randomValue>;
/** As `randomValue`, without keys that are there twice. */
function sound(value: Value): Value {
  if (typeof value !== 'object' || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(sound);
  const { entries } = value as { entries: { key: string; value: Value }[] };
  return {
    entries: entries.map((one, at) => ({ key: `${one.key}${at}`, value: sound(one.value) })),
  };
}

describe('A trace file that goes out as OTLP', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'agent-traces-otlp-'));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  async function exported(file: string): Promise<OtlpSpan[]> {
    const reader = localReader(dist);
    await reader.open(file, { kind: 'path', path: file, name: 'f' });
    await readAll(reader, file);
    const spans: OtlpSpan[] = [];
    const { runs } = await reader.runs(file, all);
    for (const { runId } of runs) {
      for (let offset = 0, total = 1; offset < total; ) {
        const page = await reader.recordedSpans(file, runId, offset);
        for (const one of page.spans) {
          spans.push(otlpOfSpan(exportedSpan(one), { exact: true })!.span);
        }
        total = page.total;
        offset += page.spans.length;
      }
    }
    await reader.close(file);
    return spans;
  }

  it('comes back as the same rows, by value', async () => {
    const random = new Random(11);
    const file = path.join(folder, 'a.db');
    const writer = new TraceFileWriter(file, options);
    const rows = Array.from({ length: 25 }, (_, run) => randomRows(random, run)).flat();
    writer.writeRows(rows);
    writer.close();
    const before = contentOf(file);
    assert.equal(before.spans.length, 150);
    const spans = await exported(file);
    assert.equal(new Set(spans.map(span => span.spanId)).size, 150);
    for (const back of await thereAndBack(file)) assert.deepEqual(contentOf(back), before, back);
  });

  /** Each span on its way out and into another file, once for each way. */
  async function thereAndBack(file: string): Promise<string[]> {
    const spans = await exported(file);
    return ways.map(([name, through]) => {
      const back = `${file}.${name}.db`;
      const packer = new RowPacker();
      for (const span of spansOf(through(tracesOf(spans)))) {
        const { span: row, events } = rowsOfOtlp(span, { resource: noResource, scope: noScope });
        packer.span(row);
        for (const event of events) packer.event(event);
      }
      const received = new TraceFileWriter(back, options);
      assert.equal(received.write([packer.take()], { spans: 0, events: 0 }), 0);
      received.close();
      return back;
    });
  }

  it('has bytes in columns for text as the text that they are read as', async () => {
    const file = path.join(folder, 'bytes.db');
    const writer = new TraceFileWriter(file, options);
    writer.writeRows(
      Array.from({ length: 4 }, (_, run) => randomRows(new Random(20 + run), run)).flat(),
    );
    writer.close();
    const db = new DatabaseSync(file);
    const columns = ['name', 'status', 'model', 'metadata', 'error'];
    const texts = (of: DatabaseSync) =>
      of
        .prepare(`SELECT span_id, ${columns.map(one => `CAST(${one} AS TEXT) ${one}`)}
        FROM spans ORDER BY span_id`)
        .all();
    const before = texts(db);
    for (const one of columns) db.exec(`UPDATE spans SET ${one} = CAST(${one} AS BLOB)`);
    db.exec('UPDATE events SET name = CAST(name AS BLOB), attributes = CAST(attributes AS BLOB)');
    const [{ span_id: none }] = before as [{ span_id: string }];
    const noText = "x'ff00fe22'";
    db.exec(`UPDATE spans SET name = ${noText}, metadata = ${noText}, error = ${noText}, model = ${noText}
      WHERE span_id = '${none}'`);
    db.close();
    for (const back of await thereAndBack(file)) {
      const found = new DatabaseSync(back, { readOnly: true });
      const [first, ...others] = texts(found);
      assert.deepEqual(
        others.map(one => [one.name, one.status, one.model, one.error]),
        before.slice(1).map(one => [one.name, one.status, one.model, one.error]),
      );
      assert.deepEqual(
        others.map(({ metadata }) => parseExact(String(metadata))?.value),
        before.slice(1).map(({ metadata }) => parseExact(String(metadata))?.value),
      );
      // Bytes that are no text cannot be told in OTLP's texts; what they are read as is.
      const read = '\ufffd\0\ufffd"';
      assert.deepEqual([first!.name, first!.model], [read, read]);
      assert.match(String(first!.metadata), /\ufffd/);
      found.close();
    }
  });

  it('has events whole, and says how many it does not have', async () => {
    const file = path.join(folder, 'events.db');
    const writer = new TraceFileWriter(file, options);
    const [root] = randomRows(new Random(30), 0) as [SpanRow];
    const event = (time: number, name: string, text: string): EventRow => ({
      type: 'event',
      spanId: root.spanId,
      runId: root.runId,
      time,
      name,
      attributes: JSON.stringify({ text }),
    });
    writer.writeRows([
      { ...root, parentSpanId: undefined },
      ...Array.from({ length: 1500 }, (_, at) => event(at, 'e', '')),
      event(2000, 'n'.repeat(3000), 'x'.repeat(1_200_000)),
      event(2001, 'too large', 'x'.repeat(9_000_000)),
    ]);
    writer.close();
    const [span] = await exported(file);
    assert.equal(span!.events.length, 1501);
    assert.equal(span!.droppedEventsCount, 1);
    const last = span!.events.at(-1)!;
    assert.equal(last.name.length, 3000);
    const text = last.attributes.find(({ key }) => key === 'text')!.value as string;
    assert.equal(text.length, 1_200_000);
  });

  it('keeps what OTLP has and a trace file has no column for', async () => {
    const random = new Random(12);
    const scope = { ...noScope, name: 'lib', version: '2' };
    const attributes = [
      { key: 'a.whole', value: 2n ** 60n + 1n },
      { key: 'a.double', value: 2 },
      { key: 'a.bytes', value: Uint8Array.of(0, 255) },
      { key: 'a.list', value: [1n, 'x', Number.NaN] },
      { key: 'a.map', value: { entries: [{ key: 'b', value: { entries: [] } }] } },
    ];
    const sent = randomTraces(random)
      .resourceSpans.flatMap(one => one.scopeSpans.flatMap(inner => inner.spans))
      .map((span, at) => ({
        ...span,
        attributes,
        // What the file's seconds hold; the rest is rounded to them.
        startNanos: nanosOfSeconds(secondsOfNanos(span.startNanos))!,
        endNanos: nanosOfSeconds(secondsOfNanos(span.startNanos) + at)!,
        parentSpanId: '',
        events: [{ timeNanos: span.startNanos, name: 'e', attributes, droppedAttributesCount: 0 }],
        links: span.links.map(link => ({ ...link, attributes, droppedAttributesCount: 0 })),
        status: at % 2 === 0 ? { code: 1, message: '' } : { code: 2, message: 'broke' },
        droppedAttributesCount: 0,
        droppedEventsCount: 0,
        droppedLinksCount: 0,
      }));
    assert.ok(sent.length > 4);
    const file = path.join(folder, 'kept.db');
    const packer = new RowPacker();
    for (const span of sent) {
      const { span: row, events } = rowsOfOtlp(span, { resource: noResource, scope });
      packer.span(row);
      for (const event of events) packer.event(event);
    }
    const writer = new TraceFileWriter(file, options);
    writer.write([packer.take()], { spans: 0, events: 0 });
    writer.close();
    const back = new Map((await exported(file)).map(span => [span.spanId, span]));
    for (const span of sent) {
      const found = back.get(span.spanId)!;
      assert.deepEqual(
        [found.traceId, found.name, found.kind, found.flags, found.traceState, found.status],
        [
          span.traceId,
          span.name,
          span.kind === 0 ? 1 : span.kind,
          span.flags,
          span.traceState,
          span.status,
        ],
      );
      assert.deepEqual([found.startNanos, found.endNanos], [span.startNanos, span.endNanos]);
      const exact = found.attributes.find(({ key }) => key === 'agent_trace.metadata')!.value;
      const { entries } = exact as { entries: readonly unknown[] };
      for (const one of attributes) {
        assert.ok(
          entries.some(entry => JSON.stringify(entry, big) === JSON.stringify(one, big)),
          one.key,
        );
      }
      assert.equal(found.links.length, span.links.length);
    }
  });

  const big = (_: string, value: unknown): unknown =>
    typeof value === 'bigint' ? `${value}n` : value;

  it('has ids of the right form, the same each time, and other ones for others', () => {
    const uuid = '0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b';
    assert.equal(traceIdOf(uuid), '0199a1b2c3d47e5f8a9b0c1d2e3f4a5b');
    assert.equal(traceIdOf('a'.repeat(32)), 'a'.repeat(32));
    assert.notEqual(traceIdOf('0'.repeat(32)), '0'.repeat(32), 'all zero is no id');
    const made = new Set<string>();
    for (let at = 0; at < 20_000; at++) {
      const id = spanIdOf('run', `0199a1b2-c3d4-7e5f-8a9b-${at.toString(16).padStart(12, '0')}`);
      assert.match(id, /^[0-9a-f]{16}$/);
      made.add(id);
    }
    assert.equal(made.size, 20_000);
    assert.equal(spanIdOf('run', 'x'), spanIdOf('run', 'x'));
    assert.notEqual(spanIdOf('run', 'x'), spanIdOf('run 2', 'x'));
  });

  it('has times to the nanosecond that a double of seconds holds', () => {
    const random = new Random(13);
    for (let round = 0; round < 3000; round++) {
      const seconds = random.between(1e8, 4e9);
      assert.equal(secondsOfNanos(nanosOfSeconds(seconds)!), seconds);
    }
    assert.equal(nanosOfSeconds(1_700_000_000.5), 1_700_000_000_500_000_000n);
    for (const none of [undefined, Number.NaN, -1, 1e300])
      assert.equal(nanosOfSeconds(none), undefined);
  });

  it('reads JSON exactly, or not at all', () => {
    const random = new Random(14);
    for (let round = 0; round < 300; round++) {
      const value = sound(randomValue(random));
      assert.deepEqual(parseExact(exactJson(value))?.value, value, exactJson(value));
    }
    for (const text of ['', '{', '[1,]', '{"a"}', '01', 'nul', '"a', '[1 2]', '{"a":1}x', '-']) {
      assert.equal(parseExact(text), undefined, text);
    }
    assert.equal(parseExact('['.repeat(100_000)), undefined);
    const twin = { entries: [{ key: 'bytesValue', value: 'AA==' }] };
    assert.deepEqual(parseExact(exactJson(twin))?.value, twin, 'a map that looks like bytes');
  });
});
