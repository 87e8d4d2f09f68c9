import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { importFiles } from '../../src/node/importFiles.ts';
import { ReceivedFile } from '../../src/node/receivedFile.ts';
import { readRequest } from '../../src/node/receivedRequest.ts';

interface Call {
  readonly id: string;
  readonly parent?: string;
  readonly scope: string;
  readonly input?: number;
  readonly answer?: string;
  readonly failed?: boolean;
  readonly startMs?: number;
}

const model = 'claude-haiku-4-5';
const value = (one: string | number) =>
  typeof one === 'string' ? { stringValue: one } : { intValue: String(one) };

/** OTLP with one call; `input` tokens and half as many of output. */
function otlp({ id, parent, scope, input, answer, failed, startMs = 0 }: Call): string {
  const attributes = {
    ...{ 'gen_ai.operation.name': 'chat', 'gen_ai.response.model': model },
    ...(input !== undefined && {
      ...{ 'gen_ai.usage.input_tokens': input, 'gen_ai.usage.output_tokens': input / 2 },
    }),
    ...(answer !== undefined && { 'gen_ai.response.id': answer }),
  };
  const nanos = (ms: number) => `${BigInt(1_795_474_998_576 + ms) * 1_000_000n}`;
  const span = {
    ...{ traceId: 'a'.repeat(32), spanId: id.padStart(16, '0'), name: id, kind: 1 },
    ...(parent !== undefined && { parentSpanId: parent.padStart(16, '0') }),
    ...{ startTimeUnixNano: nanos(startMs), endTimeUnixNano: nanos(50) },
    attributes: Object.entries(attributes).map(([key, one]) => ({ key, value: value(one) })),
    status: failed ? { code: 2, message: 'refused' } : {},
  };
  return JSON.stringify({
    resourceSpans: [{ scopeSpans: [{ scope: { name: scope }, spans: [span] }] }],
  });
}

const outer = { id: 'a1', scope: 'openinference' } as const;
const inner = { id: 'b1', parent: 'a1', scope: 'sdk' } as const;

describe('A call that two libraries recorded, one around the other', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'agent-traces-same-'));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));
  let files = 0;

  /** The calls that a file counts, by name, with their input. */
  function counted(file: string): Record<string, number> {
    const db = new DatabaseSync(file, { readOnly: true });
    const rows = db
      .prepare(`SELECT name, input_tokens, cost_usd, json_extract(metadata, '$.kind') AS kind,
        json_extract(metadata, '$.usage') AS usage FROM spans WHERE model <> '' ORDER BY name`)
      .all();
    const [sum] = db.prepare('SELECT total(cost_usd) AS cost FROM spans').all();
    db.close();
    for (const { kind } of rows) assert.equal(kind, 'llm');
    assert.equal(
      sum?.cost,
      rows.reduce((all, row) => all + Number(row.cost_usd), 0),
    );
    return Object.fromEntries(rows.map(row => [row.name, Number(row.input_tokens)]));
  }

  /** Each in a request of its own, in this order. */
  function received(...calls: readonly Call[]): Record<string, number> {
    const to = path.join(folder, `${files++}.db`);
    const file = new ReceivedFile(to);
    for (const [id, call] of calls.entries()) {
      file.begin();
      const bytes = new Uint8Array(Buffer.from(otlp(call)));
      readRequest({ id, signal: 'traces', type: 'json', bytes }).write(file);
      file.commit();
    }
    file.close();
    return counted(to);
  }

  /** As `received`, by programs that take one each. */
  function receivedByMany(...calls: readonly Call[]): Record<string, number> {
    const to = path.join(folder, `${files++}.db`);
    for (const [id, call] of calls.entries()) {
      const file = new ReceivedFile(to);
      file.begin();
      const bytes = new Uint8Array(Buffer.from(otlp(call)));
      readRequest({ id, signal: 'traces', type: 'json', bytes }).write(file);
      file.commit();
      file.close();
    }
    return counted(to);
  }

  async function imported(...calls: readonly Call[]): Promise<Record<string, number>> {
    const from = path.join(folder, `${files++}.jsonl`);
    const to = path.join(folder, `${files++}.db`);
    fs.writeFileSync(from, calls.map(otlp).join('\n'));
    await importFiles({ files: [from], to });
    return counted(to);
  }

  /** What comes of calls, whichever is first and however they come. */
  async function each(calls: readonly Call[], expected: Record<string, number>): Promise<void> {
    for (const order of orders(calls)) {
      const names = order.map(call => call.id).join();
      assert.deepEqual(received(...order), expected, `received ${names}`);
      assert.deepEqual(received(...order, ...order), expected, `received twice ${names}`);
      assert.deepEqual(receivedByMany(...order), expected, `received by many ${names}`);
      assert.deepEqual(await imported(...order), expected, `imported ${names}`);
    }
  }

  it('counts once, by its usage', () =>
    each(
      [
        { ...outer, input: 100 },
        { ...inner, input: 100 },
      ],
      { a1: 100 },
    ));

  it('counts once, by the id of its answer', () =>
    each(
      [
        { ...outer, answer: 'msg_1' },
        { ...inner, input: 100, answer: 'msg_1' },
      ],
      { b1: 100 },
    ));

  it('counts once where it failed', () =>
    each(
      [
        { ...outer, failed: true },
        { ...inner, failed: true },
      ],
      { a1: 0 },
    ));

  it('counts once where three recorded it', () =>
    each(
      [
        { ...outer, input: 100 },
        { ...inner, input: 100 },
        { id: 'c1', parent: 'b1', scope: 'http', input: 100 },
      ],
      { a1: 100 },
    ));

  it('is none where the answers are two', () =>
    each(
      [
        { ...outer, input: 100, answer: 'msg_1' },
        { ...inner, input: 100, answer: 'msg_2' },
      ],
      { a1: 100, b1: 100 },
    ));

  it('is none where one library recorded both, or the usage is another', async () => {
    await each(
      [
        { ...outer, input: 100 },
        { ...inner, input: 100, scope: outer.scope },
      ],
      {
        ...{ a1: 100, b1: 100 },
      },
    );
    await each(
      [
        { ...outer, input: 100 },
        { ...inner, input: 80 },
      ],
      { a1: 100, b1: 80 },
    );
    await each(
      [
        { ...outer, failed: true },
        { ...inner, input: 80 },
      ],
      { a1: 0, b1: 80 },
    );
  });

  it('leaves a call that comes after it within the same span', () => {
    const second = { ...inner, id: 'b2', startMs: 20, input: 100 };
    assert.deepEqual(received({ ...inner, input: 100 }, second, { ...outer, input: 100 }), {
      ...{ a1: 100, b2: 100 },
    });
  });

  it('leaves calls side by side', () =>
    each(
      [
        { id: 'a1', scope: 'openinference', input: 100 },
        { id: 'b1', scope: 'sdk', input: 100 },
      ],
      { a1: 100, b1: 100 },
    ));
});

function orders<T>(all: readonly T[]): T[][] {
  if (all.length < 2) return [[...all]];
  return all.flatMap((one, at) =>
    orders(all.filter((_, other) => other !== at)).map(rest => [one, ...rest]),
  );
}
