import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { callSiteAbove, placeIn } from '../../src/node/callSite.ts';
import {
  type ExportResult,
  type ReadableOtelSpan,
  type Redact,
  TraceFileExporter,
  TraceFileProcessor,
} from '../../src/tracer/main.ts';
import { memoryTracer } from './support/memoryTracer.ts';

const secret = 'sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789';
const refuses = (word: string): never => {
  throw new Error(word);
};

/** A span of OpenTelemetry as a program without types may make it. */
const otelSpan = (odd: object): ReadableOtelSpan => ({
  name: 'step',
  spanContext: () => ({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 }),
  startTime: [1, 0],
  endTime: [2, 0],
  status: { code: 0 },
  attributes: {},
  events: [],
  resource: { attributes: {} },
  ...odd,
});

describe('What is odd in one span of OpenTelemetry', () => {
  it('is recorded where it can be: a name that is no text', async () => {
    const { tracer, rows, said } = memoryTracer();
    const processor = new TraceFileProcessor(tracer);
    const span = otelSpan({ name: undefined });
    processor.onStart(span);
    assert.equal((await rows()).get('undefined')?.status, 'running');
    processor.onEnd(span);
    assert.equal((await rows()).get('undefined')?.status, 'ok');
    assert.deepEqual(said, []);
  });

  it('costs no other row and is said once, while it is open and when it ends', async () => {
    const { tracer, rows, said } = memoryTracer();
    const processor = new TraceFileProcessor(tracer);
    tracer.run('mine', undefined, () => 1);
    const broken = otelSpan({});
    Object.defineProperty(broken, 'attributes', { get: () => refuses('no attributes') });
    processor.onStart(broken);
    processor.onStart(otelSpan({}));
    assert.equal(await tracer.flush(), true);
    processor.onEnd(broken);
    assert.deepEqual([...(await rows()).keys()].sort(), ['mine', 'step']);
    assert.deepEqual(said, [
      'a span could not be recorded: no attributes',
      'a span of OpenTelemetry: no attributes',
    ]);
  });

  it('leaves no exporter without an answer', async () => {
    const { tracer } = memoryTracer({
      log: { error: () => refuses('log'), info: () => refuses('log') },
      redact: () => refuses('redact'),
    });
    const result = await new Promise<ExportResult>(done =>
      new TraceFileExporter(tracer).export([otelSpan({})], done),
    );
    assert.deepEqual(result, { code: 0 });
  });
});

describe('A redact function that gives no row', () => {
  const given: Readonly<Record<string, (row: { type: string }) => unknown>> = {
    nothing: () => undefined,
    null: () => null,
    'a promise': async row => row,
    'a promise that fails': async () => refuses('later'),
    'a row without fields': ({ type }) => ({ type, name: 'a' }),
    'a row of another type': row => ({ ...row, type: row.type === 'span' ? 'event' : 'span' }),
  };
  for (const [what, redact] of Object.entries(given)) {
    it(`but ${what} has the content left out, and the agent goes on`, async () => {
      const { tracer, memory, said } = memoryTracer({ redact: redact as Redact });
      const answer = await tracer.run('run', { key: secret }, async run => {
        run.event('noted', { key: secret });
        return 42;
      });
      assert.equal(answer, 42);
      assert.throws(() => tracer.span('fails', {}, () => refuses(secret)), { message: secret });
      await tracer.flush();
      assert.deepEqual([memory.spans.size, memory.events.length], [2, 2]);
      const all = JSON.stringify([...memory.spans.values(), memory.events]);
      assert.ok(!all.includes(secret), all);
      assert.ok(all.includes('the redact function failed'));
      assert.match(said.join('\n'), /^redact failed, so content was left out: .*$/);
    });
  }
});

describe('The agent goes on', () => {
  it('where fields cannot be read, and the other fields and rows are kept', async () => {
    const { tracer, rows, memory } = memoryTracer();
    const metadata = {
      text: 'x'.repeat(500),
      get odd() {
        return refuses('getter');
      },
      n: 1,
    };
    const span = tracer.span('read', { metadata }, it => {
      Object.defineProperty(it.metadata, 'later', { enumerable: true, get: () => refuses('late') });
      it.event('read', {
        text: 'y'.repeat(500),
        get odd() {
          return refuses('getter');
        },
      });
      it.event('none', null as never);
      return it;
    });
    tracer.run('run', undefined, () => 1, {
      metadata,
      tags: {
        get a() {
          return refuses('tag');
        },
      },
    });
    tracer.span('next', { metadata: { text: 'z'.repeat(500) } }, () => 1);
    const found = await rows();
    const { text, odd, n, later } = found.get('read')!.fields;
    assert.deepEqual([text, odd, n, later], [metadata.text, '[unreadable]', 1, '[unreadable]']);
    assert.equal(found.get('run')?.fields.odd, '[unreadable]');
    assert.equal(found.get('next')?.fields.text, 'z'.repeat(500));
    assert.deepEqual(
      memory.events.map(event => [event.spanId, JSON.parse(event.attributes)]),
      [
        [span.spanId, { text: 'y'.repeat(500), odd: '[unreadable]' }],
        [span.spanId, {}],
      ],
    );
  });

  it('where names and errors are no texts', async () => {
    const { tracer, rows, memory } = memoryTracer();
    const odd = Object.create(null);
    tracer.span(odd, {}, span => {
      span.event(Symbol('s') as never);
      span.recordLlmCall(odd, {});
    });
    const error = Object.assign(new Error('x'), { message: { code: 5 } });
    assert.throws(
      () =>
        tracer.span('fails', {}, () => {
          throw error;
        }),
      (got: unknown) => got === error,
    );
    const found = await rows();
    assert.equal(found.get('an error that cannot be shown')?.status, 'ok');
    assert.equal(found.get('fails')?.error, '[object Object]');
    assert.equal(memory.events[0]?.name, 'Symbol(s)');
  });

  it('where the id of a tool cannot be told: the tool is called all the same', async () => {
    const { tracer, rows } = memoryTracer();
    const tool = tracer.tracedTool('tool', (block?: { id: string }) => block?.id ?? 'none', {
      toolUseId: block => block!.id,
    });
    assert.equal((tool as () => string)(), 'none');
    assert.equal((await rows()).get('tool')?.fields.tool_result, 'none');
  });

  it('where its log fails', async () => {
    const backend = {
      name: 'broken',
      write: () => refuses('disk'),
      flush: async () => true,
      close: async () => undefined,
    };
    const { tracer } = memoryTracer({
      backend,
      log: { error: () => refuses('log'), info: () => refuses('log') },
    });
    tracer.run('run', undefined, () => 1);
    await sleep(150); // What the timer hands over has no caller that could catch.
    assert.equal(await tracer.flush(), false, 'the backend took nothing');
    await tracer.close();
  });

  it('where its code has the address of no file, or stacks cannot be asked for', () => {
    for (const url of ['file://host/a.js', 'file:///a%2Fb.js', 'file:///a%zz.js']) {
      assert.deepEqual(placeIn(`    at f (${url}:3:2)`)?.line, 3, url);
    }
    const { tracer } = memoryTracer();
    const always = memoryTracer({ source: 'always' });
    const own = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit')!;
    Object.defineProperty(Error, 'stackTraceLimit', { ...own, writable: false });
    try {
      assert.throws(() => callSiteAbove(it as never), TypeError, 'as in a program that froze it');
      assert.equal(
        tracer.run('run', undefined, () => 42),
        42,
      );
      assert.equal(
        always.tracer.run('run', undefined, () => 42),
        42,
      );
    } finally {
      Object.defineProperty(Error, 'stackTraceLimit', own);
    }
  });
});

describe('A place in a stack', () => {
  for (const [line, expected] of [
    ['    at async Agent.run (file:///a/b%20c.ts:12:5)', ['/a/b c.ts', 12, 'Agent.run']],
    ['    at /home/me/agent.js:3:1', ['/home/me/agent.js', 3, undefined]],
    ['    at new Thing (/x.js:7:9)', ['/x.js', 7, 'Thing']],
    ['    at node:internal/timers:1:1', undefined],
    ['Error', undefined],
  ] as const) {
    it(`is read from ${line.trim()}`, () => {
      const place = placeIn(line);
      assert.deepEqual(place && [place.file, place.line, place.function], expected);
    });
  }
});
