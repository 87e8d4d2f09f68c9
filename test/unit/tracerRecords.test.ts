import assert from 'node:assert/strict';
import os from 'node:os';
import { priceTableVersion } from '../../src/core/priceTable.ts';
import type { AgentTracer, TracerOptions } from '../../src/tracer/main.ts';
import { memoryTracer } from './support/memoryTracer.ts';

const secret = 'sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789-ABCDEFGHIJ';

async function oneCall(tracer: AgentTracer): Promise<void> {
  const metadata = {
    request: {
      model: 'claude-haiku-4-5',
      max_tokens: 9,
      messages: [{ role: 'user', content: `key ${secret}` }],
    },
    headers: { 'x-api-key': secret, Authorization: `Bearer ${secret}`, accept: 'text' },
  };
  const failing = tracer.run('run', { question: `mine is ${secret}` }, async () => {
    tracer.event('noticed', { text: secret, attempt: 2 });
    await tracer.span('call', { kind: 'llm', metadata }, async span => {
      span.recordLlmCall('claude-haiku-4-5', { input_tokens: 10, output_tokens: 1 });
    });
    throw new Error(`no access with ${secret}`);
  });
  await assert.rejects(failing);
}

describe('The redaction of the tracer', () => {
  it('in full takes secrets out of fields, events and errors, and says so', async () => {
    const { tracer, rows, memory } = memoryTracer({ redaction: 'full' });
    await oneCall(tracer);
    const found = await rows();
    const { fields } = found.get('call')!;
    assert.deepEqual(fields.request.model, 'claude-haiku-4-5');
    assert.match(fields.request.messages[0].content, /^key \[redacted:/);
    assert.equal(typeof fields.redacted, 'object');
    assert.match(found.get('run')?.error ?? '', /^no access with \[redacted:/);
    assert.ok(!JSON.stringify([...found.values(), memory.events]).includes('abcdefghijkl'));
  });

  it('as metadata keeps figures and names, and no text', async () => {
    const { tracer, rows, memory } = memoryTracer({ redaction: 'metadata' });
    await oneCall(tracer);
    const found = await rows();
    const { fields } = found.get('call')!;
    assert.deepEqual(fields.request, { model: 'claude-haiku-4-5', max_tokens: 9 });
    assert.deepEqual([fields.usage.input_tokens, fields.headers], [10, undefined]);
    const run = found.get('run')!;
    assert.deepEqual(
      [run.fields.input, run.fields.totals?.llm_calls, run.error],
      [undefined, 1, '[redacted:content]'],
    );
    assert.deepEqual(JSON.parse(memory.events[0]?.attributes ?? '').attempt, 2);
    assert.ok(!JSON.stringify([...found.values(), memory.events]).includes('abcdefghijkl'));
  });

  it('off keeps everything but the headers that carry keys', async () => {
    const { tracer, rows } = memoryTracer({ redaction: 'off' });
    await oneCall(tracer);
    const { fields } = (await rows()).get('call')!;
    assert.deepEqual([Object.keys(fields.headers), fields.headers.accept], [['accept'], 'text']);
    assert.equal(fields.request.messages[0].content, `key ${secret}`);
  });

  it('left out keeps everything but fields named like headers that carry keys, wherever they stand', async () => {
    const { tracer, rows, memory } = memoryTracer({});
    await oneCall(tracer);
    const server = { type: 'url', name: 'docs', authorization_token: secret };
    const metadata = {
      authorization: secret,
      request: { mcp_servers: [server], list: [1, { headers: { 'X-API-Key': secret, n: 1 } }] },
      map: new Map([['proxy-authorization', secret]]),
      max_tokens: 5,
    };
    tracer.span('deep', { metadata }, span => span.event('sent', { headers: { cookie: secret } }));
    const found = await rows();
    assert.equal(found.get('call')?.fields.request.messages[0].content, `key ${secret}`);
    assert.deepEqual(found.get('call')?.fields.headers, { accept: 'text' });
    const { authorization, request, map, max_tokens } = found.get('deep')!.fields;
    assert.deepEqual(
      [authorization, request, map, max_tokens],
      [
        undefined,
        { mcp_servers: [{ type: 'url', name: 'docs' }], list: [1, { headers: { n: 1 } }] },
        {},
        5,
      ],
    );
    assert.equal(server.authorization_token, secret, 'the agent still has it');
    assert.deepEqual(
      memory.events.filter(({ name }) => name === 'sent').map(event => event.attributes),
      ['{"headers":{}}'],
    );
  });

  it('in full takes secrets out of the names of events and models', async () => {
    const { tracer, memory } = memoryTracer({ redaction: 'full' });
    tracer.span('call', {}, span => {
      span.event(`login ${secret}`);
      span.recordLlmCall(`acme ${secret}`, {});
    });
    await tracer.flush();
    const [span] = memory.spans.values();
    assert.deepEqual(
      [memory.events[0]?.name, span?.model],
      ['login [redacted:api-key]', 'acme [redacted:api-key]'],
    );
  });

  it('cuts texts to a limit and says what was cut; a function of its own that fails cuts all', async () => {
    const broken = (): string => {
      throw new Error('oops');
    };
    const cut = memoryTracer({ redaction: { limits: { value: 64 } } });
    cut.tracer.startRun('long', 'x'.repeat(500)).end();
    const { fields } = (await cut.rows()).get('long')!;
    assert.ok(fields.input.length <= 64);
    assert.match(fields.redacted.input, /500 characters/);
    const failing = memoryTracer({ redaction: { functions: [broken] } });
    failing.tracer.startRun('failing', 'a word').end();
    await failing.rows();
    assert.equal(failing.said.filter(text => /redaction function failed/.test(text)).length, 1);
  });
});

describe('The record of a run', () => {
  it('says who and what ran; the machine only where that is allowed', async () => {
    const options = { user: 'u1', sessionId: 's1', versions: { agent: '1.2.3' } };
    for (const host of [false, true]) {
      const { tracer, rows } = memoryTracer({ ...options, host });
      await tracer.run('outer', undefined, () => tracer.run('inner', undefined, async () => 1));
      const found = await rows();
      const { fields } = found.get('outer')!;
      assert.deepEqual(
        [fields.user_id, fields.session_id, fields.versions, fields.price_version],
        ['u1', 's1', { node: process.versions.node, agent: '1.2.3' }, priceTableVersion],
      );
      assert.deepEqual(
        fields.host,
        host ? { name: os.hostname(), platform: process.platform, pid: process.pid } : undefined,
      );
      assert.equal(found.get('inner')?.fields.versions, undefined, 'once per run');
    }
  });
});

describe('The cost of a call', () => {
  it('uses prices of the user first, and says which of them make no sense', async () => {
    const prices = { 'acme-large-2': { input: 2, output: 8 }, broken: { input: -1, output: 1 } };
    const { tracer, rows, said } = memoryTracer({ prices });
    tracer.span('call', {}, span =>
      span.recordLlmCall('acme-large-2', { input_tokens: 1e6, output_tokens: 1e6 }),
    );
    tracer.startRun('run').end();
    const found = await rows();
    assert.equal(found.get('call')?.costUsd, 10);
    assert.equal(found.get('run')?.fields.price_version, `${priceTableVersion} and own`);
    assert.deepEqual(said, ['the option prices: broken: input is not a number of 0 or more']);
  });

  it('counts what the API did by itself, and knows no price of another tier', async () => {
    const { tracer, rows, said } = memoryTracer({});
    const model = 'claude-haiku-4-5';
    const usage = { input_tokens: 10, output_tokens: 5 };
    const compaction = { type: 'compaction', input_tokens: 180_000, output_tokens: 3500 };
    tracer.span('compacts', {}, span =>
      span.recordLlmCall(model, { ...usage, iterations: [compaction] }),
    );
    tracer.span('fast', {}, span => span.recordLlmCall(model, { ...usage, speed: 'fast' }));
    const found = await rows();
    const cost = (10 + 180_000 + (5 + 3500) * 5) / 1e6;
    assert.ok(Math.abs((found.get('compacts')?.costUsd ?? 0) - cost) < 1e-12);
    assert.deepEqual([found.get('fast')?.costUsd, found.get('fast')?.model], [undefined, model]);
    assert.match(
      said.join('\n'),
      /^the price of claude-haiku-4-5 at this service tier or speed is/,
    );
  });

  it('is unknown for an unknown model, which is said once', async () => {
    const { tracer, rows, said } = memoryTracer({});
    for (const name of ['a', 'b']) {
      tracer.span(name, {}, span => span.recordLlmCall('acme-1', { input_tokens: 5 }));
    }
    assert.equal((await rows()).get('b')?.costUsd, undefined);
    assert.deepEqual(said.length, 1);
    assert.match(said[0] ?? '', /acme-1/);
  });
});

describe('A traced tool', () => {
  it('takes and gives what the function does, and records both', async () => {
    const { tracer, rows } = memoryTracer({});
    const add = tracer.tracedTool('add', (a: number, b: number) => a + b);
    const read = tracer.tracedTool('read', async (path: string) => `text of ${path}`, {
      toolUseId: path => `id of ${path}`,
    });
    const fails = tracer.tracedTool('fails', () => {
      throw new TypeError('broken');
    });
    const self = {
      word: 'me',
      get: tracer.tracedTool('get', function (this: { word: string }) {
        return this.word;
      }),
    };
    assert.equal(add(2, 3), 5);
    assert.equal(await read('a.txt'), 'text of a.txt');
    assert.throws(fails, TypeError);
    assert.equal(self.get(), 'me');
    const found = await rows();
    const { kind, tool_name, tool_input, tool_result, tool_use_id, result_length } =
      found.get('read')!.fields;
    assert.deepEqual(
      [kind, tool_name, tool_input, tool_result, tool_use_id, result_length],
      ['tool', 'read', 'a.txt', 'text of a.txt', 'id of a.txt', 13],
    );
    assert.deepEqual(
      [found.get('add')?.fields.tool_input, found.get('add')?.fields.tool_result],
      [[2, 3], 5],
    );
    assert.deepEqual([found.get('fails')?.status, found.get('fails')?.error], ['error', 'broken']);
  });

  it('records what it was given, also if the tool changes that', async () => {
    const { tracer, rows } = memoryTracer({});
    const sort = tracer.tracedTool('sort', (list: number[]) => {
      list.sort().push(99);
      return list;
    });
    assert.deepEqual(sort([3, 1, 2]), [1, 2, 3, 99]);
    const { tool_input, tool_result } = (await rows()).get('sort')!.fields;
    assert.deepEqual(
      [tool_input, tool_result],
      [
        [3, 1, 2],
        [1, 2, 3, 99],
      ],
    );
  });
});

describe('The input of a run', () => {
  async function recorded(
    options: TracerOptions,
    work: (metadata: Record<string, unknown>) => void,
  ) {
    const { tracer, rows } = memoryTracer(options);
    const messages = [{ role: 'user', content: 'first' }];
    const open = await tracer.run('run', { messages }, async run => {
      messages.push({ role: 'assistant', content: 'second' });
      work(run.metadata);
      return (await rows()).get('run')!.fields.input;
    });
    const { fields } = (await rows()).get('run')!;
    return { open, input: fields.input };
  }
  const first = { messages: [{ role: 'user', content: 'first' }] };

  it('is that of its beginning, while it runs and at its end', async () => {
    assert.deepEqual(await recorded({}, () => undefined), { open: first, input: first });
  });

  it('is what the agent sets in its place', async () => {
    const { input } = await recorded({}, metadata => {
      metadata.input = 'mine';
    });
    assert.equal(input, 'mine');
  });

  it('is looked through by redaction, and by a function that takes it by its path', async () => {
    const { input } = await recorded(
      { redaction: { paths: ['input.messages[*].content'] } },
      () => undefined,
    );
    assert.deepEqual(input, { messages: [{ role: 'user', content: '[redacted:path]' }] });
    const own = await recorded(
      {
        redact: row => {
          const given = row.type === 'span' ? row.metadata.input : undefined;
          assert.ok(Array.isArray((given as typeof first | undefined)?.messages));
          return row;
        },
      },
      () => undefined,
    );
    assert.deepEqual(own.input, first);
  });
});
