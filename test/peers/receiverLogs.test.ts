import assert from 'node:assert/strict';
import fs from 'node:fs';
import type { Receiver } from '../../src/node/receiver.ts';
import { tempFolder } from './python.ts';
import { aSpan, attribute, receiveInto, rowsIn, send, shownOf, traces } from './receiving.ts';

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
const record = (event: string, values: Values) => ({
  timeUnixNano: '1795474998600000000',
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
  for (const [order, sent] of [
    ['before their spans', [records, spans]],
    ['after their spans', [spans, records]],
    ['twice, and spans again', [spans, records, records, spans]],
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
});
