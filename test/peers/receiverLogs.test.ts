import assert from 'node:assert/strict';
import fs from 'node:fs';
import { type Receiver, startReceiver } from '../../src/node/receiver.ts';
import { tempFolder } from './python.ts';
import {
  aSpan,
  attribute,
  receiveInto,
  rowsIn,
  send,
  shownOf,
  traces,
  worker,
} from './receiving.ts';

type Values = Readonly<Record<string, string | number | boolean>>;
const listed = (values: Values) =>
  Object.entries(values).map(([key, value]) => attribute(key, value));

// In the form that Claude Code has: the cost stands in the log only, and nothing but ids says where it belongs.
const traceId = 'c1a0de'.padEnd(32, '0');
const call = aSpan({
  traceId,
  parentSpanId: 'a'.repeat(16),
  name: 'claude_code.llm_request',
  attributes: listed({
    'span.type': 'llm_request',
    model: 'claude-haiku-4-5',
    input_tokens: 100,
    cache_read_tokens: 2000,
    output_tokens: 50,
    request_id: 'req_1',
  }),
});
const tool = aSpan({
  traceId,
  parentSpanId: 'a'.repeat(16),
  name: 'claude_code.tool',
  attributes: listed({ 'span.type': 'tool', tool_name: 'Bash', tool_use_id: 'toolu_1' }),
});
const turn = aSpan({
  traceId,
  spanId: 'a'.repeat(16),
  name: 'claude_code.interaction',
  attributes: listed({ 'span.type': 'interaction', 'prompt.id': 'p1' }),
});
const record = (event: string, values: Values, second = 98.6) => ({
  timeUnixNano: `17954749${second.toFixed(1).replace('.', '')}00000000`
    .padEnd(19, '0')
    .slice(0, 19),
  body: { stringValue: `claude_code.${event}` },
  attributes: listed({ 'event.name': event, 'session.id': 's1', ...values }),
});
const logs = JSON.stringify({
  resourceLogs: [
    {
      scopeLogs: [
        {
          scope: { name: 'com.anthropic.claude_code.events' },
          logRecords: [
            record('user_prompt', { 'prompt.id': 'p1', prompt: 'Count the files.' }),
            record('api_request', { 'prompt.id': 'p1', request_id: 'req_1', cost_usd: '0.0125' }),
            record('tool_result', {
              'prompt.id': 'p1',
              tool_use_id: 'toolu_1',
              success: 'false',
              error: 'no such command',
              tool_input: '{"command":"lss"}',
            }),
          ],
        },
      ],
    },
  ],
});

describe('Records of the log of Claude Code', () => {
  let folder = '';
  let receiver: Receiver | undefined;
  before(() => {
    folder = tempFolder();
  });
  afterEach(() => receiver?.close());
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  const spans = ['traces', traces(call, tool, turn)] as const;
  const records = ['logs', logs] as const;
  const within = logs.replaceAll(
    '"timeUnixNano"',
    `"traceId":"${traceId}","spanId":"${turn.spanId}",$&`,
  );
  for (const [order, sent] of [
    ['before their spans', [records, spans]],
    ['after their spans', [spans, records]],
    ['twice, and spans again', [spans, records, records, spans]],
    ['as written within their turn', [spans, ['logs', within]]],
    ['as written within their turn, before it', [['logs', within], spans]],
  ] as const) {
    it(`give them cost, content and failures, sent ${order}`, async () => {
      const started = await receiveInto(folder);
      ({ receiver } = started);
      for (const [signal, body] of sent) {
        const answer = await send(`${receiver.url}/v1/${signal}`, body);
        assert.deepEqual([answer.status, String(answer.body)], [200, '{}']);
      }
      const { runs, spansOf, detail } = await shownOf(started.file);
      assert.deepEqual(
        runs.map(run => [run.name, run.cost]),
        [['claude_code.interaction', 0.0125]],
      );
      const seen = await spansOf(traceId);
      const of = (name: string) => seen.find(span => span.name === name);
      const metadataOf = async (name: string) =>
        JSON.parse((await detail(of(name)?.spanId ?? '')).metadata?.text ?? '{}');
      assert.equal((await metadataOf('claude_code.interaction')).input, 'Count the files.');
      const asked = of('claude_code.llm_request');
      assert.deepEqual([asked?.cost, asked?.costSource], [0.0125, 'recorded']);
      assert.deepEqual([asked?.usage.input, asked?.usage.cacheRead], [100, 2000]);
      const ran = of('claude_code.tool');
      assert.deepEqual([ran?.kind, ran?.status, ran?.error], ['tool', 'error', 'no such command']);
      assert.deepEqual((await metadataOf('claude_code.tool')).tool_input, { command: 'lss' });
      // Each is kept once, as an event of its span.
      assert.equal(rowsIn(started.file, 'SELECT * FROM events').length, 3);
    });
  }

  const said = (...logRecords: readonly unknown[]): string =>
    JSON.stringify({ resourceLogs: [{ scopeLogs: [{ scope: {}, logRecords }] }] });
  const first = { 'prompt.id': 'p1', 'event.sequence': 1 };
  const prompt = record('user_prompt', { ...first, prompt: 'Count the files.' }, 50);
  const answered = record(
    'api_request',
    {
      ...first,
      request_id: 'req_1',
      model: 'claude-haiku-4-5',
      cost_usd: '0.0125',
      duration_ms: '1500',
      input_tokens: '100',
      output_tokens: '50',
      cache_read_tokens: '2000',
      cache_creation_tokens: '0',
      'user.email': 'user@example.com',
    },
    52,
  );
  const ran = record(
    'tool_result',
    {
      ...first,
      tool_use_id: 'toolu_1',
      tool_name: 'Bash',
      success: 'false',
      error: 'no such command',
      duration_ms: 200,
      tool_input: '{"command":"lss"}',
    },
    53,
  );
  const overloaded = record(
    'api_error',
    {
      ...first,
      'event.sequence': 9,
      model: 'claude-haiku-4-5',
      error: 'Overloaded',
      duration_ms: 400,
    },
    54,
  );

  for (const [order, sent] of [
    ['in their order', [prompt, answered, ran]],
    ['the other way round, and twice', [ran, answered, prompt, ran, answered, prompt]],
  ] as const) {
    it(`of a session without spans are a run of it, sent ${order}`, async () => {
      const started = await receiveInto(folder);
      ({ receiver } = started);
      for (const one of sent) {
        const answer = await send(`${receiver.url}/v1/logs`, said(one));
        assert.deepEqual([answer.status, String(answer.body)], [200, '{}']);
      }
      const { runs, spansOf, detail } = await shownOf(started.file);
      assert.deepEqual(
        runs.map(run => [run.name, run.cost, run.sessionId]),
        [['claude_code.session', 0.0125, 's1']],
      );
      const seen = await spansOf(runs[0]?.runId ?? '');
      assert.deepEqual(
        seen.map(span => [span.name, span.kind, span.status, span.depth]),
        [
          ['claude_code.session', 'agent', 'running', 0],
          ['claude_code.interaction', 'agent', 'ok', 1],
          ['claude_code.llm_request', 'llm', 'ok', 2],
          ['claude_code.tool', 'tool', 'error', 2],
        ],
      );
      const [, turn, call, tool] = seen;
      assert.equal((call?.end ?? 0) - (call?.start ?? 0), 1500);
      assert.deepEqual(
        [call?.model, call?.usage.input, call?.usage.cacheRead, call?.usage.output, call?.cost],
        ['claude-haiku-4-5', 100, 2000, 50, 0.0125],
      );
      assert.deepEqual([turn?.start, turn?.end], [1795474950000, 1795474953000]);
      assert.equal(tool?.error, 'no such command');
      const text = async (id = '') => (await detail(id)).metadata?.text ?? '{}';
      assert.equal(JSON.parse(await text(turn?.spanId)).input, 'Count the files.');
      assert.deepEqual(JSON.parse(await text(tool?.spanId)).tool_input, { command: 'lss' });
      assert.doesNotMatch(await text(call?.spanId), /user@example/);
    });
  }

  it('tell whether the model answered at last', async () => {
    const started = await receiveInto(folder);
    ({ receiver } = started);
    const turnNow = () =>
      rowsIn(
        started.file,
        "SELECT status, error FROM spans WHERE name = 'claude_code.interaction'",
      ).map(row => [row.status, row.error]);
    await send(`${receiver.url}/v1/logs`, said(prompt, overloaded));
    assert.deepEqual(turnNow(), [['error', 'Overloaded']]);
    const later = { ...first, request_id: 'req_2', model: 'claude-haiku-4-5' };
    await send(`${receiver.url}/v1/logs`, said(record('api_request', later, 56)));
    assert.deepEqual(turnNow(), [['ok', null]]);
    // What came late, of what was before, changes nothing.
    await send(`${receiver.url}/v1/logs`, said(record('api_error', { ...first, error: 'x' }, 55)));
    assert.deepEqual(turnNow(), [['ok', null]]);
  });

  it('give way to spans of their session, also after another start', async () => {
    const started = await receiveInto(folder);
    ({ receiver } = started);
    await send(`${receiver.url}/v1/logs`, said(prompt, answered, ran));
    const names = () =>
      rowsIn(started.file, 'SELECT DISTINCT run_id FROM spans').map(row => row.run_id);
    assert.equal(names().length, 1);
    await send(`${receiver.url}/v1/traces`, traces(call));
    assert.deepEqual(names(), [traceId]);
    await receiver.close();
    receiver = await startReceiver({ file: started.file, port: 0, worker });
    const more = { 'prompt.id': 'p2', request_id: 'req_9', model: 'claude-haiku-4-5' };
    await send(`${receiver.url}/v1/logs`, said(record('api_request', more, 57)));
    assert.deepEqual(names(), [traceId]);
  });

  it('do not give way to the span of a program around Claude Code', async () => {
    const started = await receiveInto(folder);
    ({ receiver } = started);
    const within = { traceId: 'b'.repeat(32), spanId: 'b'.repeat(16) };
    await send(
      `${receiver.url}/v1/logs`,
      said({ ...prompt, ...within }, { ...answered, ...within }),
    );
    const names = () =>
      rowsIn(started.file, 'SELECT name FROM spans ORDER BY name').map(row => row.name);
    const made = ['claude_code.interaction', 'claude_code.llm_request', 'claude_code.session'];
    assert.deepEqual(names(), made);
    await send(`${receiver.url}/v1/traces`, traces(aSpan({ ...within, name: 'around' })));
    assert.deepEqual(names(), ['around', ...made]);
    const own = aSpan({ ...within, name: 'claude_code.interaction' });
    await send(`${receiver.url}/v1/traces`, traces(own));
    assert.deepEqual(names(), ['claude_code.interaction']);
  });
});
