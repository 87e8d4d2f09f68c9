import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Anthropic from '@anthropic-ai/sdk';
import { AgentTracer, instrumentAnthropic } from '../../src/tracer/main.ts';
import { type Json, startMessagesApi } from '../tools/messagesApi.ts';
import { tempFolder } from './python.ts';
import { cost, key, model, recordedSdk, request, textAnswer, toolAnswer } from './recordedSdk.ts';
import { clock, runsIn } from './views.ts';

describe('The tracer with the real SDK', () => {
  const start = recordedSdk();

  it('records the tool runner: its calls and its tools, linked by their ids', async () => {
    const { client, tracer, recorded } = await start(
      { message: toolAnswer },
      { message: textAnswer },
    );
    const tools = [
      {
        type: 'custom' as const,
        name: 'search',
        input_schema: { type: 'object' as const },
        parse: (input: unknown) => input as { query: string },
        run: async ({ query }: { query: string }) => {
          await sleep(2);
          return `found ${query}`;
        },
      },
      {
        type: 'custom' as const,
        name: 'clock',
        input_schema: { type: 'object' as const },
        parse: (input: unknown) => input,
        run: () => {
          throw new Error('no clock here');
        },
      },
    ];
    const own = tools.map(tool => tool.run);
    const final = await tracer.run('agent', undefined, async () =>
      client.beta.messages.toolRunner({ ...request, tools, max_iterations: 3 }),
    );
    assert.deepEqual(final.content, textAnswer.content);
    assert.deepEqual(
      tools.map(tool => tool.run),
      own,
      "the agent's tools are as they were",
    );
    const all = await recorded();
    const run = all[0]!;
    assert.deepEqual(
      all.map(({ row }) => [row.name, row.status, row.parentSpanId === run.row.spanId]),
      [
        ['agent', 'ok', false],
        [`chat ${model}`, 'ok', true],
        ['search', 'ok', true],
        ['clock', 'error', true],
        [`chat ${model}`, 'ok', true],
      ],
    );
    const [search, clockTool] = [all[2]!.metadata, all[3]!];
    const { tool_name, tool_input, tool_use_id, tool_result } = search;
    assert.deepEqual(
      [tool_name, tool_input, tool_use_id, tool_result],
      ['search', { query: 'answer', deep: { n: [1, 2] } }, 'toolu_1', 'found answer'],
    );
    assert.deepEqual(
      [clockTool.row.error, clockTool.metadata.tool_use_id],
      ['no clock here', 'toolu_2'],
    );
    const { file } = search.source as Json;
    assert.match(String(file), /anthropicSdkTools\.test\.ts$/, 'not where the SDK calls it');
    const { messages } = all[4]!.metadata.request as { messages: { content: Json[] }[] };
    assert.deepEqual(messages.at(-1)?.content[0]?.content, 'found answer');
  });

  it('records the tool runner that streams and starts tools early', async () => {
    const { client, tracer, recorded } = await start(
      { message: toolAnswer, betweenMs: 1 },
      { message: textAnswer },
    );
    const run = (_: unknown, context?: { toolUse: { id: string } }) => `for ${context?.toolUse.id}`;
    const tools = ['search', 'clock'].map(name => ({
      type: 'custom' as const,
      name,
      input_schema: { type: 'object' as const },
      parse: (input: unknown) => input,
      run,
    }));
    const params = { ...request, tools, stream: true as const, runToolsEagerly: true };
    const texts: string[] = [];
    await tracer.run('agent', undefined, async () => {
      for await (const stream of client.beta.messages.toolRunner(params)) {
        stream.on('text', text => texts.push(text));
        await stream.done();
      }
    });
    const [run0, ...all] = await recorded();
    assert.deepEqual(
      all.map(({ row, metadata }) => [row.name, row.status, metadata.tool_result]).sort(),
      [
        [`chat ${model}`, 'ok', undefined],
        [`chat ${model}`, 'ok', undefined],
        ['clock', 'ok', 'for toolu_2'],
        ['search', 'ok', 'for toolu_1'],
      ],
    );
    assert.ok(all.every(({ row }) => row.parentSpanId === run0?.row.spanId));
    const [first, last] = all.filter(({ metadata }) => metadata.kind === 'llm');
    assert.deepEqual([first?.metadata.response, last?.metadata.response], [toolAnswer, textAnswer]);
    assert.equal(texts.join(''), 'Let me look.Forty-two, äöü 🙂.');
  });

  it('is read by our reader: cost, conversation, and the cause of a failed tool', async () => {
    const folder = tempFolder();
    const api = await startMessagesApi((_, count) => ({
      message: count === 0 ? toolAnswer : textAnswer,
    }));
    try {
      const file = path.join(folder, 'agent_traces.db');
      const tracer = new AgentTracer({ file, git: false, signals: false });
      const client = instrumentAnthropic(
        new Anthropic({ apiKey: key, baseURL: api.baseURL }),
        tracer,
      );
      const search = tracer.tracedTool(
        'search',
        (block: { id: string; input: unknown }) => {
          throw new Error(`no index for ${JSON.stringify(block.input)}`);
        },
        { toolUseId: block => block.id },
      );
      const failing = tracer.run('agent', undefined, async () => {
        const answer = await client.messages.create(request);
        for (const block of answer.content) if (block.type === 'tool_use') search(block);
      });
      await assert.rejects(failing, /no index/);
      await tracer.close();
      const { reader, runs } = await runsIn(file);
      assert.equal(runs[0]?.status, 'error');
      assert.ok(Math.abs((runs[0]?.cost ?? 0) - cost) < 1e-12);
      const { span, cause } = await reader.span(file, runs[0]?.failingSpanId ?? '', clock());
      assert.deepEqual([span.toolName, cause?.rule], ['search', 'tool-use-id']);
      const asked = await reader.span(file, cause?.span.spanId ?? '', clock());
      assert.equal(asked.span.usage.cacheWrite1h, 400);
      assert.ok(!fs.readFileSync(file).includes(key));
    } finally {
      await api.close();
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});
