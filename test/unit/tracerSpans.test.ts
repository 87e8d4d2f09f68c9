import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { priceTableVersion } from '../../src/core/priceTable.ts';
import {
  AgentTracer,
  MemoryBackend,
  type SpanRow,
  type TracerOptions,
} from '../../src/tracer/main.ts';

function memoryTracer(options: TracerOptions = {}) {
  const memory = new MemoryBackend();
  const said: string[] = [];
  const log = {
    error: (message: string) => said.push(`error: ${message}`),
    info: (message: string) => said.push(`info: ${message}`),
  };
  const tracer = new AgentTracer({ backend: memory, log, git: false, signals: false, ...options });
  /** What was recorded, by name; each name stands for one span. */
  const rows = async (): Promise<Map<string, SpanRow>> => {
    assert.equal(await tracer.flush(), true);
    return new Map([...memory.spans.values()].map(row => [row.name, row]));
  };
  /** `child < parent` for each span, sorted. */
  const tree = async (): Promise<string[]> => {
    await tracer.flush();
    const parent = (row: SpanRow) => memory.spans.get(row.parentSpanId ?? '')?.name ?? '-';
    return [...memory.spans.values()].map(row => `${row.name} < ${parent(row)}`).sort();
  };
  return { tracer, memory, said, rows, tree };
}

const metadataOf = (row: SpanRow | undefined) => JSON.parse(row?.metadata ?? 'null');

describe('The tracer', () => {
  it('records a run with its input, output and totals, and gives what the function gives', async () => {
    const { tracer, rows } = memoryTracer({ sessionId: 's1', user: 'u1', tags: { env: 'test' } });
    const before = Date.now();
    const answer = await tracer.run('agent', { question: 'why?' }, async () => {
      await tracer.span('llm', { kind: 'llm' }, async span => {
        await sleep(5);
        span.recordLlmCall('claude-haiku-4-5-20251001', { input_tokens: 1000, output_tokens: 200 });
      });
      return 'because';
    });
    assert.equal(answer, 'because');
    const found = await rows();
    const run = found.get('agent')!;
    const llm = found.get('llm')!;
    assert.deepEqual(
      [run.runId, run.parentSpanId, run.status, run.inputTokens, run.costUsd],
      [run.spanId, undefined, 'ok', 0, 0],
    );
    assert.deepEqual(
      [llm.runId, llm.parentSpanId, llm.model, llm.inputTokens, llm.outputTokens],
      [run.spanId, run.spanId, 'claude-haiku-4-5-20251001', 1000, 200],
    );
    assert.ok(Math.abs((llm.costUsd ?? 0) - (1000 * 1 + 200 * 5) / 1e6) < 1e-12);
    assert.ok(
      run.startTime * 1000 >= before - 25 && run.startTime * 1000 < before + 5000,
      'seconds',
    );
    assert.ok(
      (llm.endTime ?? 0) - llm.startTime >= 0.0035 && (run.endTime ?? 0) >= (llm.endTime ?? 0),
    );
    const { source, ...metadata } = metadataOf(run);
    assert.deepEqual(metadata, {
      kind: 'agent',
      input: { question: 'why?' },
      session_id: 's1',
      user_id: 'u1',
      tags: { env: 'test' },
      output: 'because',
      versions: { node: process.versions.node },
      price_version: priceTableVersion,
      totals: {
        spans: 2,
        llm_calls: 1,
        failed_spans: 0,
        input_tokens: 1000,
        output_tokens: 200,
        cost_usd: llm.costUsd,
        priced_cost_usd: llm.costUsd,
        unpriced_calls: 0,
      },
    });
    assert.match(source.file, /tracerSpans\.test\.ts$/);
  });

  it('nests parallel tools, sub-agents and runs each below its own', async () => {
    const { tracer, tree } = memoryTracer();
    const branch = (name: string) =>
      tracer.span(name, {}, async () => {
        await sleep(Math.random() * 5);
        await tracer.run(`sub of ${name}`, undefined, async () => {
          await sleep(Math.random() * 5);
          tracer.span(`tool of ${name}`, {}, () => undefined);
        });
      });
    await Promise.all([
      tracer.run('one', undefined, () => Promise.all([branch('a'), branch('b')])),
      tracer.run('two', undefined, () => branch('c')),
    ]);
    assert.deepEqual(await tree(), [
      'a < one',
      'b < one',
      'c < two',
      'one < -',
      'sub of a < a',
      'sub of b < b',
      'sub of c < c',
      'tool of a < sub of a',
      'tool of b < sub of b',
      'tool of c < sub of c',
      'two < -',
    ]);
  });

  it('marks what throws, at once or later, and throws it on as it is', async () => {
    const { tracer, rows } = memoryTracer();
    const error = new Error('no such table');
    const thrown = (work: () => unknown) =>
      assert.rejects(
        async () => work(),
        (got: unknown) => got === error,
      );
    await thrown(() =>
      tracer.run('run', undefined, async () => {
        tracer.span('sync', {}, () => {
          throw error;
        });
      }),
    );
    await thrown(() => tracer.span('later', {}, () => Promise.reject(error)));
    const found = await rows();
    for (const name of ['run', 'sync', 'later']) {
      const row = found.get(name);
      assert.deepEqual([row?.status, row?.error], ['error', 'no such table'], name);
    }
    assert.equal(metadataOf(found.get('run')).totals.failed_spans, 2);
  });

  it('follows a generator to its last item, and its steps run inside the span', async () => {
    const { tracer, tree, rows } = memoryTracer();
    const stream = () =>
      tracer.span('stream', {}, async function* () {
        for (const item of [1, 2, 3]) {
          await sleep(1);
          tracer.span(`item ${item}`, {}, () => undefined);
          yield item;
        }
      });
    const got: number[] = [];
    await tracer.run('run', undefined, async () => {
      for await (const item of stream()) {
        tracer.span(`reader ${item}`, {}, () => undefined);
        got.push(item);
        if (item === 2) break;
      }
    });
    assert.deepEqual(got, [1, 2]);
    assert.deepEqual(await tree(), [
      'item 1 < stream',
      'item 2 < stream',
      'reader 1 < run',
      'reader 2 < run',
      'run < -',
      'stream < run',
    ]);
    assert.equal((await rows()).get('stream')?.status, 'ok', 'a reader that stops early ends it');
  });

  it('ends handles with their block, right also when opened side by side', async () => {
    const { tracer, tree, rows } = memoryTracer();
    const part = async (name: string) => {
      using span = tracer.startSpan(name);
      await sleep(1);
      await span.span(`in ${name}`, {}, async () => undefined);
    };
    await tracer.run('run', undefined, () => Promise.all([part('a'), part('b')]));
    {
      await using run = tracer.startRun('handle', { q: 1 }, { current: true });
      await tracer.span('below the handle', {}, async () => undefined);
      run.fail(new TypeError('wrong'));
    }
    assert.equal(tracer.current, undefined);
    tracer.run('early', undefined, run => {
      run.end();
      assert.equal(
        tracer.current,
        run,
        'a span that ended early is current as long as its function',
      );
    });
    assert.deepEqual(await tree(), [
      'a < run',
      'b < run',
      'below the handle < handle',
      'early < -',
      'handle < -',
      'in a < a',
      'in b < b',
      'run < -',
    ]);
    const handle = (await rows()).get('handle');
    assert.deepEqual([handle?.status, handle?.error], ['error', 'wrong']);
  });

  it('keeps metadata as it was when the span ended', async () => {
    const { tracer, rows } = memoryTracer();
    const messages = ['first'];
    tracer.span('llm', { metadata: { request: { messages } } }, span => {
      span.metadata.result_length = 3;
    });
    messages.push('second');
    const { request, result_length } = metadataOf((await rows()).get('llm'));
    assert.deepEqual([request, result_length], [{ messages: ['first'] }, 3]);
  });

  it('keeps events with their span and time, and none after its end', async () => {
    const { tracer, memory, rows } = memoryTracer();
    const span = tracer.startSpan('tool');
    span.event('retry', { attempt: 2, wait_ms: 10.5 });
    span.within(() => tracer.event('context_truncated'));
    span.end();
    span.event('too late');
    const row = (await rows()).get('tool')!;
    assert.deepEqual(
      memory.events.map(event => [event.name, event.spanId, JSON.parse(event.attributes)]),
      [
        ['retry', row.spanId, { attempt: 2, wait_ms: 10.5 }],
        ['context_truncated', row.spanId, {}],
      ],
    );
    const [first] = memory.events;
    assert.ok(first && first.time >= row.startTime && first.time <= (row.endTime ?? 0));
  });

  it('leaves a call of unknown price without a cost, and says so once for each model', async () => {
    const { tracer, rows, said } = memoryTracer();
    tracer.run('run', undefined, () => {
      for (const name of ['a', 'b']) {
        tracer.span(name, {}, () =>
          tracer.recordLlmCall('some-model-9', { input_tokens: 5, output_tokens: 1 }),
        );
      }
    });
    const found = await rows();
    assert.equal(found.get('a')?.costUsd, undefined);
    const { totals } = metadataOf(found.get('run'));
    assert.deepEqual([totals.cost_usd, totals.unpriced_calls], [null, 2]);
    assert.equal(said.filter(line => line.includes('some-model-9')).length, 1);
  });

  it('shows an open span as running once it is flushed, and its end after that', async () => {
    const { tracer, rows } = memoryTracer();
    const span = tracer.startSpan('long');
    const open = (await rows()).get('long');
    assert.deepEqual([open?.status, open?.endTime], ['running', undefined]);
    span.end();
    assert.equal((await rows()).get('long')?.status, 'ok');
  });

  it('has each row looked through, and keeps no content that this failed for', async () => {
    const { tracer, rows, memory, said } = memoryTracer({
      redact: row => {
        if (row.name === 'breaks') throw new Error('bad pattern');
        return row.type === 'span' ? { ...row, metadata: { seen: true } } : row;
      },
    });
    tracer.span('tool', { metadata: { key: 'sk-1' } }, () => undefined);
    tracer.span('breaks', { metadata: { key: 'sk-2' } }, span =>
      span.event('breaks', { key: 'sk-3' }),
    );
    assert.deepEqual(metadataOf((await rows()).get('tool')), { seen: true });
    assert.doesNotMatch(JSON.stringify([...memory.spans.values(), memory.events]), /sk-/);
    assert.equal(said.length, 1);
  });

  it('records nothing when it is off, and calls all the same', async () => {
    const { tracer, memory } = memoryTracer({ enabled: false });
    const nested = tracer.run('run', 1, () => tracer.span('tool', {}, () => tracer.current?.name));
    assert.equal(nested, 'tool');
    await tracer.flush();
    assert.equal(memory.spans.size, 0);
  });

  it('says where a span was opened, unless told not to', async () => {
    const { tracer, rows } = memoryTracer();
    function openHere() {
      tracer.span('here', {}, () => undefined);
    }
    openHere();
    const { source } = metadataOf((await rows()).get('here'));
    assert.equal(source.function, 'openHere');
    assert.ok(source.line > 1);
    const off = memoryTracer({ source: false });
    off.tracer.span('here', {}, () => undefined);
    assert.equal(metadataOf((await off.rows()).get('here')).source, undefined);
  });

  it('keeps parents right over a thousand runs that interleave', async () => {
    const { tracer, memory } = memoryTracer({ source: false });
    let seed = 1;
    const random = (below: number): number => {
      seed = (seed * 48271) % 2147483647;
      return seed % below;
    };
    const pause = async (): Promise<void> => {
      const kind = random(4);
      if (kind === 0) await new Promise(resolve => setImmediate(resolve));
      else if (kind === 1) await sleep(random(4));
      else if (kind === 2) await Promise.resolve();
    };
    /** Every span keeps the path by which it was opened; that must be the path of its parents. */
    const grow = async (path: string, depth: number): Promise<void> => {
      await pause();
      const children = Array.from({ length: depth === 0 ? 0 : 1 + random(3) }, (_, i) => {
        const name = `${path}/${i}`;
        return tracer.span(name, {}, () => grow(name, depth - 1));
      });
      await pause();
      await Promise.all(children);
    };
    const runs = Array.from({ length: 1000 }, (_, i) =>
      tracer.run(`${i}`, undefined, () => grow(`${i}`, 2)),
    );
    await Promise.all(runs);
    await tracer.flush();
    let checked = 0;
    for (const row of memory.spans.values()) {
      const path = row.name.split('/');
      const parent = memory.spans.get(row.parentSpanId ?? '');
      assert.equal(parent?.name, path.length === 1 ? undefined : path.slice(0, -1).join('/'));
      assert.equal(memory.spans.get(row.runId)?.name, path[0]);
      assert.equal(row.status, 'ok');
      checked++;
    }
    assert.ok(checked > 3000, `${checked} spans`);
  });
});
